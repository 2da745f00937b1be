/**
 * Messages behind a length: ten decimal digits padded with blanks, or Java's `writeUTF` with two bytes
 * (RFC 60001 section 8).
 * @module
 */
import type { Packing } from "./dialect.ts";
import { maxHeadBytes } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { ReceiveBuffer } from "./receive_buffer.ts";

/** How many bytes a decimal length has. */
const decimalLengthBytes = 10;

/** How many bytes the length of `writeUTF` has, and how long a text it can tell. */
const utfLengthBytes = 2;
const maxUtfBytes = 65_535;

/**
 * How the message at the front of a buffer is packed. No method begins with a digit or a control character.
 *
 * @returns undefined if what has come could be a part of a length, or a number.
 */
export function findPacking(buffer: ReceiveBuffer): Packing | undefined {
  const { bytes } = buffer;
  const first = bytes[0];
  if (first === undefined) return "plain";
  if (first < 0x09) return "writeUTF";
  if (parseDecimalLength(bytes.subarray(0, decimalLengthBytes)) === undefined) return "plain";
  return bytes.length < decimalLengthBytes ? undefined : "decimal length";
}

/**
 * Takes the text of one packed message from the front of a buffer; undefined as long as it has not arrived whole.
 *
 * @throws {ProtocolError} 400, the framing lost, if the length is not one, or more than `maxBytes`, by default the limit
 *   of a head.
 */
export function takePacked(
  buffer: ReceiveBuffer,
  packing: Exclude<Packing, "plain">,
  maxBytes: number = maxHeadBytes,
): { readonly bytes: Uint8Array; readonly text: Uint8Array } | undefined {
  const prefixBytes = packing === "writeUTF" ? utfLengthBytes : decimalLengthBytes;
  const { bytes } = buffer;
  if (bytes.length < prefixBytes) return undefined;
  const length = packing === "writeUTF"
    ? bytes[0]! * 256 + bytes[1]!
    : parseDecimalLength(bytes.subarray(0, prefixBytes));
  if (length === undefined || length > maxBytes) {
    throw new ProtocolError(
      400,
      `Cannot read packed message: expected a length of at most ${maxBytes}`,
      {
        framingLost: true,
      },
    );
  }
  const end = prefixBytes + length;
  if (bytes.length < end) return undefined;
  buffer.consume(end);
  return { bytes: bytes.subarray(0, end), text: bytes.subarray(prefixBytes, end) };
}

/**
 * How many bytes of length stand at the front of an answer to a packed request; undefined if that cannot be told yet.
 * Some pack what they ask and answer without it.
 */
export function findPrefixBytes(bytes: Uint8Array, packing: Packing): number | undefined {
  if (packing === "plain") return 0;
  if (bytes.length < decimalLengthBytes) return undefined;
  const beginning = bytes.subarray(0, decimalLengthBytes);
  if (packing === "decimal length") {
    return parseDecimalLength(beginning) === undefined ? 0 : decimalLengthBytes;
  }
  const first = beginning[0]!;
  return first < 0x20 && first !== 0x0a && first !== 0x0d ? utfLengthBytes : 0;
}

function parseDecimalLength(bytes: Uint8Array): number | undefined {
  const match = /^(\d{1,9}) *$/.exec(new TextDecoder("latin1").decode(bytes));
  return match === null ? undefined : Number(match[1]);
}

/**
 * Packs a message.
 *
 * @param bytesBehind How long a document is that follows it. A decimal length counts it; behind `writeUTF`, which is for
 *   short texts, it is not packed.
 * @returns One packed message, or several if `writeUTF` cannot tell so long a text in one.
 */
export function pack(message: Uint8Array, packing: Packing, bytesBehind = 0): Uint8Array {
  switch (packing) {
    case "plain":
      return message;
    case "decimal length": {
      const length = String(message.length + bytesBehind).padEnd(decimalLengthBytes);
      return joinBytes(new TextEncoder().encode(length), message);
    }
    case "writeUTF": {
      const parts: Uint8Array[] = [];
      for (let start = 0; start === 0 || start < message.length; start += maxUtfBytes) {
        const part = message.subarray(start, start + maxUtfBytes);
        parts.push(Uint8Array.of(part.length >> 8, part.length & 255), part);
      }
      return joinBytes(...parts);
    }
  }
}

/** The bytes of all parts, one behind the other. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
