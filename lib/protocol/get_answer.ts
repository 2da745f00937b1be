/**
 * Answers to a GET from other upload ports: where the head ends and the document begins (RFC 60001 sections 5.4 and 8).
 * @module
 */
import { Fields } from "./fields.ts";
import { byteString, CR, LF } from "./head.ts";
import { findStatusLine } from "./liberal_reply.ts";
import { maxHeadBytes } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";
import { contentLength } from "./reply.ts";
import type { Protocol } from "./version.ts";

/** The head of an answer as far as there is one. */
export interface AnswerHead {
  /** Undefined if the answer has no status line and is the document alone. */
  readonly status: number | undefined;
  /** The protocol that the status line names, if it names one. */
  readonly protocol: Protocol | undefined;
  /** What stands behind the status; empty if nothing does. */
  readonly phrase: string;
  /** What stands below it. */
  readonly fields: Fields;
  /** How many bytes the status line and the fields take, without a blank line. */
  readonly length: number;
  /** Whether its lines end as the handout has it. */
  readonly isGiven: boolean;
}

/**
 * Reads the head of an answer, line by line, for as long as its lines are fields.
 *
 * @param isAll Whether nothing more will come.
 * @returns undefined if the line that shows its end has not come.
 */
export function findAnswerHead(bytes: Uint8Array, isAll: boolean): AnswerHead | undefined {
  const possible = bytes.subarray(0, maxHeadBytes);
  const isCut = !isAll && bytes.length < maxHeadBytes;
  const fields = new Fields();
  const first = readLine(possible, 0);
  if (first === undefined && isCut) return undefined;
  const beginning = first?.line ?? byteString(possible);
  const status = findStatusLine(beginning);
  if (status === undefined) {
    return {
      status: undefined,
      protocol: undefined,
      phrase: "",
      fields,
      length: 0,
      isGiven: false,
    };
  }
  const isGiven = first !== undefined && possible[first.next - 2] === CR;
  const protocol = /^\s*P2P-?([CD])I/i.exec(beginning)?.[1]?.toUpperCase();
  const named = protocol === undefined ? undefined : protocol === "C" ? "P2P-CI" : "P2P-DI";
  let length = first?.next ?? possible.length;
  for (;;) {
    const next = readLine(possible, length);
    if (next === undefined && isCut) return undefined;
    if (next === undefined && possible.length === maxHeadBytes) {
      throw new ProtocolError(400, `Cannot read head: longer than ${maxHeadBytes} bytes`);
    }
    const match = /^([A-Za-z][\w-]*):[ \t]*(.*?)[ \t]*$/.exec(next?.line ?? "");
    if (match === null) return { ...status, protocol: named, fields, length, isGiven };
    fields.set(match[1]!, match[2]!);
    length = next!.next;
  }
}

/** One line, since a long document may follow the head: without its end. Undefined if that has not come. */
function readLine(bytes: Uint8Array, start: number): { line: string; next: number } | undefined {
  const end = bytes.indexOf(LF, start);
  if (end < 0) return undefined;
  const line = byteString(bytes.subarray(start, end)).replace(/\r$/, "");
  return { line, next: end + 1 };
}

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
  { fields, isGiven }: AnswerHead,
): number | undefined {
  const starts = possibleStarts(rest);
  const stated = contentLength(fields);
  if (stated === undefined) return starts[0]!;
  const start = starts.find((each) => rest.length - each === stated) ??
    starts.find((each) => hasCharacters(rest.subarray(each), stated)) ??
    starts.find((each) => !isGiven && isOverstated(stated, rest.length - each));
  if (start !== undefined) return start;
  const got = rest.length - starts[0]!;
  if (got < stated) return undefined;
  throw new ProtocolError(400, `Cannot take document: ${stated} bytes were stated, ${got} came`);
}

/** Whether so much of a document has come that nothing more is expected. */
export function isComplete(rest: Uint8Array, { fields }: AnswerHead): boolean {
  const stated = contentLength(fields);
  return stated !== undefined &&
    possibleStarts(rest).some((start) => rest.length - start === stated);
}

/** The likeliest first. */
function possibleStarts(rest: Uint8Array): number[] {
  const beginning = byteString(rest.subarray(0, 64));
  const blankLine = /^\r?\n/.exec(beginning)?.[0].length;
  const marker = /^\s*RFC Data:[ \t]*(?:\r?\n)?/i.exec(beginning)?.[0].length;
  return [marker, blankLine, 0].filter((start) => start !== undefined);
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
