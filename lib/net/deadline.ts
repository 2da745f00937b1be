/**
 * Deadlines that move, and the one timer that all of them share.
 * @module
 */

import { LinkedList, type Place } from "./linked_list.ts";

/** How far apart the timer fires at least, in ms: that thousands are missed one after another must not keep it busy. */
const sweepMs = 20;

/** Deadlines that may be missed. One timer is enough for all: it looks at each when the first of them may be due. */
class Sweep {
  readonly #deadlines = new LinkedList<Deadline>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firesAt = Infinity;

  /** Looks at a deadline, which is `ms` from now, in time. */
  watch(deadline: Deadline, ms: number): void {
    deadline.place ??= this.#deadlines.add(deadline);
    if (deadline.at < this.#firesAt) this.#startTimer(deadline.at, ms);
  }

  /** No longer looks at one. Without any, nothing is left behind that would keep a program running. */
  forget(deadline: Deadline): void {
    if (this.#remove(deadline) && this.#deadlines.size === 0) this.#stopTimer();
  }

  #remove(deadline: Deadline): boolean {
    const { place } = deadline;
    deadline.place = undefined;
    return place !== undefined && this.#deadlines.remove(place);
  }

  #startTimer(at: number, ms: number): void {
    clearTimeout(this.#timer);
    this.#firesAt = at;
    this.#timer = setTimeout(() => this.#lookAtAll(), ms);
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#firesAt = Infinity;
  }

  #lookAtAll(): void {
    const now = performance.now();
    const missed: Deadline[] = [];
    let first = Infinity;
    for (const deadline of this.#deadlines) {
      const { at } = deadline;
      if (at > now && at < Infinity) first = Math.min(first, at);
      else this.#remove(deadline);
      if (at <= now) missed.push(deadline);
    }
    this.#firesAt = Infinity;
    if (first < Infinity) {
      const ms = Math.max(Math.ceil(first - now), sweepMs);
      this.#startTimer(now + ms, ms);
    }
    // What is missed may end others, or begin some; all are looked at by now.
    for (const deadline of missed) if (deadline.at <= now) deadline.miss();
  }
}

const sweep = new Sweep();

/**
 * Until when something is waited for. Moving it further away is an assignment: the timer looks at it when it fires, and
 * starts again for what is left.
 */
export class Deadline {
  /** Where it waits to be looked at. */
  place: Place<Deadline> | undefined;
  readonly #missed: (awaited: string) => void;
  #at = Infinity;
  #awaited = "";
  #ended = false;

  /** None yet. `missed` is told what was waited for in vain. */
  constructor(missed: (awaited: string) => void) {
    this.#missed = missed;
  }

  /** When it is missed, by `performance.now`; Infinity if there is no deadline. */
  get at(): number {
    return this.#at;
  }

  /** Time left, in ms; Infinity if there is no deadline. */
  get leftMs(): number {
    return this.#at - performance.now();
  }

  /** What is waited for, or was last. */
  get awaited(): string {
    return this.#awaited;
  }

  /** It is `ms` from now; the next call replaces this one. */
  set(ms: number, awaited: string): void {
    this.#at = performance.now() + ms;
    this.#awaited = awaited;
    if (!this.#ended) sweep.watch(this, ms);
  }

  /** There is none from now on. */
  clear(): void {
    this.#at = Infinity;
  }

  /** There will never be one again. */
  end(): void {
    this.#ended = true;
    sweep.forget(this);
  }

  /** It has passed. */
  miss(): void {
    this.#missed(this.#awaited);
  }
}
