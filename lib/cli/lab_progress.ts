/**
 * Showing how far experiments are: a line on a terminal.
 * @module
 */
import { type LabSettings, ordersOf } from "../experiment/settings.ts";
import type { Output } from "./output.ts";
import { findTerminal, ProgressDisplay } from "./progress_display.ts";
import { count } from "./quantities.ts";

/** How far the lab is, shown on a terminal until disposed of. */
export class LabProgress implements Disposable {
  readonly #running = new DisposableStack();
  readonly #runs: number;
  #ran = 0;
  #downloads = 0;

  /** @param isTraced Whether messages are shown: a line among them would tear them apart. */
  constructor(settings: LabSettings, output: Output, isTraced: boolean) {
    const { systems, tasks, repeat } = settings;
    const experiments = tasks.reduce((sum, task) => sum + ordersOf(task, settings).length, 0);
    this.#runs = systems.length * experiments * repeat;
    const terminal = findTerminal();
    if (terminal === undefined || isTraced || output.json) return;
    output.overlay = this.#running.use(
      new ProgressDisplay(terminal, (columns) => [this.#line.slice(0, columns)]),
    );
    this.#running.defer(() => output.overlay = undefined);
  }

  /** A download ended. */
  downloaded(): void {
    this.#downloads++;
  }

  /** A run ended. */
  ran(): void {
    this.#ran++;
  }

  [Symbol.dispose](): void {
    this.#running.dispose();
  }

  get #line(): string {
    return `${this.#ran} of ${count(this.#runs, "run")}, ${count(this.#downloads, "download")}`;
  }
}
