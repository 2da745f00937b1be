/**
 * Buffers for what is being sent: taken for one write or one document and given back, so that a connection that sends
 * nothing holds none.
 * @module
 */

/** How much a buffer holds, in bytes: a chunk of a document and the replies before it. */
export const sendBufferBytes = 196_608;

/** How much a buffer holds while many are taken, in bytes: slow readers by the thousand must not take all memory. */
export const smallBufferBytes = 16_384;

/** How many large buffers there are at most: some 9 MiB, once as many transfers were under way. */
export const maxLargeBuffers = 48;

/** Large buffers by turns, small ones when all of those are taken. */
export class SendBuffers {
  readonly #idle: Uint8Array<ArrayBuffer>[] = [];
  #taken = 0;

  /** What a large and a small buffer hold, in bytes; they must differ. */
  constructor(
    readonly largeBytes: number = sendBufferBytes,
    readonly smallBytes: number = smallBufferBytes,
  ) {}

  /** A buffer that nobody else uses until it is given back; what it holds is left over from others. */
  take(): Uint8Array<ArrayBuffer> {
    if (this.#taken >= maxLargeBuffers) {
      return new Uint8Array(this.smallBytes);
    }
    this.#taken++;
    return this.#idle.pop() ?? new Uint8Array(this.largeBytes);
  }

  /** Gives back what `take` gave. */
  giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    if (buffer.length !== this.largeBytes) return;
    this.#taken--;
    this.#idle.push(buffer);
  }
}
