/**
 * Replies of other index servers: status lines and records in every spelling that was seen (RFC 60001 section 8).
 * @module
 */
import type { CiRecord } from "./ci_record.ts";
import { findPort, parseHost } from "./endpoint.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { findRfcNumber } from "./rfc_number.ts";
import type { Reply } from "./reply.ts";

/**
 * The status that a line tells: `P2P-CI/1.0 200 OK`, `P2P-CI-v1.0 200 OK`, `505 Version Not Supported`.
 *
 * @throws {ProtocolError} if it tells none.
 */
export function parseStatusLine(line: string): Pick<Reply, "status" | "phrase"> {
  const match = findStatusLine(line);
  if (match === undefined) {
    throw new ProtocolError(
      400,
      `Cannot parse reply: expected "P2P-CI/1.0 CODE PHRASE", got ${quoted(line)}`,
    );
  }
  return match;
}

/**
 * The status that a line tells, or undefined. Some begin it with the word of the request that they took for a version.
 */
export function findStatusLine(line: string): Pick<Reply, "status" | "phrase"> | undefined {
  const match = /^\s*(?:(?:P2P-?[CD]I\S*|ALL)\s+(?:v?\d+\.\d+\s+)?)?([1-5]\d\d)(?:\s+(\S.*?))?\s*$/i
    .exec(
      line,
    );
  return match === null ? undefined : { status: Number(match[1]), phrase: match[2] ?? "" };
}

/** Lines that end a reply in some programs. */
export function isEndMark(line: string): boolean {
  return /^\s*(?:END|EOF|EOP)\s*$/.test(line);
}

/** Whether the parts of a record are named. */
const isLabelled = /[\s,]Host ?(?:name)?\s*[:=].*\bPort\s*[:=]\s*\d{1,5}$/i;
const labels = /(?:^|[\s,])(?:(?:RFC )?(?:Number|Title)|Host ?(?:name)?|Port)\s*[:=]\s*/gi;

/**
 * The record that a line holds in any spelling: `RFC 6 …`, `RFC6 …`, `RFC: 6 …`, `6 …`; `<sp>` and `<c>` written out;
 * the parts named as in `Title: …`; the host as `name/address:port`. Read from the right: port, host, then the title; number from the left.
 *
 * @returns undefined if it holds none.
 */
export function findRecord(line: string): CiRecord | undefined {
  const spelled = line.includes("<")
    ? line.replaceAll(/<sp>/gi, " ").replaceAll(/<c>/gi, ",").trim()
    : line.trim();
  const plain = isLabelled.test(spelled) ? spelled.replaceAll(labels, " ").trim() : spelled;
  const start = /^(?:RFC[\s:#-]*)?(\d{1,7})(?=[\s,])(,?)\s*/i.exec(plain);
  if (start === null) return undefined;
  const [beforePort, portText, gap] = splitLastWord(plain.slice(start[0].length), " \t\r,:");
  const [title, hostText] = splitLastWord(
    gap === ":" ? beforePort.slice(0, -1) : beforePort,
    " \t\r,",
  );
  const number = findRfcNumber(start[1]!);
  const port = findPort(portText);
  if (number === undefined || port === undefined) return undefined;
  try {
    return {
      number,
      title: trimTitle(title, start[2]!),
      host: parseHost(plainHost(hostText)),
      port,
    };
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/**
 * Splits the last word off a text, by characters: patterns for this take too long on lines made to that end.
 *
 * @returns What stands before it, the word, and the character between.
 */
function splitLastWord(text: string, separators: string): [string, string, string | undefined] {
  let end = text.length;
  while (end > 0 && separators.includes(text[end - 1]!)) end--;
  let start = end;
  while (start > 0 && !separators.includes(text[start - 1]!)) start--;
  return [text.slice(0, start), text.slice(start, end), text[start - 1]];
}

/** A title without the commas of a record whose parts have commas between them. */
function trimTitle(title: string, comma: string): string {
  return comma === "" ? title.trim() : title.trim().replace(/,$/, "");
}

/** Java prints an address as `name/192.0.2.7:49152`: the address is what can be reached. */
function plainHost(host: string): string {
  const match = /^[^/]*\/([^/]+?)(?::\d{1,5})?$/.exec(host);
  return match?.[1] ?? host;
}
