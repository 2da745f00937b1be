/**
 * Leaving a busy holder alone for as long as it says.
 * @module
 */
import { maxRetryAfterMs } from "../protocol/document_reply.ts";

/** How long a holder may be busy in all without giving anything, in ms, before it is given up. */
const maxRestMs = 300_000;

/** When one holder is not to be asked (RFC 60003 section 8). */
export class HolderRest {
  readonly #over: () => void;
  #until = 0;
  #restedMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The holder may be asked; `over` is called when it may be again after a rest. */
  constructor(over: () => void) {
    this.#over = over;
  }

  /** Whether the holder is left alone now. */
  get isResting(): boolean {
    return performance.now() < this.#until;
  }

  /** The holder has said that it is busy for `ms`. @returns false if it is not worth while to wait for it. */
  begin(ms: number): boolean {
    this.#restedMs += ms;
    if (ms > maxRetryAfterMs || this.#restedMs > maxRestMs) return false;
    this.#until = performance.now() + ms;
    this.#timer = setTimeout(this.#over, ms);
    return true;
  }

  /** The holder has given something: it was worth while to wait. */
  reward(): void {
    this.#restedMs = 0;
  }

  /** Calls nobody any more. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
