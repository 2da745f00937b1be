/**
 * What a part needs of its digest.
 * @module
 */

/** The SHA-256 of a part, which comes about while the part grows. */
export interface PartDigest extends Disposable {
  /** Takes bytes that were written at `offset`. If others were there before, they no longer count. */
  take(offset: number, bytes: Uint8Array): void;
  /** The bytes from `offset` on are no longer what they were. */
  changed(offset: number): void;
  /**
   * Goes on with what is on the disk already, so that little is left for the end.
   *
   * @param endFrom How far the bytes at an offset reach without a gap: at least to the offset itself.
   * @throws what the runtime throws.
   */
  follow(endFrom: (offset: number) => number): void;
  /**
   * The digest of the first `end` bytes, which are all there, in hexadecimal. The part may be changed after it.
   *
   * @throws {Error} if somebody else made the file shorter.
   * @throws what the runtime throws.
   */
  finish(end: number): Promise<string>;
}
