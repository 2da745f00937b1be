/**
 * Being told to stop.
 * @module
 */

const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/** Fires when the system tells the program to stop. The second time the program ends on the spot. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  readonly #listen = () => {
    if (this.#controller.signal.aborted) Deno.exit(130);
    this.#controller.abort();
  };

  constructor() {
    for (const signal of signals) Deno.addSignalListener(signal, this.#listen);
  }

  /** Aborted when the program is to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Resolves when the program is to stop. */
  get happened(): Promise<void> {
    const { signal } = this;
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  [Symbol.dispose](): void {
    for (const signal of signals) Deno.removeSignalListener(signal, this.#listen);
  }
}
