/**
 * Documents on their way to a peer: others may wait for them here.
 * @module
 */

/** What a peer is bringing just now, and who waits for it. */
export class Arrivals {
  readonly #awaited = new Map<number, PromiseWithResolvers<void>>();
  readonly #brought = new Set<number>();

  /** Whether a document is on its way, or will be. */
  has(number: number): boolean {
    return this.#awaited.has(number);
  }

  /** Whether a document has come here from others. */
  hasBrought(number: number): boolean {
    return this.#brought.has(number);
  }

  /** A document is to be brought. */
  expect(number: number): void {
    if (!this.has(number)) this.#awaited.set(number, Promise.withResolvers());
  }

  /** A document has come. */
  arrive(number: number): void {
    this.#brought.add(number);
    this.#settle(number);
  }

  #settle(number: number): void {
    this.#awaited.get(number)?.resolve();
    this.#awaited.delete(number);
  }

  /** Nothing more will come. */
  settleAll(): void {
    for (const number of [...this.#awaited.keys()]) this.#settle(number);
  }

  /** Waits until a document has come, or will not, or the signal fires; at once if it is not on its way. */
  async wait(number: number, signal: AbortSignal): Promise<void> {
    const awaited = this.#awaited.get(number);
    if (awaited === undefined || signal.aborted) return;
    const given = Promise.withResolvers<void>();
    const giveUp = () => given.resolve();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      await Promise.race([awaited.promise, given.promise]);
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }
}
