/**
 * The time of the protocols, which can run faster than the clock on the wall.
 * @module
 */

/** Fastest that the protocols' time runs: a TTL of 7200 s then takes 0.72 s, which exchanges still fit into. */
export const maxTimeScale = 10_000;

/**
 * A clock for what the protocols count in hours and days: TTLs, signs of life, registrations in 30 days. With a scale
 * all of that passes within a lecture, while messages look as ever. Time limits of the network are none of its
 * business: a reply takes as long as it takes.
 */
export class ProtocolClock {
  /** How much faster than the wall's it runs. */
  readonly scale: number;
  /** The time, in ms since 1970. */
  readonly now: () => number;

  /**
   * A clock that shows the wall's time now, and runs from here.
   *
   * @param wallNow The clock on the wall, in ms since 1970.
   * @throws {RangeError} if the scale is not from 1 to `maxTimeScale`.
   */
  constructor(scale = 1, wallNow: () => number = Date.now) {
    if (!(scale >= 1 && scale <= maxTimeScale)) {
      throw new RangeError(`Cannot scale time: expected 1 to ${maxTimeScale}, got ${scale}`);
    }
    const startedAt = wallNow();
    this.scale = scale;
    this.now = scale === 1 ? wallNow : () => startedAt + (wallNow() - startedAt) * scale;
  }

  /** How long something that takes so many ms of this clock takes on the wall, in ms. */
  wallMs(ms: number): number {
    return ms / this.scale;
  }
}
