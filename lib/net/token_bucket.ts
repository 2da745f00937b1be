/**
 * The arithmetic of a link of limited speed: when bytes that wait may go. It knows no clock: times are handed in.
 * @module
 */

/**
 * How far bytes may go ahead of their time, in ms: timers count in whole ms and are late rather than early, so that
 * whoever never went ahead would be late with each slice.
 */
export const aheadMs = 1;

/** Writes up to this go ahead of their time, by `smallAheadMs` at the most, in bytes: heads, short replies. */
export const smallBytes = 1_024;

/** How far small writes may go ahead of their time, in ms: a timer for each would cost more than they weigh. */
export const smallAheadMs = 5;

/** How much lateness is made up for at once, in ms: after a machine slept for an hour no hour's worth is sent at once. */
export const maxLateMs = 1_000;

/** What a link of limited speed is like. */
export interface TokenBucketOptions {
  /** How fast it is. */
  readonly bytesPerSecond: number;
  /**
   * How long the link may lie idle between two transfers, or two slices of one, so that the time is made up for, in ms.
   * A longer idle time earns nothing: a transfer that begins then takes its full time.
   *
   * @default 10: a reply and the next request on their way, a scheduler that was busy
   */
  readonly burstMs?: number | undefined;
}

/**
 * A token bucket, kept as the moment until which everything that went is paid. That is absolute time: what timers
 * are late adds up to nothing.
 */
export class TokenBucket {
  readonly #msPerByte: number;
  readonly #burstMs: number;
  #paidUntil = -Infinity;

  /** An empty bucket. @throws {RangeError} if the speed is not above 0. */
  constructor({ bytesPerSecond, burstMs = 10 }: TokenBucketOptions) {
    if (!(bytesPerSecond > 0 && Number.isFinite(bytesPerSecond))) {
      throw new RangeError(
        `Cannot limit a speed: expected bytes per second above 0, got ${bytesPerSecond}`,
      );
    }
    this.#msPerByte = 1_000 / bytesPerSecond;
    this.#burstMs = burstMs;
  }

  /** Whether the link has lain idle for longer than is made up for. */
  isIdle(now: number): boolean {
    return now - this.#paidUntil > this.#burstMs;
  }

  /** Somebody comes to a link for which nobody waits: a long idle time is forgotten. */
  resume(now: number): void {
    if (this.isIdle(now)) this.#paidUntil = now;
  }

  /** Until when everything that went is paid. */
  get paidUntil(): number {
    return this.#paidUntil;
  }

  /** What goes next counts from `at`: idle time before that is forgotten, however short. */
  startAt(at: number): void {
    this.#paidUntil = Math.max(this.#paidUntil, at);
  }

  /** How long bytes have to wait, in ms; 0 or less if they may go. */
  waitMs(bytes: number, now: number): number {
    const ownMs = bytes * this.#msPerByte;
    this.#paidUntil = Math.max(this.#paidUntil, now - ownMs - maxLateMs);
    const dueAt = bytes <= smallBytes
      ? this.#paidUntil - smallAheadMs
      : this.#paidUntil + ownMs - aheadMs;
    return dueAt - now;
  }

  /** Bytes go. */
  spend(bytes: number): void {
    this.#paidUntil += bytes * this.#msPerByte;
  }
}
