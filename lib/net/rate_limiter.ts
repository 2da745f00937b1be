/**
 * A limit on bytes per second that transfers share.
 * @module
 */
import { FairQueue } from "./fair_queue.ts";
import { TokenBucket, type TokenBucketOptions } from "./token_bucket.ts";

/** How long a slice of a transfer keeps the link, in ms: how finely transfers take turns. */
const sliceMs = 5;

/** Smallest slice, in bytes: below this the heads of packets weigh more than what is in them. */
export const minSliceBytes = 2_048;

/** Largest slice, in bytes: a fast link takes turns more often than every `sliceMs`. */
export const maxSliceBytes = 65_536;

/** How a speed is limited. */
export type RateLimiterOptions = TokenBucketOptions;

/** The limits of a connection, one for each direction; none if undefined. */
export interface SpeedLimits {
  /** What is sent. */
  readonly send?: RateLimiter | undefined;
  /** What is received: read no faster, so that TCP slows the sender down. */
  readonly receive?: RateLimiter | undefined;
  /** Whom the limits take this connection for when they are fair. @default the other side's address */
  readonly sharer?: string | undefined;
}

/** Who is waited for if the caller does not say. */
const anybody = "";

interface Waiting {
  bytesLeft: number;
  readonly go: () => void;
}

/**
 * Limits how many bytes a second pass, all transfers together, and shares them fairly between those who wait, slice by
 * slice: however much one asks for at once, two get half each. Over time the speed is exact; a link that lies idle for
 * long saves up nothing.
 */
export class RateLimiter {
  /** The limit. */
  readonly bytesPerSecond: number;
  /** How much passes in one turn: whoever writes pieces of this size sends at an even pace. */
  readonly sliceBytes: number;
  readonly #bucket: TokenBucket;
  readonly #queue = new FairQueue<Waiting>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A link that nobody uses yet. @throws {RangeError} if the speed is not above 0. */
  constructor(options: RateLimiterOptions) {
    this.bytesPerSecond = options.bytesPerSecond;
    this.#bucket = new TokenBucket(options);
    const slice = Math.round(options.bytesPerSecond * sliceMs / 1_000);
    this.sliceBytes = Math.min(Math.max(slice, minSliceBytes), maxSliceBytes);
  }

  /**
   * Waits until so many bytes may pass.
   *
   * @param signal Takes the caller out of the queue. What already passed of a long take stays paid.
   * @param sharer Who the bytes are for, an address say: every sharer that waits gets as much as any other.
   * @throws the signal's reason, if it fires before.
   */
  take(bytes: number, signal?: AbortSignal, sharer: string = anybody): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#queue.size === 0) {
      const now = performance.now();
      if (this.#bucket.isIdle(now)) this.#queue.forget();
      this.#bucket.resume(now);
      if (bytes <= this.sliceBytes && this.#bucket.waitMs(bytes, now) <= 0) {
        this.#spend(bytes, sharer);
        return Promise.resolve();
      }
    }
    return this.#wait(bytes, signal, sharer);
  }

  /** Until when the link is busy with what passed, on the clock of `performance.now`. */
  get busyUntil(): number {
    return this.#bucket.paidUntil;
  }

  /**
   * Somebody has asked for bytes that come later. The link counts as idle until `askedAt`, which earns nothing; from
   * then on it only waits for this machine, and that time is made up for, as far as `burstMs` goes.
   *
   * @param askedAt On the clock of `performance.now`.
   */
  expect(askedAt: number): void {
    if (this.#queue.size === 0) this.#bucket.startAt(askedAt);
  }

  #wait(bytes: number, signal: AbortSignal | undefined, sharer: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener("abort", giveUp);
        resolve();
      };
      const waiting: Waiting = { bytesLeft: bytes, go };
      const giveUp = () => {
        this.#queue.remove(sharer, waiting);
        if (this.#queue.size === 0) this.#setTimer(undefined);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.#queue.add(sharer, waiting);
      if (this.#timer === undefined) this.#serve();
    });
  }

  /** Lets pass what may, in turn, and comes back when the next may. */
  #serve(): void {
    const now = performance.now();
    this.#setTimer(undefined);
    for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
      const { name, item } = next;
      const slice = Math.min(item.bytesLeft, this.sliceBytes);
      const waitMs = this.#bucket.waitMs(slice, now);
      if (waitMs > 0) return this.#setTimer(waitMs);
      this.#spend(slice, name);
      item.bytesLeft -= slice;
      const again = item.bytesLeft > 0;
      this.#queue.remove(name, item, again);
      if (!again) item.go();
    }
  }

  #spend(bytes: number, sharer: string): void {
    this.#bucket.spend(bytes);
    this.#queue.charge(sharer, bytes);
  }

  #setTimer(ms: number | undefined): void {
    clearTimeout(this.#timer);
    this.#timer = ms === undefined ? undefined : setTimeout(() => {
      this.#timer = undefined;
      this.#serve();
    }, ms);
  }
}
