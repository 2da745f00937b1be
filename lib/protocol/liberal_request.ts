/**
 * Requests in other forms than the given one: finding where one ends (RFC 60001 section 8).
 * @module
 */
import type { RequestForm } from "./dialect.ts";
import { maxFields } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";
import { versionToken } from "./spelled_version.ts";
import type { Vocabulary } from "./words.ts";

/** What programs fill up messages of a fixed length with. */
const padding = /^[~!\0]+/;
/** The same behind text, which may end with a few of the visible ones itself. */
const paddingBehind = /(?:[~!]{4,}|\0+)$/;

/** A line without what fills up its message. */
export function dropPadding(line: string): string {
  return line.replace(paddingBehind, "");
}

/** Lines that end a request by saying so. */
const endMarks: readonly string[] = ["END", "EOP", "EOF"];

/** A line and what ended it; nothing if it is the last and its end has not come. */
interface Line {
  readonly text: string;
  readonly end: "\r\n" | "\n" | "\r" | "";
  /** Where the next one starts. */
  readonly next: number;
}

/** One request found at the front of a text. */
export interface FoundRequest {
  /** How many characters it takes, its end mark or padding included. */
  readonly length: number;
  /** Request line and field lines. */
  readonly lines: readonly string[];
  /** What was seen of its form while looking for its end. */
  readonly form: Pick<RequestForm, "lineEnd" | "blankLine" | "endMark">;
}

/** Whether more may come: it may; for a while nothing came; the connection has ended. */
export type Ending = "open" | "silent" | "ended";

/**
 * Finds the request at the front of a text, whose characters stand for bytes one by one. It ends at a blank line, an
 * end mark, padding, the next request line, or, if `ending` says that nothing more comes, with the text.
 *
 * @param marksKnown Whether it is known that this peer sends no end marks, so that none is waited for.
 * @returns undefined if its end has not come.
 * @throws {ProtocolError} 400, the framing lost, if it has too many lines.
 */
export function findRequest(
  text: string,
  ending: Ending,
  vocabulary: Vocabulary,
  marksKnown: boolean,
): FoundRequest | undefined {
  const lines: string[] = [];
  let lineEnd: RequestForm["lineEnd"] = "\n";
  const found = (length: number, form: Partial<RequestForm> = {}): FoundRequest => ({
    length,
    lines,
    form: { lineEnd, blankLine: false, endMark: undefined, ...form },
  });
  for (let start = 0;;) {
    if (lines.length > maxFields + 1) {
      throw new ProtocolError(400, `Cannot read head: more than ${maxFields} fields`, {
        framingLost: true,
      });
    }
    const line = readLine(text, start, ending !== "open");
    const { text: content } = line;
    if (lines.length > 0) {
      if (endMarks.includes(content.trim())) return found(line.next, { endMark: content.trim() });
      const filling = padding.exec(text.slice(start));
      if (filling !== null) return found(start + filling[0].length);
      if (content.trim() === "" && line.end !== "") {
        return findMarkBehind(text, line.next, lineEnd, ending, marksKnown, found);
      }
      if (line.end !== "" && isRequestLine(content, vocabulary)) return found(start);
    }
    if (line.end === "" && ending === "open") return undefined;
    // Padding fills up the end of a message: within one, a zero byte is no more text than anywhere else.
    if (content.trim() !== "") lines.push(line.end === "" ? dropPadding(content) : content);
    if (line.end === "") return lines.length > 0 ? found(text.length) : undefined;
    if (lines.length <= 1) lineEnd = line.end;
    start = line.next;
  }
}

/** Behind a blank line there may be an end mark, but only of those who end lines with LF. */
function findMarkBehind(
  text: string,
  next: number,
  lineEnd: RequestForm["lineEnd"],
  ending: Ending,
  marksKnown: boolean,
  found: (length: number, form: Partial<RequestForm>) => FoundRequest,
): FoundRequest | undefined {
  if (lineEnd === "\n") {
    const rest = readLine(text, next, true);
    const mark = endMarks.find((each) => each === rest.text.trim());
    if (mark !== undefined) return found(rest.next, { blankLine: true, endMark: mark });
    const mayComeYet = rest.end === "" && endMarks.some((each) => each.startsWith(rest.text));
    if (mayComeYet && ending === "open" && !marksKnown) return undefined;
  }
  return found(next, { blankLine: true });
}

function readLine(text: string, start: number, isAll: boolean): Line {
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === "\n") return { text: text.slice(start, i), end: "\n", next: i + 1 };
    if (character !== "\r") continue;
    if (text[i + 1] === "\n") return { text: text.slice(start, i), end: "\r\n", next: i + 2 };
    // A CR at the very end may be half of a CRLF.
    if (i + 1 < text.length || isAll) return { text: text.slice(start, i), end: "\r", next: i + 1 };
  }
  return { text: text.slice(start), end: "", next: text.length };
}

/** Whether a line begins a request rather than going on with one. */
function isRequestLine(line: string, vocabulary: Vocabulary): boolean {
  const [word = "", ...rest] = line.trim().split(/\s+/);
  if (!vocabulary.has(word.toUpperCase())) return false;
  return rest.length === 0 || rest.some((token) => versionToken.test(token));
}
