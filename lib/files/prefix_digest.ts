/**
 * The digest of a document that comes in any order.
 * @module
 */
import { createHash } from "node:crypto";
import { pieceBytes } from "./document_part.ts";
import type { PartDigest } from "./part_digest.ts";
import type { PositionalFile } from "./positional_file.ts";

/**
 * How much is read again at most when a piece becomes whole, in bytes: two pieces for one, so that the digest of the
 * document catches up with pieces that come side by side, without holding up what is being received.
 */
const catchUpBytes = 2 * pieceBytes;

/** SHA-256 of a document from its start as far as it is known: what comes in order is hashed as it comes. */
export class PrefixDigest implements PartDigest {
  readonly #file: PositionalFile;
  #hash = createHash("sha256");
  #length = 0;

  /** `file` has the bytes that did not come in order, and gives a piece at once. It stays the caller's. */
  constructor(file: PositionalFile) {
    this.#file = file;
  }

  take(offset: number, bytes: Uint8Array): void {
    this.changed(offset);
    if (offset !== this.#length) return;
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  changed(offset: number): void {
    if (offset >= this.#length) return;
    this.#hash = createHash("sha256");
    this.#length = 0;
  }

  follow(endFrom: (offset: number) => number): void {
    for (let left = catchUpBytes; left > 0;) {
      const offset = this.#length;
      const length = Math.min(endFrom(offset) - offset, left);
      if (length === 0) return;
      this.take(offset, this.#file.readSync(offset, length));
      left -= length;
    }
  }

  async finish(end: number): Promise<string> {
    while (this.#length < end) {
      const offset = this.#length;
      const length = Math.min(pieceBytes, end - offset);
      const bytes = await this.#file.read(offset, length);
      if (bytes.length < length) throw new Error("It was made shorter by somebody else");
      this.take(offset, bytes);
    }
    return this.#hash.copy().digest("hex");
  }

  /** There is nothing to let go of. */
  [Symbol.dispose](): void {}
}
