/**
 * Reading requests in the given form, and, where that is wanted, in the forms of other programs
 * (RFC 60001 sections 3 and 8).
 * @module
 */
import { type Dialect, dialectOf, givenDialect, type Packing } from "./dialect.ts";
import { GivenRequests, parseGivenRequest } from "./given_requests.ts";
import { byteString, dropBlankLines, findHeadEnd, type Head, takeHead } from "./head.ts";
import { portBeforeWord } from "./introduction.ts";
import { type Ending, findRequest, type FoundRequest } from "./liberal_request.ts";
import { maxHeadBytes } from "./limits.ts";
import { findPacking, takePacked } from "./packing.ts";
import { ProtocolError } from "./protocol_error.ts";
import type { ReceiveBuffer } from "./receive_buffer.ts";
import { translate } from "./translation.ts";
import type { Vocabulary } from "./words.ts";

/** How long a peer must be silent for its request to be taken as complete without its end, in ms, if all that the handout wants is there. */
export const silenceMs = 200;

/** The same in ms if only what is needed is there: a person who types may be thinking. */
export const longSilenceMs = 1_000;

/** What a server understands. */
export interface ReaderOptions {
  /** Whether only the given form is read. */
  readonly strict: boolean;
  /** The words it knows. */
  readonly vocabulary: Vocabulary;
  /** Where requests come from. */
  readonly remoteHost: string;
  /** Throws a `ProtocolError` if a head makes no request: then its end has not come. */
  readonly decode: (head: Head) => unknown;
}

/** A request as it was read. */
export interface ReadRequest {
  /** The exact bytes: a view, valid until more are received. */
  readonly bytes: Uint8Array;
  /** How it is to be answered. */
  readonly dialect: Dialect;
  /** What it says, in the given form; or why it says nothing. */
  readonly head: Head | ProtocolError;
}

/** The fields that the handout gives each method, in small letters: with all of them a request needs no more. */
const handoutFields: Readonly<Record<string, readonly Lowercase<string>[]>> = {
  ADD: ["host", "port", "title"],
  LOOKUP: ["host", "port", "title"],
  LIST: ["host", "port"],
  REMOVE: ["host", "port"],
  REGISTER: ["host", "port"],
  GET: ["host", "os"],
  Register: ["host", "port"],
  KeepAlive: ["host", "cookie"],
  PQuery: ["host"],
  Leave: ["host", "cookie"],
};

/** What may stand between two requests: blank lines, padding, the zero byte that ends a text in C, a late end mark. */
const noise = /^(?:[\r\n~! \t\0]+|(?:END|EOP|EOF)[ \t]*[\r\n])+/;

/** An end mark without a line end, which a word may follow as long as more can come. */
const lastMark = /^(?:END|EOP|EOF)[ \t]*$/;

/** Reads the requests of one connection. */
export class RequestReader {
  readonly #options: ReaderOptions;
  readonly #given = new GivenRequests();
  /** Whether this peer always ends requests with a blank line, as one in the given form does. */
  #endsWithBlankLine = false;
  #marksKnown = false;
  /** As in the first request: a zero that begins a length there is padding behind a request without one. */
  #packing: Packing | undefined;
  #lookedAt = 0;
  #silenceMs: number | undefined;
  /** Whether more came that was not looked at, since nothing in it can end a request but silence. */
  #hasUnseen = false;

  /** For one connection. */
  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /**
   * After `take` found none: how long the peer must be silent for what is there to be its request, in ms; undefined
   * if that is no request yet.
   */
  get silenceMs(): number | undefined {
    return this.#silenceMs;
  }

  /**
   * Takes the next request from the front of a buffer; undefined as long as its end has not come.
   *
   * @throws {ProtocolError} 400, the framing lost, if a limit is passed.
   */
  take(buffer: ReceiveBuffer, ending: Ending): ReadRequest | undefined {
    if (buffer.length === 0) {
      this.#lookedAt = 0;
      return undefined;
    }
    if (this.#options.strict) return this.#takeStrict(buffer);
    const taken = this.#takeGiven(buffer) ?? this.#takeOther(buffer, ending);
    this.#lookedAt = taken === undefined ? buffer.length : 0;
    if (taken !== undefined) this.#silenceMs = undefined;
    return taken;
  }

  #takeStrict(buffer: ReceiveBuffer): ReadRequest | undefined {
    const bytes = takeHead(buffer);
    if (bytes === undefined) return undefined;
    const head = parseGivenRequest(bytes) ??
      new ProtocolError(400, "Cannot serve request: it is not in the given form");
    return { bytes, dialect: givenDialect, head };
  }

  #takeGiven(buffer: ReceiveBuffer): ReadRequest | undefined {
    const request = this.#given.take(buffer) ?? takeUnusual(buffer);
    if (request === undefined) return undefined;
    this.#endsWithBlankLine = true;
    this.#packing = "plain";
    return request;
  }

  #takeOther(buffer: ReceiveBuffer, ending: Ending): ReadRequest | undefined {
    const packing = (this.#packing ??= findPacking(buffer)) ?? "plain";
    if (packing !== "plain") return this.#takePacked(buffer, packing);
    if (ending === "open" && !this.#hasNews(buffer)) {
      this.#hasUnseen = true;
      this.#silenceMs = silenceMs;
      return undefined;
    }
    this.#silenceMs = undefined;
    this.#dropNoise(buffer, ending);
    if (buffer.length === 0) return undefined;

    const { vocabulary } = this.#options;
    const text = byteString(buffer.bytes.subarray(0, maxHeadBytes + 1));
    if (this.#mustWaitLonger(text, ending)) return undefined;
    const request = findRequest(text, ending, vocabulary, this.#marksKnown);
    if (request === undefined) {
      this.#silenceMs = this.#neededSilence(text);
      return undefined;
    }
    const bytes = buffer.bytes.subarray(0, request.length);
    buffer.consume(request.length);
    if (request.form.endMark === undefined) this.#marksKnown = true;
    return this.#translate(bytes, request, packing);
  }

  #takePacked(
    buffer: ReceiveBuffer,
    packing: Exclude<Packing, "plain">,
  ): ReadRequest | undefined {
    const packed = takePacked(buffer, packing);
    if (packed === undefined) return undefined;
    const text = byteString(packed.text);
    const request = findRequest(text, "ended", this.#options.vocabulary, true);
    if (request !== undefined) return this.#translate(packed.bytes, request, packing);
    const head = new ProtocolError(400, "Cannot serve request: the packed message is empty");
    return { bytes: packed.bytes, dialect: { ...givenDialect, packing }, head };
  }

  #translate(bytes: Uint8Array, request: FoundRequest, packing: Packing): ReadRequest {
    const { vocabulary, remoteHost } = this.#options;
    const { form, head } = translate(request, vocabulary, packing, remoteHost);
    return { bytes, dialect: dialectOf(form), head };
  }

  /** After a silence: whether what came unseen before it asks for a longer one. */
  #mustWaitLonger(text: string, ending: Ending): boolean {
    const hadUnseen = this.#hasUnseen;
    this.#hasUnseen = false;
    if (!hadUnseen || ending !== "silent") return false;
    this.#silenceMs = this.#neededSilence(text);
    return this.#silenceMs !== silenceMs;
  }

  /** How long to wait for more of what could be a whole request; undefined if it could not. */
  #neededSilence(text: string): number | undefined {
    const { vocabulary, remoteHost, decode } = this.#options;
    const request = findRequest(text, "silent", vocabulary, true);
    if (request === undefined) return undefined;
    if (request.form.blankLine) return silenceMs;
    const { head } = translate(request, vocabulary, "plain", remoteHost);
    // No further line can make sense of a request line that makes none.
    if (head instanceof ProtocolError) return /[\r\n]/.test(text) ? longSilenceMs : undefined;
    const isUnderstood = !(attempt(() => decode(head)) instanceof ProtocolError);
    const method = head.startLine.split(" ", 1)[0]!;
    const wanted = handoutFields[method] ?? [];
    const isWhole = wanted.every((name) => head.fields.get(name) !== undefined);
    if (isUnderstood && isWhole && !this.#endsWithBlankLine) return silenceMs;
    return isUnderstood || isWhole ? longSilenceMs : undefined;
  }

  /**
   * Whether anything came that can end a request. Without this, bytes that come one by one would each cost a look at
   * all that came before.
   */
  #hasNews(buffer: ReceiveBuffer): boolean {
    const news = buffer.bytes.subarray(Math.min(this.#lookedAt, buffer.length));
    return this.#lookedAt === 0 || news.some((byte) => endingBytes.has(byte));
  }

  #dropNoise(buffer: ReceiveBuffer, ending: Ending): void {
    for (const pattern of [noise, portBeforeWord, ...(ending === "open" ? [] : [lastMark])]) {
      const match = pattern.exec(byteString(buffer.bytes));
      if (match !== null) buffer.consume(match[0].length);
    }
  }
}

/** Takes a request in the given form that is not all ASCII, has blank lines before it, or came in parts. */
function takeUnusual(buffer: ReceiveBuffer): ReadRequest | undefined {
  dropBlankLines(buffer);
  const end = findHeadEnd(buffer);
  if (end === undefined) return undefined;
  const bytes = buffer.bytes.subarray(0, end);
  const head = parseGivenRequest(bytes);
  if (head === undefined) return undefined;
  buffer.consume(end);
  return { bytes, dialect: givenDialect, head };
}

/** The bytes that a request can end with: line ends, padding, and the last letters of end marks. */
const endingBytes: ReadonlySet<number> = new Set(Array.from("\r\n~!\0DPF", (c) => c.charCodeAt(0)));

/** The result, or the protocol error that was thrown instead. */
function attempt<T>(read: () => T): T | ProtocolError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}
