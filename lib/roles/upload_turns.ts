/**
 * Documents for a crowd go out one after another: the first who has one can pass it on while the next is sent.
 * @module
 */
import { FairQueue } from "../net/fair_queue.ts";
import type { RateLimiter } from "../net/rate_limiter.ts";

/** For how long a limited link must lie idle, in ms, so that whoever has the turn is taken not to use it. */
export const idleLinkMs = 500;

/** How many of them may wait for their turn: each keeps a connection. */
const maxWaiting = 1_000;

/**
 * What a document counts when it is seen who had least: the root of its length. By length alone, whoever got the
 * longest would get nothing more for so long that it runs out of what it can pass on; if all counted the same, it would
 * get more than its uplink can pass on.
 */
function weightOf(bytes: number): number {
  return Math.sqrt(bytes);
}

interface Waiting {
  readonly bytes: number;
  readonly go: (turn: Disposable | undefined) => void;
}

/** One turn at a time, on a link of limited speed; without a limit everybody has it. */
export class UploadTurns {
  readonly #link: Pick<RateLimiter, "busyUntil"> | undefined;
  readonly #queue = new FairQueue<Waiting>();
  readonly #running = new Set<symbol>();
  #begunAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Nobody has the turn. */
  constructor(link: Pick<RateLimiter, "busyUntil"> | undefined) {
    this.#link = link;
  }

  /** How many have a turn; always 0 without a limit. */
  get running(): number {
    return this.#running.size;
  }

  /**
   * A turn, to be given back by disposing of it; whoever had least is next, by `weightOf`. Undefined if the signal fires
   * before, or too many wait.
   */
  take(name: string, bytes: number, signal: AbortSignal): Promise<Disposable | undefined> {
    if (signal.aborted || this.#queue.size >= maxWaiting) return Promise.resolve(undefined);
    if (this.#link === undefined) return Promise.resolve({ [Symbol.dispose]() {} });
    if (this.#running.size === 0) return Promise.resolve(this.#begin(name, bytes));
    const { promise, resolve } = Promise.withResolvers<Disposable | undefined>();
    const leave = () => waiting.go(undefined);
    const waiting: Waiting = {
      bytes,
      go: (turn) => {
        signal.removeEventListener("abort", leave);
        this.#queue.remove(name, waiting);
        if (this.#queue.size === 0) this.#unwatch();
        resolve(turn);
      },
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#queue.add(name, waiting);
    this.#watch();
    return promise;
  }

  #begin(name: string, bytes: number): Disposable {
    const turn = Symbol();
    this.#running.add(turn);
    this.#begunAt = performance.now();
    this.#queue.charge(name, weightOf(bytes));
    return {
      [Symbol.dispose]: () => {
        if (this.#running.delete(turn) && this.#running.size === 0) this.#next();
      },
    };
  }

  #next(): void {
    const next = this.#queue.peek();
    if (next !== undefined) next.item.go(this.#begin(next.name, next.item.bytes));
  }

  /** Somebody whose reader is slow, or gone without a word, must not keep the link from the others. */
  #watch(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const usedAt = Math.max(this.#link?.busyUntil ?? 0, this.#begunAt);
      if (performance.now() - usedAt > idleLinkMs) this.#next();
      if (this.#queue.size > 0) this.#watch();
    }, idleLinkMs);
  }

  #unwatch(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
