/**
 * Time that passes when a test says so.
 * @module
 */

interface Timer {
  readonly ms: number;
  readonly firesAt: number;
  readonly call: () => void;
}

const realTime = { setTimeout, clearTimeout, performanceNow: performance.now, dateNow: Date.now };

/** Stands in for the clocks and timers of the runtime until it is disposed of. Nothing else of the runtime stands still. */
export class WoundClock implements Disposable {
  readonly #startedAt = Date.now();
  readonly #timers = new Map<number, Timer>();
  #elapsedMs = 0;
  #lastId = 0;
  #timerSet = Promise.withResolvers<void>();

  constructor() {
    Object.assign(globalThis, {
      setTimeout: (call: () => void, ms = 0) => this.#set(call, ms),
      clearTimeout: (id: number | undefined) => this.#timers.delete(id ?? 0),
    });
    performance.now = () => this.#elapsedMs;
    Date.now = () => this.#startedAt + this.#elapsedMs;
  }

  /** Waits until somebody waits for something between `minMs` and `maxMs` from then on. */
  async waiting(minMs: number, maxMs = minMs): Promise<void> {
    const isMeant = ({ ms }: Timer) => minMs <= ms && ms <= maxMs;
    while (!this.#timers.values().some(isMeant)) await this.#timerSet.promise;
  }

  /** Lets time pass; whoever waited for no longer is woken, in order. */
  advance(ms: number): void {
    const until = this.#elapsedMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort(([, a], [, b]) => a.firesAt - b.firesAt);
      if (next === undefined || next[1].firesAt > until) break;
      const [id, { firesAt, call }] = next;
      this.#timers.delete(id);
      this.#elapsedMs = Math.max(this.#elapsedMs, firesAt);
      call();
    }
    this.#elapsedMs = until;
  }

  [Symbol.dispose](): void {
    const { setTimeout, clearTimeout, performanceNow, dateNow } = realTime;
    Object.assign(globalThis, { setTimeout, clearTimeout });
    performance.now = performanceNow;
    Date.now = dateNow;
  }

  #set(call: () => void, ms: number): number {
    const id = ++this.#lastId;
    this.#timers.set(id, { ms, firesAt: this.#elapsedMs + ms, call });
    this.#timerSet.resolve();
    this.#timerSet = Promise.withResolvers();
    return id;
  }
}

/** Lets time pass, as fast as everybody keeps up, until something is over. */
export async function windUntil<T>(clock: WoundClock, ending: Promise<T>): Promise<T> {
  let isOver = false;
  const ended = ending.finally(() => isOver = true);
  while (!isOver) {
    clock.advance(100);
    for (let i = 0; i < 20 && !isOver; i++) await new Promise(setImmediate);
  }
  return await ended;
}
