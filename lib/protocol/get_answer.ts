/**
 * Answers to a GET from other upload ports: where the document begins (RFC 60001 sections 5.4 and 8).
 * @module
 */
import type { AnswerHead } from "./answer_head.ts";
import { byteString } from "./head.ts";
import { ProtocolError } from "./protocol_error.ts";
import { contentLength } from "./reply.ts";

/** How many bytes too many some programs state. */
const maxOverstatedBytes = 4;

/**
 * Where the document starts in what follows the status line and fields. There are up to three places: behind a blank
 * line, behind the words `RFC Data:`, or at once, since RFCs begin with blank lines themselves. The stated length
 * tells which.
 *
 * @param rest All that followed.
 * @param head Its stated length is believed to the byte if it is in the given form; others count some bytes too many.
 * @returns undefined if it is shorter than stated, wherever it starts.
 * @throws {ProtocolError} if it is longer.
 */
export function findDocumentStart(
  rest: Uint8Array,
  head: AnswerHead,
): number | undefined {
  const { fields, isGiven } = head;
  const stated = contentLength(fields);
  if (stated === undefined) return likeliestStart(rest, head);
  const starts = possibleStarts(rest);
  const likely = isGiven && findBlankLine(rest) === "\n"
    ? starts.filter((each) => each !== 1)
    : starts;
  const start = findExactStart(rest, likely, stated) ?? findExactStart(rest, starts, stated) ??
    starts.find((each) => !isGiven && isOverstated(stated, rest.length - each));
  if (start !== undefined) return start;
  const got = rest.length - starts[0]!;
  if (got < stated) return undefined;
  throw new ProtocolError(400, `Cannot take document: ${stated} bytes were stated, ${got} came`);
}

/** Where a document starts that has so many bytes, or else so many characters. */
function findExactStart(
  rest: Uint8Array,
  starts: readonly number[],
  stated: number,
): number | undefined {
  return starts.find((each) => rest.length - each === stated) ??
    starts.find((each) => hasCharacters(rest.subarray(each), stated));
}

/** Whether so much of a document has come that nothing more is expected. */
export function isComplete(rest: Uint8Array, { fields }: AnswerHead): boolean {
  const stated = contentLength(fields);
  return stated !== undefined &&
    possibleStarts(rest).some((start) => rest.length - start === stated);
}

/** How much of what follows a head is looked at for the beginning of the document, in bytes. */
const beginningBytes = 64;

/** The likeliest first. */
function possibleStarts(rest: Uint8Array): number[] {
  return [findMarker(rest), findBlankLine(rest)?.length, 0].filter((start) => start !== undefined);
}

function findMarker(rest: Uint8Array): number | undefined {
  return /^\s*RFC Data:[ \t]*(?:\r?\n)?/i.exec(beginningOf(rest))?.[0].length;
}

function findBlankLine(rest: Uint8Array): string | undefined {
  return /^\r?\n/.exec(beginningOf(rest))?.[0];
}

function beginningOf(rest: Uint8Array): string {
  return byteString(rest.subarray(0, beginningBytes));
}

/**
 * Where a document starts whose length is not stated. Without a head, at once. A blank line whose end is not that of
 * the head's lines is the document's; so are several behind a status line alone, since whoever writes no more than that
 * writes no blank line either.
 */
function likeliestStart(rest: Uint8Array, { status, isGiven, hasFields }: AnswerHead): number {
  if (status === undefined) return 0;
  const blankLine = findBlankLine(rest) ?? "";
  const hasMore = findBlankLine(rest.subarray(blankLine.length)) !== undefined;
  const isOfHead = isGiven ? blankLine === "\r\n" : hasFields || !hasMore;
  return findMarker(rest) ?? (isOfHead ? blankLine.length : 0);
}

/** Whether a text has so many characters, as Java (UTF-16 code units) or Python (code points) counts them. */
function hasCharacters(bytes: Uint8Array, count: number): boolean {
  // A mark at the beginning, as RFCs have since 2019, is a character to them.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text.length === count || Array.from(text).length === count;
}

function isOverstated(stated: number, got: number): boolean {
  return stated > got && stated - got <= maxOverstatedBytes;
}

/** Whether a text says near its beginning that it is RFC `number`; what has no status line has nothing else to show. */
export function namesDocument(text: Uint8Array, number: number): boolean {
  const beginning = byteString(text.subarray(0, 4_096));
  return new RegExp(`(?:rfc|requests? for comments)[^0-9]{0,8}0*${number}(?![0-9])`, "i")
    .test(beginning);
}
