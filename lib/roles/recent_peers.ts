/**
 * The active peers, as the registration server named them a moment ago.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";

/** For how long that is believed, in ms: as long as nobody asks what there is again. */
export const recentMs = 5_000;

/** The last answer to a PQuery, so that whoever has just asked need not ask again. */
export class RecentPeers {
  readonly #now: () => number;
  #peers: readonly Endpoint[] = [];
  #namedAt = -Infinity;

  /** Nobody was asked yet. @param now The clock, in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The registration server has named these. */
  note(peers: readonly Endpoint[]): void {
    this.#peers = peers;
    this.#namedAt = this.#now();
  }

  /** Those that it named; undefined if that was too long ago. */
  find(): readonly Endpoint[] | undefined {
    return this.#now() - this.#namedAt > recentMs ? undefined : this.#peers;
  }
}
