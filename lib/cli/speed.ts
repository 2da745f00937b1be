/**
 * How fast bytes come just now.
 * @module
 */

/** How long ago bytes count for about a third of those of now, in ms: calm enough to read, quick enough to believe. */
const memoryMs = 3_000;

/** The mean speed of the last few seconds, in which what is longer ago counts less. */
export class Speed {
  readonly #startedAt: number;
  #weighted = 0;
  #at: number;

  /** @param now In ms, as in every call. */
  constructor(now: number) {
    this.#startedAt = now;
    this.#at = now;
  }

  /** Takes note of bytes. */
  add(bytes: number, now: number): void {
    this.#weighted = this.#weightedAt(now) + bytes;
    this.#at = now;
  }

  /** In bytes per second; 0 as long as no time has passed. */
  bytesPerSecond(now: number): number {
    // What the weights of all the time since the start add up to: at first there is less to remember.
    const weightsMs = memoryMs * (1 - Math.exp((this.#startedAt - now) / memoryMs));
    return weightsMs > 0 ? this.#weightedAt(now) / weightsMs * 1_000 : 0;
  }

  #weightedAt(now: number): number {
    return this.#weighted * Math.exp((this.#at - now) / memoryMs);
  }
}
