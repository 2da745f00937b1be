/**
 * Lists as JSON objects, one a line (RFC 60003 section 6).
 * @module
 */
import { encodeLines } from "./lines.ts";

/** An object of a list; members that are undefined are left out. */
export type NdjsonObject = Readonly<Record<string, string | number | undefined>>;

/** The objects as NDJSON, in chunks. */
export function encodeNdjson(
  objects: Iterable<NdjsonObject>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  return encodeLines("", ndjsonLines(objects), "");
}

function* ndjsonLines(objects: Iterable<unknown>): Generator<string, void, undefined> {
  for (const object of objects) yield `${JSON.stringify(object)}\n`;
}
