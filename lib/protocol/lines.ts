/**
 * Long lists of lines, made piece by piece.
 * @module
 */

/** How many characters of lines are put together before they are handed on: one write, little memory. */
export const chunkChars = 16_384;

const encoder = new TextEncoder();

/** `first`, all `lines` and `last` as one text, in pieces of about `chunkChars`. */
export function* joinLines(
  first: string,
  lines: Iterable<string>,
  last: string,
): Generator<string, void, undefined> {
  let text = first;
  for (const line of lines) {
    text += line;
    if (text.length >= chunkChars) {
      yield text;
      text = "";
    }
  }
  text += last;
  if (text !== "") yield text;
}

/** As `joinLines`, but the bytes. */
export function* encodeLines(
  first: string,
  lines: Iterable<string>,
  last: string,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (const text of joinLines(first, lines, last)) yield encoder.encode(text);
}

/** A line with CRLF for each item. */
export function* crlfLines<T>(
  items: Iterable<T>,
  format: (item: T) => string,
): Generator<string, void, undefined> {
  for (const item of items) yield `${format(item)}\r\n`;
}
