/**
 * How much is asked of one holder in advance, so that it never waits for a request and others are not kept from helping.
 * @module
 */
import { pieceBytes } from "../files/document_part.ts";
import type { Work } from "./work.ts";

/** Most requests that wait for their replies on one connection: what short documents need to keep it busy. */
export const maxPipelined = 16;

/** Most bytes that are asked for in advance: enough for any link, and bounded if the connection breaks. */
const maxAheadBytes = 4 * pieceBytes;

/** How long what is asked for in advance may take, in ms: a slow holder does not take work from the others. */
const aheadMs = 1_000;

/** After so long, in ms, what was measured before counts half. */
const memoryMs = 2_000;

/** The requests to one holder that wait for their replies. */
export class RequestWindow {
  #bytes = 0;
  #ms = 0;
  #isOpen = false;

  /** Whether the holder has given something: before, it is asked for one thing only. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** How fast the holder is; undefined if that is not known yet. */
  get bytesPerSecond(): number | undefined {
    return this.#bytes === 0 || this.#ms === 0 ? undefined : this.#bytes * 1_000 / this.#ms;
  }

  /** The holder has given so much, in so much time in which it was waited for. */
  note(bytes: number, ms: number): void {
    if (bytes > 0) this.#isOpen = true;
    if (this.#ms > memoryMs) {
      this.#bytes /= 2;
      this.#ms /= 2;
    }
    this.#bytes += bytes;
    this.#ms += ms;
  }

  /** Whether it is worth looking for more: several requests travel in one segment. */
  hasRoom(queue: readonly Work[]): boolean {
    return queue.length === 0 || (this.#isOpen && queue.length <= maxPipelined / 2);
  }

  /** Whether one more request may be sent. @param whole Whether the holder is asked on a connection each. */
  fits(queue: readonly Work[], whole: boolean): boolean {
    if (queue.length === 0) return true;
    if (whole || !this.#isOpen || queue.length >= maxPipelined) return false;
    if (queue.length === 1) return true;
    const aheadBytes = queue.reduce((sum, work) => sum + work.expectedBytes, 0);
    const mayBytes = Math.min((this.bytesPerSecond ?? 0) * aheadMs / 1_000, maxAheadBytes);
    return aheadBytes < mayBytes;
  }
}
