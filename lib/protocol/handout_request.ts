/**
 * Requests as nearly every peer sends them: a request line of the handout, and its fields, each at most once, in its
 * order. They are found in the bytes as these arrived; text is made only of what is asked for.
 * @module
 */
import { type Dialect, givenDialect } from "./dialect.ts";
import { Fields } from "./fields.ts";
import { byteString, type Head } from "./head.ts";
import { maxHostBytes, maxRfcNumber } from "./limits.ts";
import type { RequestLine } from "./request.ts";
import { protocolVersion } from "./version.ts";

const encoder = new TextEncoder();
const lineEnd = encoder.encode("\r\n");
/** How many digits a document number may have, as `findRfcNumber` has it. */
const maxDigits = 7;

const [tab, blank, tilde, zero] = [0x09, 0x20, 0x7e, 0x30];

/** What a request line begins with. */
interface Opening {
  readonly bytes: Uint8Array;
  readonly method: string;
  readonly document: string;
  /** Whether a number follows. */
  readonly hasNumber: boolean;
}

/** The request lines of the handout up to a number or the version, the most frequent first. */
const openings: readonly Opening[] = [
  ...["LOOKUP", "GET", "ADD", "REMOVE"].map((method) => opening(method, "RFC", true)),
  ...["PQuery", "KeepAlive", "Register", "Leave", "EXIT"].map((method) => opening(method, "")),
  opening("LIST", "ALL"),
  opening("GET", "RFC-Index"),
];

function opening(method: string, document: string, hasNumber = false): Opening {
  const words = document === "" ? method : `${method} ${document}`;
  return { bytes: encoder.encode(`${words} `), method, document, hasNumber };
}

/** The versions that a request line ends with. */
const versions = (["P2P-CI", "P2P-DI"] as const).map((protocol) => ({
  bytes: encoder.encode(`${protocol}/${protocolVersion}\r\n`),
  protocol,
}));

/** How the lines of the handout's fields begin, in its order. */
const fieldNames = ["Host: ", "Port: ", "OS: ", "Title: ", "Cookie: "].map((text) => ({
  bytes: encoder.encode(text),
  isHost: text === "Host: ",
}));

/** How each begins behind the line before, by its name in lower case. */
const beginnings = new Map<string, string>(
  ["Host", "Port", "OS", "Title", "Cookie"].map((name) => [name.toLowerCase(), `\r\n${name}: `]),
);

/**
 * The request at `start` of bytes that end at `end`, if a whole one of this kind stands there.
 *
 * @returns A view of the bytes, valid as long as they are.
 */
export function findHandoutRequest(
  bytes: Uint8Array,
  start: number,
  end: number,
): HandoutRequest | undefined {
  const opening = findStanding(openings, bytes, start, end);
  if (opening === undefined) return undefined;
  let at = start + opening.bytes.length;
  let number: number | undefined;
  if (opening.hasNumber) {
    const digits = at;
    number = 0;
    while (at < end && at - digits < maxDigits && isDigit(bytes[at]!)) {
      number = number * 10 + bytes[at++]! - zero;
    }
    if (number < 1 || number > maxRfcNumber || bytes[at++] !== blank) return undefined;
  }
  const version = findStanding(versions, bytes, at, end);
  if (version === undefined) return undefined;
  at += version.bytes.length;

  let hasPlainHost = false;
  for (const name of fieldNames) {
    if (!standsAt(name.bytes, bytes, at, end)) continue;
    const value = at + name.bytes.length;
    at = value;
    while (at < end && isText(bytes[at]!)) at++;
    if (name.isHost) hasPlainHost = isPlainHost(bytes, value, at);
    if (!standsAt(lineEnd, bytes, at, end)) return undefined;
    at += lineEnd.length;
  }
  if (!standsAt(lineEnd, bytes, at, end)) return undefined;
  const { method, document } = opening;
  const line = { method, document, number, protocol: version.protocol };
  return new HandoutRequest({ bytes, start, end: at + lineEnd.length }, line, hasPlainHost);
}

/** Which of several stands at a place. */
function findStanding<T extends { readonly bytes: Uint8Array }>(
  all: readonly T[],
  bytes: Uint8Array,
  at: number,
  end: number,
): T | undefined {
  for (const each of all) if (standsAt(each.bytes, bytes, at, end)) return each;
  return undefined;
}

function standsAt(expected: Uint8Array, bytes: Uint8Array, at: number, end: number): boolean {
  if (at + expected.length > end) return false;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte < zero + 10;
}

/** Whether a byte may stand in a value: ASCII, and of control characters only the tab. */
function isText(byte: number): boolean {
  return byte >= blank && byte <= tilde || byte === tab;
}

/** Whether a value is a host as it stands. */
function isPlainHost(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || end - start > maxHostBytes) return false;
  for (let at = start; at < end; at++) if (bytes[at]! <= blank) return false;
  return true;
}

/** Where bytes stand in others. */
interface Place {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** One such request. */
export class HandoutRequest implements Head {
  /** How it is to be answered. */
  readonly dialect: Dialect = givenDialect;
  /** Its first line, split. */
  readonly line: RequestLine;
  /** The fields below it. */
  readonly fields: Fields;
  readonly #place: Place;

  /** Of what was found, and where; `hasPlainHost` says that its field `Host` is one. */
  constructor(place: Place, line: RequestLine, hasPlainHost: boolean) {
    this.#place = place;
    this.line = line;
    this.fields = new HandoutFields(place, hasPlainHost);
  }

  /** Itself. */
  get head(): Head {
    return this;
  }

  /** How long it is, in bytes. */
  get length(): number {
    return this.#place.end - this.#place.start;
  }

  /** The exact bytes: a view. */
  get bytes(): Uint8Array {
    return bytesAt(this.#place);
  }

  /** The request line, without its line end. */
  get startLine(): string {
    const text = byteString(this.bytes);
    return text.slice(0, text.indexOf("\r\n"));
  }
}

/** The fields of such a request. */
class HandoutFields extends Fields {
  /** They are: no others were found. */
  readonly areHandouts = true;
  readonly #place: Place;
  readonly #hasPlainHost: boolean;
  /** The whole request, once a value was asked for. */
  #text: string | undefined;

  constructor(place: Place, hasPlainHost: boolean) {
    super();
    this.#place = place;
    this.#hasPlainHost = hasPlainHost;
  }

  /** The value of a field, or undefined; `name` in lower case. */
  override get(name: Lowercase<string>): string | undefined {
    const beginning = beginnings.get(name);
    if (beginning === undefined) return undefined;
    const text = this.#text ??= byteString(bytesAt(this.#place));
    const found = text.indexOf(beginning);
    if (found < 0) return undefined;
    const start = found + beginning.length;
    return text.slice(start, text.indexOf("\r\n", start)).trim();
  }

  /** As those of any request; the host was looked at already. */
  override expectHost(): void {
    if (!this.#hasPlainHost) super.expectHost();
  }
}

function bytesAt({ bytes, start, end }: Place): Uint8Array {
  return bytes.subarray(start, end);
}
