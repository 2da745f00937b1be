/**
 * Requests in other forms than the given one, said in the given form (RFC 60001 section 8).
 * @module
 */
import type { Packing, RequestForm } from "./dialect.ts";
import { FieldTable } from "./fields.ts";
import { decodeLiberally, type Head } from "./head.ts";
import { findIntroduction } from "./introduction.ts";
import type { FoundRequest } from "./liberal_request.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { canonicalVersion, splitRequestLine, versionToken } from "./spelled_version.ts";
import { parseVersion, protocolVersion } from "./version.ts";
import { fieldSynonyms, indexServerWords, type Vocabulary, type Word } from "./words.ts";

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
  const [requestLine = "", ...fieldLines] = findIntroduction(lines, form, vocabulary) ?? lines;
  const tokens = splitRequestLine(requestLine);
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
    const awaitsReply = versionAt >= 0 || word.isIntroduction !== true;
    return { head, form: { ...seen, recordPrefix, awaitsReply } };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { head: error, form: { ...seen, recordPrefix: "RFC ", awaitsReply: true } };
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
  fields: FieldTable,
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
  fields: FieldTable,
): TranslatedWord {
  if (word.document === "port" && /^\d{1,5}$/.test(operand)) fields.set("Port", operand);
  if (word.document !== "number") return { word, start: word.method, recordPrefix: "RFC " };
  const named = operand === "" ? fields.get("rfc") ?? "" : operand;
  const match = /^(RFC[ :#-]?)?[ ]*(\d{1,11})(?:\.txt)?$/i.exec(named);
  if (match === null) {
    if (word.withoutNumber !== undefined) return translateWord(word.withoutNumber, operand, fields);
    throw new ProtocolError(
      400,
      `Cannot serve ${word.method}: expected RFC n, got ${quoted(operand)}`,
    );
  }
  return { word, start: `${word.method} RFC ${match[2]}`, recordPrefix: match[1] ?? "" };
}

/** `Host: h Port: 1` in one line as a line each. */
function splitInline(text: string): string[] {
  return text.split(/ (?=[A-Za-z_-]+:)/).filter((line) => line !== "");
}

/** @throws {ProtocolError} 400 if a line is not a field: `Name: value`, or for who speaks P2P-DI `Name value`. */
function readFields(lines: readonly string[], vocabulary: Vocabulary): FieldTable {
  const field = vocabulary !== indexServerWords
    ? /^([!-9;-~]+)\s*(?::|\s)(.*)$/
    : /^([!-9;-~]+)\s*:(.*)$/;
  const fields = new FieldTable();
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
