/**
 * Heads of answers to a GET as other upload ports send them (RFC 60001 sections 5.4 and 8).
 * @module
 */
import { type Field, type Fields, FieldTable } from "./fields.ts";
import { byteString } from "./head.ts";
import { findStatusLine } from "./liberal_reply.ts";
import { maxHeadBytes, maxLineBytes } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";
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
  /** Whether it has any. */
  readonly hasFields: boolean;
  /** How many bytes the status line and the fields take, without a blank line. */
  readonly length: number;
  /** Whether its lines end as the handout has it. */
  readonly isGiven: boolean;
}

/**
 * The fields that the handout gives an answer, in small letters. Behind them nothing is taken for a field that no blank
 * line follows: it may be the beginning of a document.
 */
const givenFields: ReadonlySet<string> = new Set([
  "date",
  "os",
  "last-modified",
  "content-length",
  "content-type",
]);

/** How many blank lines may stand within a head: the dates of some programs bring a line end of their own. */
const maxBlankLinesWithin = 2;

/**
 * Reads the head of an answer, line by line, for as long as its lines are fields.
 *
 * @param isAll Whether nothing more will come.
 * @returns undefined if the line that shows its end has not come.
 * @throws {ProtocolError} if it is longer than a head may be.
 */
export function findAnswerHead(bytes: Uint8Array, isAll: boolean): AnswerHead | undefined {
  const text = byteString(bytes.subarray(0, maxHeadBytes));
  const isCut = !isAll && bytes.length < maxHeadBytes;
  const first = readLine(text, 0);
  if (first === undefined && isCut) return undefined;
  const status = findStatusLine(first?.line ?? text);
  if (status === undefined) return headless;
  const head = readFields(text, first?.next ?? text.length, isCut, status.status === 200);
  if (head === undefined) return undefined;
  const isGiven = first?.line !== undefined && text.startsWith(`${first.line}\r\n`);
  const protocol = /^\s*P2P-?([CD])I/i.exec(text)?.[1]?.toUpperCase();
  const named = protocol === undefined ? undefined : protocol === "C" ? "P2P-CI" : "P2P-DI";
  return { ...status, protocol: named, ...head, isGiven };
}

/** What an answer has that is a document alone. */
const headless: AnswerHead = {
  status: undefined,
  protocol: undefined,
  phrase: "",
  fields: new FieldTable(),
  hasFields: false,
  length: 0,
  isGiven: false,
};

/**
 * The fields of a head and where they end. One that the handout does not know belongs to it if one that it knows, or a
 * blank line, comes behind; blank lines do if the fields go on behind them before a length was stated.
 *
 * @param mayGoOn Whether there may be blank lines within it.
 */
function readFields(
  text: string,
  start: number,
  isCut: boolean,
  mayGoOn: boolean,
): Pick<AnswerHead, "fields" | "hasFields" | "length"> | undefined {
  const fields = new FieldTable();
  let length = start;
  let unsettled: Field[] = [];
  const settle = (end: number) => {
    for (const [name, value] of unsettled) fields.set(name, value);
    unsettled = [];
    length = end;
  };
  for (let at = start;;) {
    const line = readLine(text, at);
    if (line === undefined && text.length - at <= maxLineBytes) {
      if (isCut) return undefined;
      if (text.length === maxHeadBytes) {
        throw new ProtocolError(400, `Cannot read head: longer than ${maxHeadBytes} bytes`);
      }
    }
    const field = line && findField(line.line);
    if (field !== undefined) {
      unsettled.push(field);
      at = line!.next;
      if (givenFields.has(field[0])) settle(at);
      continue;
    }
    if (line?.line === "") {
      settle(at);
      const isStated = fields.get("content-length") !== undefined;
      const next = mayGoOn && !isStated ? findFieldBehind(text, at, isCut, fields) : undefined;
      if (next === "undecided") return undefined;
      if (next !== undefined) {
        at = next;
        continue;
      }
    }
    return { fields, hasFields: length > start, length };
  }
}

/** Where behind blank lines a field stands that the handout knows and that has not come yet. */
function findFieldBehind(
  text: string,
  start: number,
  isCut: boolean,
  fields: Fields,
): number | undefined | "undecided" {
  let at = start;
  for (let blanks = 0; blanks <= maxBlankLinesWithin; blanks++) {
    const line = readLine(text, at);
    if (line === undefined) {
      return isCut && text.length - at <= maxLineBytes ? "undecided" : undefined;
    }
    if (line.line !== "") {
      const name = findField(line.line)?.[0] ?? "";
      const isNext = givenFields.has(name) && fields.get(name as Lowercase<string>) === undefined;
      return isNext ? at : undefined;
    }
    at = line.next;
  }
  return undefined;
}

/** The field that a line holds, its name in small letters; some write `Last Modified`. */
function findField(line: string): Field | undefined {
  const match = /^([a-z][\w-]*(?: (?:modified|length|type))?)[ \t]*:(.*)$/i.exec(line);
  return match === null ? undefined : [match[1]!.toLowerCase().replace(" ", "-"), match[2]!.trim()];
}

function readLine(text: string, start: number): { line: string; next: number } | undefined {
  const end = text.indexOf("\n", start);
  return end < 0 ? undefined : { line: text.slice(start, end).replace(/\r$/, ""), next: end + 1 };
}
