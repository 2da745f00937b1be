/**
 * Bytes that arrived and were not taken yet.
 * @module
 */

/** How large a buffer becomes whose every read is full, in bytes: what a pipelining peer sends comes in few reads. */
const maxBusyBytes = 16_384;

/** After how many reads that could all have done with half of it a buffer becomes smaller again. */
const calmReads = 16;

/**
 * A growing window of received bytes. A reader of the socket asks for `space`, fills some of it and
 * `commit`s; a parser looks at `bytes` and `consume`s what it took.
 *
 * The buffer starts small, so that ten thousand idle connections cost little, and grows only while
 * somebody asks for more space; who parses bounds it with the limits of `limits.ts`.
 */
export class ReceiveBuffer {
  #storage: Uint8Array<ArrayBuffer>;
  #start = 0;
  #end = 0;
  #position = 0;
  /** How large the storage shall be the next time that nothing is pending. */
  #wantedBytes: number;
  #calmReads = 0;
  /** How many of the pending bytes a parser has looked at already without finding an end. */
  scanned = 0;

  /** Empty at first; `initialBytes` is what one idle connection costs, and more than most requests need. */
  constructor(readonly initialBytes = 512) {
    this.#storage = new Uint8Array(initialBytes);
    this.#wantedBytes = initialBytes;
  }

  /** How many bytes were taken since the beginning: where the pending ones stand in all that arrived. */
  get position(): number {
    return this.#position;
  }

  /** How many bytes are pending. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The pending bytes: a view, valid until the next call of `space`. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#storage.subarray(this.#start, this.#end);
  }

  /** What `find` makes of the pending bytes, which are those from `start` to `end`: no view has to be made for it. */
  look<T>(find: (bytes: Uint8Array<ArrayBuffer>, start: number, end: number) => T): T {
    return find(this.#storage, this.#start, this.#end);
  }

  /** Room for at least `minBytes` more bytes behind the pending ones; `commit` says how many came. */
  space(minBytes = 512): Uint8Array<ArrayBuffer> {
    const hasWantedSize = this.#storage.length === this.#wantedBytes;
    if (this.length === 0 && !hasWantedSize && minBytes <= this.#wantedBytes) {
      this.#storage = new Uint8Array(this.#wantedBytes);
    }
    if (this.#storage.length - this.#end < minBytes) {
      const needed = this.length + minBytes;
      if (needed <= this.#storage.length) {
        this.#storage.copyWithin(0, this.#start, this.#end);
      } else {
        const grown = new Uint8Array(Math.max(needed, this.#storage.length * 2));
        grown.set(this.bytes);
        this.#storage = grown;
      }
      this.#end = this.length;
      this.#start = 0;
    }
    return this.#storage.subarray(this.#end);
  }

  /** Says that `count` bytes of the last `space` were filled. */
  commit(count: number): void {
    if (count < 0 || this.#end + count > this.#storage.length) {
      throw new RangeError(`Cannot commit ${count} bytes: more than the space given`);
    }
    this.#end += count;
    this.#noteRead(count);
  }

  /** Takes `count` bytes away from the front. */
  consume(count: number): void {
    if (count < 0 || count > this.length) {
      throw new RangeError(`Cannot consume ${count} of ${this.length} bytes`);
    }
    this.#start += count;
    this.#position += count;
    this.scanned = 0;
    if (this.#start === this.#end) this.#start = this.#end = 0;
  }

  /** Adds a copy of `bytes` behind the pending ones. */
  append(bytes: Uint8Array): void {
    this.space(bytes.length).set(bytes);
    this.commit(bytes.length);
  }

  /** Whoever sends much is given room for it, as long as it does. */
  #noteRead(count: number): void {
    if (this.#end === this.#storage.length) {
      this.#wantedBytes = Math.max(this.#wantedBytes, Math.min(this.#end * 2, maxBusyBytes));
      this.#calmReads = 0;
    } else if (this.#wantedBytes > this.initialBytes) {
      this.#calmReads = count * 2 > this.#wantedBytes ? 0 : this.#calmReads + 1;
      if (this.#calmReads < calmReads) return;
      this.#wantedBytes = Math.max(this.#wantedBytes / 2, this.initialBytes);
      this.#calmReads = 0;
    }
  }
}
