/**
 * Requests in other forms than the given one: finding where one ends, and saying the same in the given form
 * (RFC 60001 section 8).
 * @module
 */
import type { Packing, RequestForm } from "./dialect.ts";
import { Fields } from "./fields.ts";
import { decodeLiberally, type Head } from "./head.ts";
import { maxFields } from "./limits.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { parseVersion, protocolVersion } from "./version.ts";
import {
  fieldSynonyms,
  indexServerWords,
  registrationServerWords,
  type Vocabulary,
  type Word,
} from "./words.ts";

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
      if (content === "" && line.end !== "") {
        return findMarkBehind(text, line.next, lineEnd, ending, marksKnown, found);
      }
      if (line.end !== "" && isRequestLine(content, vocabulary)) return found(start);
    }
    if (line.end === "" && ending === "open") return undefined;
    // Padding fills up the end of a message: within one, a zero byte is no more text than anywhere else.
    if (content !== "") lines.push(line.end === "" ? dropPadding(content) : content);
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

/** Any way to spell a version: `P2P-CI/1.0`, `P2P-CI-v1.0.0`, `p2p-ci/1`. */
const versionToken = /^P2P-?(CI|DI)(?:[-/]?v?(\d{1,3}(?:\.\d{1,3})*))?$/i;

/** A request said in the given form, or why it cannot be; and what was seen of its own. */
export interface Translation {
  /** What it says, or why it says nothing. */
  readonly head: Head | ProtocolError;
  /** What was seen of its form. */
  readonly form: RequestForm;
}

/**
 * Says a request in the given form.
 *
 * @param remoteHost Where it came from, for requests without a `Host`.
 */
export function translate(
  { lines, form }: FoundRequest,
  vocabulary: Vocabulary,
  packing: Packing,
  remoteHost: string,
): Translation {
  const [requestLine = "", ...fieldLines] = lines;
  const tokens = requestLine.trim().split(/\s+/);
  const versionAt = tokens.findIndex((token) => versionToken.test(token));
  const spelled = tokens[versionAt];
  const version = canonicalVersion(spelled);
  const isOurs = version.endsWith(`/${protocolVersion}`);
  const seen = {
    ...form,
    spaceAfterColon: !fieldLines.some((line) => /^[^:]*:[^ ]/.test(line)),
    indented: fieldLines.some((line) => /^[ \t]/.test(line)),
    version: isOurs ? spelled : undefined,
    packing,
  };
  try {
    // What another version means is not ours to know: it is refused as what it is, before its words.
    if (!isOurs) parseVersion(version);
    const words = versionAt < 0 ? tokens : tokens.slice(0, versionAt);
    const inline = versionAt < 0 ? "" : tokens.slice(versionAt + 1).join(" ");
    const fields = readFields([...splitInline(inline), ...fieldLines], vocabulary);
    if (fields.get("host") === undefined) fields.set("Host", remoteHost);
    const { word, start, recordPrefix } = translateWords(words, vocabulary, fields);
    if (versionAt < 0) expectNoVersion(word, vocabulary);
    const head = { startLine: `${start} ${version}`, fields };
    return { head, form: { ...seen, recordPrefix } };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { head: error, form: { ...seen, recordPrefix: "RFC " } };
  }
}

/** What the words of a request line say in the given form. */
interface TranslatedWord {
  readonly word: Word;
  readonly start: string;
  readonly recordPrefix: string;
}

/**
 * Lets pass words of other index servers that stand alone; methods with a number, and those of the other servers,
 * always come with a version.
 *
 * @throws {ProtocolError} 400 for these.
 */
function expectNoVersion({ method, document }: Word, vocabulary: Vocabulary): void {
  if (document !== "number" && vocabulary === indexServerWords) return;
  throw new ProtocolError(400, `Cannot serve ${method}: the request names no version`);
}

function translateWords(
  tokens: readonly string[],
  vocabulary: Vocabulary,
  fields: Fields,
): TranslatedWord {
  const [first = "", ...rest] = tokens;
  // Some put HTTP's words before the method of a registration server.
  const hasHttpWord = /^(?:GET|POST)$/i.test(first) && vocabulary.has(rest[0]?.toUpperCase() ?? "");
  const [name = "", ...operands] = hasHttpWord ? rest : tokens;
  const phrase = vocabulary.get([name, ...operands].join(" ").toUpperCase());
  if (phrase !== undefined) return translateWord(phrase, "", fields);
  const word = vocabulary.get(name.toUpperCase());
  if (word === undefined) {
    throw new ProtocolError(400, `Cannot serve request: the word ${quoted(name)} is not known`);
  }
  return translateWord(word, operands.join(" "), fields);
}

function translateWord(
  word: Word,
  operand: string,
  fields: Fields,
): TranslatedWord {
  if (word.document === "port" && /^\d{1,5}$/.test(operand)) fields.set("Port", operand);
  if (word.document !== "number") return { word, start: word.method, recordPrefix: "RFC " };
  const match = /^(RFC[ :#-]?)?[ ]*(\d{1,11})$/i.exec(operand);
  if (match === null) {
    if (word.withoutNumber !== undefined) return translateWord(word.withoutNumber, operand, fields);
    throw new ProtocolError(
      400,
      `Cannot serve ${word.method}: expected RFC n, got ${quoted(operand)}`,
    );
  }
  return { word, start: `${word.method} RFC ${match[2]}`, recordPrefix: match[1] ?? "" };
}

/** A version of ours in our spelling; another as it is, so that it is refused as what it is. */
function canonicalVersion(spelled: string | undefined): string {
  if (spelled === undefined) return `P2P-CI/${protocolVersion}`;
  const match = versionToken.exec(spelled);
  const number = match?.[2];
  // A protocol without a number is no version, and refused as such.
  if (match === null || number === undefined) return spelled;
  const protocol = `P2P-${match[1]!.toUpperCase()}`;
  if (/^1(?:\.0)*$/.test(number)) return `${protocol}/${protocolVersion}`;
  const [major, minor = "0"] = number.split(".");
  return `${protocol}/${major}.${minor}`;
}

/** `Host: h Port: 1` in one line as a line each. */
function splitInline(text: string): string[] {
  return text.split(/ (?=[A-Za-z_-]+:)/).filter((line) => line !== "");
}

/** @throws {ProtocolError} 400 if a line is not a field: `Name: value`, or for a registration server `Name value`. */
function readFields(lines: readonly string[], vocabulary: Vocabulary): Fields {
  const field = vocabulary === registrationServerWords
    ? /^([!-9;-~]+)\s*(?::|\s)(.*)$/
    : /^([!-9;-~]+)\s*:(.*)$/;
  const fields = new Fields();
  for (const line of lines) {
    if (line.trim() === "") continue;
    const match = field.exec(line.trim());
    if (match === null) {
      throw new ProtocolError(
        400,
        `Cannot parse field: expected "Name: value", got ${quoted(line)}`,
      );
    }
    const [, name = "", value = ""] = match;
    const text = decodeLiberally(Uint8Array.from(value.trim(), (byte) => byte.charCodeAt(0)));
    if (/\p{Cc}/u.test(text)) {
      throw new ProtocolError(
        400,
        `Cannot read field ${name}: control character in ${quoted(text)}`,
      );
    }
    fields.set(fieldSynonyms.get(name.toLowerCase()) ?? name, text);
  }
  return fields;
}
