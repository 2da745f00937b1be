/**
 * Parts of a document (RFC 60003 section 4.3, after RFC 9110 section 14).
 * @module
 */
import { ProtocolError, quoted } from "./protocol_error.ts";

/** A part of a document, both ends included. */
export interface ByteRange {
  /** Offset of the first byte, from 0. */
  readonly first: number;
  /** Offset of the last byte: a part of one byte has `last` equal to `first`. */
  readonly last: number;
}

/**
 * The part of a document of `size` bytes that the value of `Range` asks for.
 *
 * @returns The part; `"unsatisfiable"` if the document has none of it; undefined if the value is to be ignored
 *   (another unit, several ranges, or not understood).
 */
export function findByteRange(
  value: string,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const match = /^bytes=[ \t]*(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))[ \t]*$/i.exec(value);
  if (match === null) return undefined;
  const [, first, last, suffix] = match;
  if (suffix !== undefined) {
    const length = Math.min(Number(suffix), size);
    return length === 0 ? "unsatisfiable" : { first: size - length, last: size - 1 };
  }
  if (last !== undefined && Number(last) < Number(first)) return undefined;
  if (Number(first) >= size) return "unsatisfiable";
  return { first: Number(first), last: Math.min(Number(last ?? size - 1), size - 1) };
}

/** The value of a `Range` field. */
export function formatRange({ first, last }: ByteRange): string {
  return `bytes=${first}-${last}`;
}

/** The value of `Content-Range` of a part, or of a whole that has no such part. */
export function formatContentRange(range: ByteRange | undefined, size: number): string {
  return range === undefined ? `bytes */${size}` : `bytes ${range.first}-${range.last}/${size}`;
}

/**
 * The part and the size that the value of `Content-Range` tells.
 *
 * @throws {ProtocolError} 400 if it does not tell both, or they contradict each other.
 */
export function parseContentRange(value: string): ByteRange & { readonly size: number } {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/i.exec(value);
  const [first, last, size] = (match ?? []).slice(1).map(Number);
  if (
    first === undefined || last === undefined || size === undefined || last < first || last >= size
  ) {
    throw new ProtocolError(
      400,
      `Cannot parse Content-Range: expected "bytes first-last/size", got ${quoted(value)}`,
    );
  }
  return { first, last, size };
}
