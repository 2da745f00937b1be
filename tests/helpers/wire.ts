/**
 * Bytes as they arrive: whole, in pieces, one by one.
 * @module
 */
import { type Head, parseHead } from "../../lib/protocol/head.ts";
import type { ProtocolErrorContext } from "../../lib/protocol/protocol_error.ts";
import { givenDialect } from "../../lib/protocol/dialect.ts";
import { encodeReply, type ReplyMessage } from "../../lib/protocol/reply.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import type { StatusCode } from "../../lib/protocol/status.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** @throws {TypeError} if the bytes are not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let length = 0;
  for (const part of parts) {
    whole.set(part, length);
    length += part.length;
  }
  return whole;
}

/** A buffer in which a text has arrived. */
export function bufferOf(data: string | Uint8Array): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  buffer.append(typeof data === "string" ? bytesOf(data) : data);
  return buffer;
}

/** The head that a text is, blank line included. */
export function headOf(text: string): Head {
  return parseHead(bytesOf(text));
}

/** The bytes in pieces that end at the offsets; an offset beyond the end or not above the one before makes no piece. */
export function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const ends = [...new Set([...offsets, bytes.length])]
    .filter((end) => 0 < end && end <= bytes.length)
    .sort((a, b) => a - b);
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end));
}

/** The bytes as they may arrive: whole, byte by byte, and in two pieces, cut at each offset. */
export function* arrivals(bytes: Uint8Array): Generator<Uint8Array[], void, undefined> {
  yield [bytes];
  yield cutAt(bytes, Array.from(bytes, (_, i) => i));
  for (let offset = 1; offset < bytes.length; offset++) yield cutAt(bytes, [offset]);
}

/** What `assert.throws` is to find: a `ProtocolError` with this status, and with these facts if given. */
export function refusal(status: StatusCode, context: ProtocolErrorContext = {}): object {
  return { name: "ProtocolError", status, ...context };
}

/** The bytes of a reply in the given form. */
export function givenReply(message: ReplyMessage): Uint8Array<ArrayBuffer> {
  return concat([encodeReply(message, givenDialect)]);
}
