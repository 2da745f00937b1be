/**
 * Requests in the given form (RFC 60001 section 3.2), the straight way: the handout's own from their bytes, those with other
 * fields from text, which is made once of what arrived together, and in which one pattern finds and checks each.
 * @module
 */
import { type Dialect, givenDialect } from "./dialect.ts";
import { FieldTable } from "./fields.ts";
import { findHandoutRequest, type HandoutRequest } from "./handout_request.ts";
import { decodeText, type Head, parseHeadText } from "./head.ts";
import { maxLineBytes } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { ReceiveBuffer } from "./receive_buffer.ts";

/** The request lines of the handout. */
const requestLine =
  "(?:(?:ADD|LOOKUP|REMOVE|GET) RFC \\d+|LIST ALL|EXIT|GET RFC-Index|Register|KeepAlive|PQuery|Leave) " +
  "P2P-[CD]I/\\d+\\.\\d+\\r\\n";

/** Fields as the handout spells them, and the blank line. */
const wholeRequest = new RegExp(`^${requestLine}(?:[!-9;-~]+: [^\\r\\n]*\\r\\n)*\\r\\n$`);

/** The same in ASCII, without control characters but tabs. */
const nextRequest = new RegExp(`${requestLine}(?:[!-9;-~]+: [\\t -~]*\\r\\n)*\\r\\n`, "y");

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const LF = 10;

/** What a head in the given form says, or why it says nothing; undefined if it is in another form. */
export function parseGivenRequest(bytes: Uint8Array): Head | ProtocolError | undefined {
  try {
    const text = decodeText(bytes);
    if (!wholeRequest.test(text)) return undefined;
    return parse(() => parseHeadText(text));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** A request in the given form. */
export class GivenRequest {
  /** How it is to be answered. */
  readonly dialect: Dialect = givenDialect;
  readonly #text: string;

  /** `text` is all of it, in ASCII; `head` what it says, or why it says nothing. */
  constructor(text: string, readonly head: Head | ProtocolError) {
    this.#text = text;
  }

  /** The exact bytes. */
  get bytes(): Uint8Array {
    return encoder.encode(this.#text);
  }
}

/** Takes requests in the given form from the front of one connection's buffer, as long as all that is there is ASCII. */
export class GivenRequests {
  /** What arrived, each character for a byte. */
  #text = "";
  /** Where the text begins, in bytes since the connection began. */
  #begin = 0;

  /** Takes the next request; undefined if it has not come whole, or another way of reading is needed. */
  take(buffer: ReceiveBuffer): GivenRequest | HandoutRequest | undefined {
    if (buffer.length === 0) return undefined;
    const isCurrent = this.#isCurrent(buffer);
    if (!isCurrent && !mayBeWhole(buffer)) return undefined;
    const request = buffer.look(findHandoutRequest);
    if (request !== undefined && request.length <= maxLineBytes) {
      buffer.consume(request.length);
      return request;
    }
    if (!isCurrent && !this.#decode(buffer)) return undefined;
    const start = buffer.position - this.#begin;
    nextRequest.lastIndex = start;
    if (!nextRequest.test(this.#text)) return undefined;
    const end = nextRequest.lastIndex;
    // No line of it can pass its limit then, nor can the head.
    if (end - start > maxLineBytes) return undefined;
    buffer.consume(end - start);
    const text = this.#text.slice(start, end);
    // An idle connection keeps nothing of what came before.
    if (buffer.length === 0) this.#text = "";
    return new GivenRequest(text, parse(() => parseChecked(text)));
  }

  #isCurrent({ position, length }: ReceiveBuffer): boolean {
    return this.#begin <= position &&
      position + length === this.#begin + this.#text.length;
  }

  #decode(buffer: ReceiveBuffer): boolean {
    const { bytes } = buffer;
    const text = decoder.decode(bytes);
    // Bytes that are not UTF-8 give a character each, which the pattern refuses.
    if (text.length !== bytes.length) return false;
    this.#text = text;
    this.#begin = buffer.position;
    return true;
  }
}

/** Bytes that come one by one are not each looked at with all before them: only when a request may be whole. */
function mayBeWhole(buffer: ReceiveBuffer): boolean {
  return buffer.scanned === 0 ||
    buffer.look((bytes, _, end) => bytes[end - 1] === LF && bytes[end - 3] === LF);
}

/** A head that the pattern for fields of any name has found. */
function parseChecked(text: string): Head {
  const fields = new FieldTable();
  const firstEnd = text.indexOf("\r\n");
  for (
    let start = firstEnd + 2, end;
    (end = text.indexOf("\r\n", start)) > start;
    start = end + 2
  ) {
    const colon = text.indexOf(":", start);
    fields.add(text.slice(start, colon), text.slice(colon + 2, end).trim());
  }
  return { startLine: text.slice(0, firstEnd), fields };
}

/** The head, or why it says nothing. */
function parse(read: () => Head): Head | ProtocolError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
