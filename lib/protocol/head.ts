/**
 * Heads: a start line, fields, a blank line (RFC 60001 section 3.1). Bytes to lines and back.
 * @module
 */
import { type Field, type Fields, FieldTable } from "./fields.ts";
import { maxHeadBytes, maxLineBytes } from "./limits.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import type { ReceiveBuffer } from "./receive_buffer.ts";
import type { RequestLine } from "./request.ts";

/** The head of a message, its fields not yet given a meaning. */
export interface Head {
  /** The request line or status line, without its line end. */
  readonly startLine: string;
  /** A request line that whoever read it has split already. */
  readonly line?: RequestLine | undefined;
  /** What stands below it. */
  readonly fields: Fields;
}

/** Code of a line feed. */
export const LF = 10;
/** Code of a carriage return. */
export const CR = 13;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();
// deno-lint-ignore no-control-regex -- control characters are what is looked for
const strayControl = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/;
// deno-lint-ignore no-control-regex -- the same, line ends included
const controlCharacter = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Takes the bytes of one head from the front of the buffer, blank line included; undefined as long as its
 * end has not arrived. Blank lines before it are dropped (RFC 9112 section 2.2).
 *
 * @returns A view, valid until the buffer is asked for more space.
 * @throws {ProtocolError} 400, the framing lost, if a line or the head passes its limit.
 */
export function takeHead(buffer: ReceiveBuffer): Uint8Array | undefined {
  dropBlankLines(buffer);
  const end = findHeadEnd(buffer);
  if (end === undefined) return undefined;
  const bytes = buffer.bytes.subarray(0, end);
  buffer.consume(end);
  return bytes;
}

/**
 * The start line and the fields of a head.
 *
 * @throws {ProtocolError} 400 if it is not UTF-8 text made of fields.
 */
export function parseHead(bytes: Uint8Array): Head {
  return parseHeadText(decodeText(bytes));
}

/** As `parseHead`, of what is text already. */
export function parseHeadText(text: string): Head {
  const lines = text.split(/\r?\n/);
  const fields = new FieldTable();
  for (let i = 1; lines[i] !== ""; i++) fields.addLine(lines[i]!);
  return { startLine: lines[0]!, fields };
}

/**
 * Takes one line from the front of the buffer, without its line end; undefined as long as that has not arrived.
 *
 * @throws {ProtocolError} 400 if the line is longer than the limit, or what `decode` throws: by default, if it is not
 *   UTF-8 text.
 */
export function takeLine(
  buffer: ReceiveBuffer,
  decode: (bytes: Uint8Array) => string = decodeText,
): string | undefined {
  const bytes = buffer.bytes;
  const end = bytes.indexOf(LF, buffer.scanned);
  if ((end < 0 ? bytes.length : end + 1) > maxLineBytes) throw lineTooLong();
  if (end < 0) {
    buffer.scanned = bytes.length;
    return undefined;
  }
  buffer.consume(end + 1);
  return decode(bytes.subarray(0, end > 0 && bytes[end - 1] === CR ? end - 1 : end));
}

/** Drops line ends at the front of a buffer. */
export function dropBlankLines(buffer: ReceiveBuffer): void {
  const bytes = buffer.bytes;
  let start = 0;
  for (let length; (length = blankLineLength(bytes, start)) > 0;) start += length;
  if (start > 0) buffer.consume(start);
}

/** How many bytes the line end at an offset has; 0 if there is none. */
export function blankLineLength(bytes: Uint8Array, offset: number): number {
  if (bytes[offset] === LF) return 1;
  return bytes[offset] === CR && bytes[offset + 1] === LF ? 2 : 0;
}

/** Where the head ends: behind the first empty line. `buffer.scanned` stays at the start of the line in progress. */
export function findHeadEnd(buffer: ReceiveBuffer): number | undefined {
  const bytes = buffer.bytes;
  let lineStart = buffer.scanned;
  for (;;) {
    const lineEnd = bytes.indexOf(LF, lineStart);
    const lineBytes = (lineEnd < 0 ? bytes.length : lineEnd + 1) - lineStart;
    if (lineBytes > maxLineBytes) throw lineTooLong();
    if (lineStart + lineBytes > maxHeadBytes) {
      throw new ProtocolError(400, `Cannot read head: longer than ${maxHeadBytes} bytes`, {
        framingLost: true,
      });
    }
    if (lineEnd < 0) {
      buffer.scanned = lineStart;
      return undefined;
    }
    if (lineBytes === 1 || (lineBytes === 2 && bytes[lineStart] === CR)) return lineEnd + 1;
    lineStart = lineEnd + 1;
  }
}

/** Bytes as a text of as many characters, each the code of its byte. */
export function byteString(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 4_096) {
    // Eight times as fast as spreading them.
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(i, i + 4_096));
  }
  return text;
}

/** Text out of bytes: UTF-8 whose only control characters are tabs and line ends. */
export function decodeText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new ProtocolError(400, "Cannot read text: it is not UTF-8");
  }
  const control = strayControl.exec(text);
  if (control !== null) {
    throw new ProtocolError(400, `Cannot read text: control character ${quoted(control[0])} in it`);
  }
  return text;
}

/** Text out of bytes of any program: what is not UTF-8 is taken for Latin-1. */
export function decodeLiberally(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return byteString(bytes);
  }
}

function lineTooLong(): ProtocolError {
  return new ProtocolError(400, `Cannot read line: longer than ${maxLineBytes} bytes`, {
    framingLost: true,
  });
}

/**
 * The bytes of a head in the given form: CRLF lines and a blank line.
 *
 * @throws {TypeError} if a part holds a line break or another control character: that is our own bug.
 */
export function encodeHead(startLine: string, fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  let text = `${assertOneLine(startLine)}\r\n`;
  for (const [name, value] of fields) text += `${name}: ${assertOneLine(value)}\r\n`;
  return encoder.encode(text + "\r\n");
}

/** The text itself. @throws {TypeError} if it holds a line break or another control character: that is our own bug. */
export function assertOneLine(text: string): string {
  if (controlCharacter.test(text)) {
    throw new TypeError(`Cannot encode head: control character in ${quoted(text)}`);
  }
  return text;
}
