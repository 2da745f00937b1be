/**
 * A deadline that moves.
 * @module
 */

/**
 * Until when something is waited for. Moving it further away is an assignment: the one timer looks at it when it
 * fires and starts again for what is left.
 */
export class Deadline {
  readonly #missed: (awaited: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFiresAt = Infinity;
  #at = Infinity;
  #awaited = "";
  #ended = false;

  /** None yet. `missed` is told what was waited for in vain. */
  constructor(missed: (awaited: string) => void) {
    this.#missed = missed;
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
    if (this.#at < this.#timerFiresAt && !this.#ended) this.#startTimer(ms);
  }

  /** There is none from now on. */
  clear(): void {
    this.#at = Infinity;
  }

  /** There will never be one again. */
  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #startTimer(ms: number): void {
    clearTimeout(this.#timer);
    this.#timerFiresAt = performance.now() + ms;
    this.#timer = setTimeout(() => this.#check(), ms);
  }

  #check(): void {
    this.#timerFiresAt = Infinity;
    if (this.#at === Infinity) return;
    const { leftMs } = this;
    if (leftMs > 0) this.#startTimer(Math.ceil(leftMs));
    else this.#missed(this.#awaited);
  }
}
