/**
 * How many documents go out at a time, and who is next (RFC 60003 section 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import { FairQueue } from "../net/fair_queue.ts";
import { LinkedList } from "../net/linked_list.ts";
import { Turns } from "./turns.ts";

/** How many may wait for a slot: each keeps a connection. */
export const maxWaiting = 1_000;

/** How long one may wait for a slot, in ms: whoever vanished without a word must not keep its place for ever. */
export const maxWaitMs = 600_000;

/** How long an upload is taken to last before there was one, in ms. */
const firstGuessMs = 1_000;

/** How much of the mean duration is the latest upload's: the last dozen count. */
const newestWeight = 1 / 12;

/** Longest time after which somebody is told to come again, in s: a slot may well be free before. */
export const maxRetryAfterSeconds = 60;

/** How uploads are limited. */
export interface UploadSlotsOptions {
  /** How many documents go out at a time. */
  readonly maxUploads: number;
  /** How many may wait. @default maxWaiting */
  readonly maxWaiting?: number | undefined;
}

/** The right to send a document, given back when it is disposed of. */
export type UploadSlot = Disposable;

interface Waiting {
  readonly enter: (slot: UploadSlot) => void;
  readonly turnAway: (reason: Error) => void;
}

/**
 * Slots for uploads and a queue before them that is fair between addresses: who waits with a hundred connections gets
 * every other slot if one more waits, and is the first to be turned away when there is no place to wait.
 */
export class UploadSlots {
  readonly #maxUploads: number;
  readonly #maxWaiting: number;
  readonly #queue = new FairQueue<Waiting>();
  readonly #turns = new Turns();
  /** When each upload that is under way began. */
  readonly #running = new LinkedList<number>();
  #meanMs = firstGuessMs;

  /** All free. */
  constructor(options: UploadSlotsOptions) {
    this.#maxUploads = options.maxUploads;
    this.#maxWaiting = options.maxWaiting ?? maxWaiting;
  }

  /** How many uploads are under way. */
  get running(): number {
    return this.#running.size;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#queue.size;
  }

  /** A slot, if one is free for which nobody waits. */
  tryEnter(address: string): UploadSlot | undefined {
    return this.#queue.size > 0 || this.#isFull ? undefined : this.#occupy(address);
  }

  /** As `tryEnter`, for somebody who does not wait here but comes again after `retryAfterSeconds`: by turns. */
  tryTurn(address: string): UploadSlot | undefined {
    const now = performance.now();
    const free = this.#maxUploads - this.#running.size;
    const slot = this.#turns.mayHave(address, free, now) ? this.tryEnter(address) : undefined;
    if (slot === undefined) this.#turns.expect(address, this.retryAfterSeconds() * 1_000, now);
    else this.#turns.note(address, now);
    return slot;
  }

  /**
   * A slot, when it is this address's turn.
   *
   * @param signal Leaves the queue.
   * @throws the signal's reason if it fires before, or an `Error` if there is no place to wait.
   */
  enter(address: string, signal: AbortSignal): Promise<UploadSlot> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const slot = this.tryEnter(address);
    if (slot !== undefined) return Promise.resolve(slot);
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.remove(address, waiting);
        reject(signal.reason);
      };
      const waiting: Waiting = {
        enter: (slot) => {
          signal.removeEventListener("abort", leave);
          resolve(slot);
        },
        turnAway: (reason) => {
          signal.removeEventListener("abort", leave);
          reject(reason);
        },
      };
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.add(address, waiting);
      if (this.#queue.size > this.#maxWaiting) this.#turnOneAway();
    });
  }

  /** When somebody who found all slots taken should come again, in whole seconds: when its turn would be. */
  retryAfterSeconds(): number {
    const now = performance.now();
    // An upload that takes longer than those before shows that these do, too.
    const ages = Array.from(this.#running, (beganAt) => now - beganAt);
    const uploadMs = Math.max(this.#meanMs, ...ages);
    const turnMs = uploadMs * (this.#queue.size + 1) / this.#maxUploads;
    return Math.min(Math.max(Math.ceil(turnMs / 1_000), 1), maxRetryAfterSeconds);
  }

  get #isFull(): boolean {
    return this.#running.size >= this.#maxUploads;
  }

  #occupy(address: string): UploadSlot {
    if (this.#running.size === 0) this.#queue.forget();
    const upload = this.#running.add(performance.now());
    this.#queue.charge(address, 1);
    return {
      [Symbol.dispose]: () => {
        if (!this.#running.remove(upload)) return;
        this.#meanMs += (performance.now() - upload.member - this.#meanMs) * newestWeight;
        this.#callNext();
      },
    };
  }

  #callNext(): void {
    while (!this.#isFull) {
      const next = this.#queue.peek();
      if (next === undefined) return;
      this.#queue.remove(next.name, next.item);
      next.item.enter(this.#occupy(next.name));
    }
  }

  #turnOneAway(): void {
    const last = this.#queue.lastOfLongest();
    if (last === undefined) return;
    this.#queue.remove(last.name, last.item);
    last.item.turnAway(
      new Error(
        `All ${this.#maxUploads} slots for uploads are taken, and ` +
          `all ${this.#maxWaiting} places to wait for one`,
      ),
    );
  }
}

/**
 * A slot for an upload on a connection, when it is its turn; a connection whose other side ends it leaves the queue.
 *
 * @throws {ConnectionLostError} if the connection ends or `maxWaitMs` pass before.
 * @throws {Error} if there is no place to wait.
 */
export async function waitForSlot(slots: UploadSlots, connection: Connection): Promise<UploadSlot> {
  const { host } = connection.remote;
  const free = slots.tryEnter(host);
  if (free !== undefined) return free;
  const gone = new AbortController();
  const decided = new AbortController();
  connection.expectWithin(maxWaitMs, "a slot for an upload");
  connection.waitForEnd(decided.signal).then((ended) => {
    if (ended) gone.abort(new ConnectionLostError(connection.remote, "closed before its turn"));
  }, (error) => gone.abort(error));
  try {
    return await slots.enter(host, AbortSignal.any([gone.signal, connection.closing]));
  } finally {
    decided.abort();
    connection.relax();
  }
}
