/**
 * Replies of both protocols: status line, fields, blank line (RFC 60001 section 3.6).
 * @module
 */
import { type CiRecord, formatCiRecord } from "./ci_record.ts";
import { type Dialect, givenDialect } from "./dialect.ts";
import type { Field, Fields } from "./fields.ts";
import { assertOneLine, type Head } from "./head.ts";
import { chunkChars } from "./lines.ts";
import { joinBytes, pack } from "./packing.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { type StatusCode, statusPhrase } from "./status.ts";
import { type Protocol, protocolVersion } from "./version.ts";

const encoder = new TextEncoder();

/** The head of a received reply. */
export interface Reply {
  /** The protocol that was asked in. */
  readonly protocol: Protocol;
  /** Three digits; also ones that this project never sends. */
  readonly status: number;
  /** What stands behind the code, for people; empty if nothing does. */
  readonly phrase: string;
  /** What stands below the status line. */
  readonly fields: Fields;
}

/** A reply to be sent. */
export interface ReplyMessage {
  /** Named in the status line. */
  readonly protocol: Protocol;
  /** What became of the request. */
  readonly status: StatusCode;
  /** What stands below the status line. */
  readonly fields: readonly Field[];
  /** The records of a P2P-CI list. */
  readonly records?: Iterable<CiRecord> | undefined;
  /** Content whose length is among the fields. */
  readonly content?: readonly Uint8Array[] | undefined;
  /** How long the document is that follows, in bytes, if one does. */
  readonly documentBytes?: number | undefined;
  /** All of it in the given form, where that was made before. */
  readonly givenText?: string | undefined;
}

/**
 * The bytes of a reply but for a document, in the dialect that was asked in.
 *
 * @throws {TypeError} as `replyText`.
 */
export function encodeReply(message: ReplyMessage, dialect: Dialect): Uint8Array<ArrayBufferLike> {
  const text = encoder.encode([...replyText(message, dialect)].join(""));
  const bytes = joinBytes(text, ...message.content ?? []);
  return pack(bytes, dialect.packing, message.documentBytes);
}

/**
 * The text of a reply, but for its content or a document and not packed, in the dialect that was asked in.
 *
 * @returns Pieces, made as they are asked for, so that a list of any length takes little memory.
 * @throws {TypeError} if a part holds a line break or another control character: that is our own bug.
 */
export function replyText(message: ReplyMessage, dialect: Dialect): Iterable<string> {
  if (message.givenText !== undefined && dialect === givenDialect) return [message.givenText];
  const { protocol, status, fields, records, content, documentBytes } = message;
  const { lineEnd, recordPrefix, blankAfterStatus, blankAfterRecords, endMark } = dialect;
  const version = dialect.version ?? `${protocol}/${protocolVersion}`;
  let head = `${version} ${status} ${statusPhrase(protocol, status)}${lineEnd}`;
  for (const [name, value] of fields) head += `${name}: ${assertOneLine(value)}${lineEnd}`;
  if (documentBytes !== undefined) return [dialect.blankAfterHead ? head + lineEnd : head];
  if (content !== undefined) return [head + lineEnd];

  const mark = endMark === undefined ? "" : endMark + lineEnd;
  if (records === undefined) {
    return [head + (blankAfterStatus || blankAfterRecords ? lineEnd : "") + mark];
  }
  return recordsText(
    blankAfterStatus ? head + lineEnd : head,
    records,
    recordPrefix,
    lineEnd,
    (blankAfterRecords ? lineEnd : "") + mark,
  );
}

/** As `joinLines` of the records' lines; in one, since a LOOKUP's reply mostly is a single short piece. */
function* recordsText(
  first: string,
  records: Iterable<CiRecord>,
  prefix: string,
  lineEnd: string,
  last: string,
): Generator<string, void, undefined> {
  let text = first;
  for (const record of records) {
    text += formatCiRecord(record, prefix) + lineEnd;
    if (text.length >= chunkChars) {
      yield text;
      text = "";
    }
  }
  yield text + last;
}

/**
 * The reply that a head makes.
 *
 * @throws {ProtocolError} if its first line is not a status line of the protocol asked in.
 */
export function decodeReply({ startLine, fields }: Head, protocol: Protocol): Reply {
  const match = /^(P2P-CI|P2P-DI)\/1\.0 (\d{3})(?: (.*))?$/.exec(startLine);
  if (match === null || match[1] !== protocol) {
    throw new ProtocolError(
      400,
      `Cannot parse reply: expected "${protocol}/${protocolVersion} CODE PHRASE", got ${
        quoted(startLine)
      }`,
    );
  }
  return { protocol, status: Number(match[2]), phrase: match[3] ?? "", fields };
}

/**
 * The length of a reply's content in bytes, or undefined if the reply does not say.
 *
 * @throws {ProtocolError} if it is not a plain decimal number of at most 15 digits (exact as a double).
 */
export function contentLength(fields: Fields): number | undefined {
  const text = fields.get("content-length");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) {
    throw new ProtocolError(
      400,
      `Cannot read content: expected a length in decimal digits, got ${quoted(text)}`,
      { framingLost: true },
    );
  }
  return Number(text);
}
