/**
 * Telling a holder that is slow from one that has stopped being of use.
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";

/** Slowest pace at which a holder is waited for, in bytes per second: below it a short RFC takes a minute. */
export const slowestBytesPerSecond = 1_024;

/** How long a holder may stay below that pace, in ms: as long as it may be silent. */
export const slowWindowMs = 10_000;

/** Watches the pace of one connection while something is waited for. */
export class SpeedWatch {
  #bytes = 0;
  #windowStartedAt = performance.now();

  /** Begins anew: what comes from now on counts. */
  restart(): void {
    this.#bytes = 0;
    this.#windowStartedAt = performance.now();
  }

  /**
   * Notes that bytes came. Time in which this side did not read, because of its own limit, is left out.
   *
   * @throws {ConnectionLostError} if too few came since the window began.
   */
  note(bytes: number, connection: Connection): void {
    this.#windowStartedAt += connection.takeLimitedMs();
    this.#bytes += bytes;
    const elapsedMs = performance.now() - this.#windowStartedAt;
    if (elapsedMs < slowWindowMs) return;
    if (this.#bytes * 1_000 < slowestBytesPerSecond * elapsedMs) {
      const pace = Math.round(this.#bytes * 1_000 / elapsedMs);
      throw new ConnectionLostError(
        connection.remote,
        `too slow, ${pace} bytes per second where ${slowestBytesPerSecond} are the least`,
        true,
      );
    }
    this.restart();
  }
}
