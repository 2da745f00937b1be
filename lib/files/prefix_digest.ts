/**
 * The digest of a document that comes in any order.
 * @module
 */
import { createHash } from "node:crypto";

/** SHA-256 of a document from its start as far as it is known: what comes in order is hashed as it comes. */
export class PrefixDigest {
  #hash = createHash("sha256");
  #length = 0;

  /** How many bytes from the start are hashed. */
  get length(): number {
    return this.#length;
  }

  /** The digest of these bytes in hexadecimal. */
  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }

  /** Takes bytes if they come next; bytes that were there before change what was hashed, and it begins anew. */
  take(offset: number, bytes: Uint8Array): void {
    this.changed(offset);
    if (offset !== this.#length) return;
    this.#hash.update(bytes);
    this.#length += bytes.length;
  }

  /** The bytes from `offset` on are no longer what they were. */
  changed(offset: number): void {
    if (offset >= this.#length) return;
    this.#hash = createHash("sha256");
    this.#length = 0;
  }
}
