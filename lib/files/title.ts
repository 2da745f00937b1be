/**
 * Finds the title in the text of an RFC.
 *
 * Every era of the series opens alike, though no two decades drew it the same way:
 *
 * ```text
 * Network Working Group                     J. Author     1. the header: publisher and number on
 * Request for Comments: 9999                Somewhere        the left; authors, places and the
 *                                            May 2021        date on the right
 *
 *                 The Title, Centred                      2. the title, of one or more lines
 *
 * Abstract                                                3. the body
 * ```
 *
 * So: cut the text into paragraphs, pass over those of the header, and take the next one. The
 * exceptions are few: a title page prints the title above the number, a memo labels it ("Title:",
 * "Subject:"), a crowded header leaves no blank line before it, and some titles are spaced out
 * over several paragraphs. What is found is then put into the form of a catalogue entry, by
 * `title_case.ts`.
 *
 * @module
 */

import { toCatalogueForm } from "./title_case.ts";

/**
 * Bytes from the start of a document that are enough to find its title. The longest front matter
 * published so far ends its title within 2,300 bytes; the rest is room for more authors, for names
 * spelled with characters of more than one byte, and for the first of the prose, which tells the
 * names in an old title from its common words.
 */
export const maxTitleScanBytes = 4096;

/**
 * Characters (UTF-16 code units) a title may have. The longest in the RFC Editor's index has 220;
 * a paragraph past this limit is prose, not a title.
 */
export const maxTitleChars = 512;

/**
 * The version of the rules by which titles are found and put into form. Whoever changes them, here or in
 * `title_case.ts`, raises it: titles that were kept are then read again.
 */
export const titleRules = 1;

/** Columns of an RFC's page (RFC 7994, section 4.3). */
const pageColumns = 72;

/** The column from which on a line can only belong to the right-hand half of a header. */
const rightHandColumn = 40;

/** Lines without a blank line between them. */
interface Paragraph {
  readonly lines: readonly string[];
  readonly blankLinesBefore: number;
}

/**
 * Finds the title of an RFC, of any era, from the beginning of its text.
 *
 * What is aimed at is the form of the RFC Editor's records, not always the printed one: titles of
 * before 1998 that are set in capitals get small letters, those of before the middle of 1991 also
 * lose an article in front (see `title_case.ts`). Of the 6,596 RFCs it was tried on, 98 in 100 got
 * the recorded title to the letter; of the 125 from before the middle of 1991, three in five.
 *
 * @param text The decoded beginning of the document. What lies past {@link maxTitleScanBytes}
 * UTF-16 code units is not looked at, so any string takes a bounded time.
 * @returns The title on one line, single-spaced, of at most {@link maxTitleChars} code units, none
 * of them a control character; `undefined` if nothing looks like the title of an RFC.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { findTitle } from "./title.ts";
 *
 * const text = "Request for Comments: 768     J. Postel\n\n       User Datagram\n         Protocol\n";
 * assert.equal(findTitle(text), "User Datagram Protocol");
 * ```
 */
export function findTitle(text: string): string | undefined {
  const paragraphs = splitParagraphs(text.slice(0, maxTitleScanBytes));
  const headerLength = countWhile(paragraphs, isHeader);
  const header = paragraphs.slice(0, headerLength);
  const below = paragraphs.slice(headerLength);

  const titleLines = labelledLines(header) ??
    (header.some(namesSeries)
      ? crowdedLines(header) ?? centredLines(below)
      : titlePageLines(paragraphs));
  const printed = cleanLines(dropAuthors(titleLines, header)).join("\n");
  if (printed.length > maxTitleChars) return undefined;

  const number = findNumber(paragraphs.slice(0, Math.max(headerLength, 2))); // 2: a title page
  const texts = paragraphs.map(({ lines }) => lines.join("\n"));
  return joinTitle(toCatalogueForm(printed, number, texts));
}

// --- 1. Text to paragraphs -------------------------------------------------------------------

function splitParagraphs(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let lines: string[] = [];
  let blankLines = 0;
  // The empty line put after the last one closes the last paragraph.
  for (const line of [...splitLines(text), ""]) {
    if (line !== "") {
      lines.push(line);
      continue;
    }
    if (lines.length > 0) {
      paragraphs.push({ lines, blankLinesBefore: blankLines });
      lines = [];
      blankLines = 0;
    }
    blankLines++;
  }
  return paragraphs;
}

/** The foot of a page, as in "Crocker         [Page 1]": it can come before the front matter. */
const pageFoot = /\[page \d+\]$/i;

/** Gives the lines, still indented; a page break (form feed) ends a line like a line feed does. */
function splitLines(text: string): string[] {
  return text
    .split(/\r\n|[\n\r\f\v\u0085\u2028\u2029]/)
    .map(expandTabs)
    .map((line) => line.replace(/[\p{Cc}\p{Cf}]/gu, "").trimEnd()) // Cf: byte order mark, bidi …
    .filter((line) => !pageFoot.test(line));
}

/** Puts spaces for tabs, up to the next multiple of eight columns. */
function expandTabs(line: string): string {
  return line.split("\t").reduce((head, tail) =>
    head.padEnd(head.length - head.length % 8 + 8) + tail
  );
}

// --- 2. The header ---------------------------------------------------------------------------

/** "Request for Comments: 9000", "NWG/RFC# 727", "RFC-3", with nothing more in its column. */
const documentNumber =
  /^(?:requests? for comments?|nwg\/rfc|rfc)[\s:#-]*(?:rfc )?(\d+)(?:\s{2}|$)/i;
/** The publisher of the first decades; the later ones always have the number beside them. */
const publisher = /^network working (?:group|note):?(?:\s{2}|$)/i;
/** "Obsoletes: RFC 729": fields that some headers set off with a blank line. */
const headerField = /^(?:categor(?:y|ies)|obsoletes|updates|replaces|issn|nic)\b[^:]{0,12}:/i;
/** The fields of an office memo, which the first RFCs were. */
const memoField = /^(?:to|from|cc|date|author|installation|title|subject|re)\s*:/i;
const titleLabel = /^(?:title|subject|re)\s*:\s*(?=\S)/i;

function isHeader(paragraph: Paragraph): boolean {
  return namesSeries(paragraph) ||
    hasLine(paragraph, headerField) ||
    hasLine(paragraph, memoField) ||
    paragraph.lines.every(isRightHand); // authors that a page break parted from the others
}

/** Tells whether a paragraph says that the document is an RFC. */
function namesSeries(paragraph: Paragraph): boolean {
  return hasLine(paragraph, documentNumber) || hasLine(paragraph, publisher);
}

/** Gives the number of the document, which stands on the left of a line. */
function findNumber(paragraphs: readonly Paragraph[]): number | undefined {
  for (const line of paragraphs.flatMap(({ lines }) => lines)) {
    const found = documentNumber.exec(line.trimStart());
    if (found !== null) return Number(found[1]);
  }
}

/** Tells whether a line is set on the right alone: an author, a place, a date. */
function isRightHand(line: string): boolean {
  const isFlushRight = line.length >= pageColumns - 4 && indentOf(line) >= 20;
  return isFlushRight || indentOf(line) >= rightHandColumn;
}

// --- 3. The title ----------------------------------------------------------------------------

/** What may follow a title without a blank line, or be centred like a further line of it. */
const heading =
  /^(?:status of th|abstract$|summary$|table of contents|contents$|(?:\d+|[ivx]+)[.)]\s)/i;
/** "May 2021", "16 October 1969", "October 16, 1969", "July, 1982". */
const date = /^(?:\d{1,2} )?[a-z]{3,9}[.,]? (?:\d{1,2}, )?(?:19|20)\d\d$/i;

/** A memo's title, behind its label. */
function labelledLines(header: readonly Paragraph[]): readonly string[] | undefined {
  const lines = header.flatMap((paragraph) => paragraph.lines.map((line) => line.trim()));
  const labelled = lines.find((line) => titleLabel.test(line));
  return labelled === undefined ? undefined : [labelled.replace(titleLabel, "")];
}

/** The centred lines at the end of a header that has no blank line before its title. */
function crowdedLines(header: readonly Paragraph[]): readonly string[] | undefined {
  const lines = header.at(-1)?.lines ?? [];
  const length = countWhile(lines.toReversed(), (line) => isCentred(line) && !isRightHand(line));
  return length === 0 || length === lines.length ? undefined : lines.slice(-length);
}

/** The paragraph below the header, with those that carry it on. */
function centredLines([title, ...rest]: readonly Paragraph[]): readonly string[] {
  if (title === undefined) return [];
  const lines = title.lines.slice(0, countWhile(title.lines, isTitleLine));
  const endsAtHeading = lines.length < title.lines.length;
  const continued = endsAtHeading ? [] : rest.slice(0, countWhile(rest, continuesTitle));
  return [...lines, ...continued.flatMap((paragraph) => paragraph.lines)];
}

/** A title page has the title first and the number, in a paragraph of its own, below it. */
function titlePageLines([title, below]: readonly Paragraph[]): readonly string[] {
  const isTitlePage = title !== undefined && below !== undefined && hasLine(below, documentNumber);
  return isTitlePage ? title.lines : [];
}

/** One blank line spaces out a title; more of them set off what follows, as does a date. */
function continuesTitle({ lines, blankLinesBefore }: Paragraph): boolean {
  return blankLinesBefore === 1 &&
    lines.every((line) => isCentred(line) && isTitleLine(line) && !date.test(line.trim()));
}

function isTitleLine(line: string): boolean {
  return !heading.test(line.trim());
}

/** Tells whether a line has, give or take some columns, as much room left of it as right. */
function isCentred(line: string): boolean {
  const left = indentOf(line);
  const right = pageColumns - line.length;
  return left >= 4 && Math.abs(left - right) <= 8;
}

/** "S. Crocker" at the end of a line of the header. */
const author = /(?:^|\s{2})(\p{Lu})\.[\p{Lu}. -]*?(\p{Lu}\p{Ll}[\p{L}-]+)$/u;

/** Cuts off the lines from the one on that names an author: "Steve Crocker, Chair". */
function dropAuthors(lines: readonly string[], header: readonly Paragraph[]): readonly string[] {
  const authors = header
    .flatMap((paragraph) => paragraph.lines.map((line) => author.exec(line)))
    .filter((found) => found !== null)
    .map(([, initial, surname]) => new RegExp(`^\\s*${initial}\\S* (?:\\S+ )?${surname}(?:,|$)`));
  const end = lines.findIndex((line, i) => i > 0 && authors.some((name) => name.test(line)));
  return end === -1 ? lines : lines.slice(0, end);
}

function cleanLines(lines: readonly string[]): string[] {
  return lines
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line)); // leaves out a row of dashes that underlines
}

/** Puts the lines of a title on one; `undefined` if there are none, or too many. */
function joinTitle(lines: string): string | undefined {
  const title = lines
    .replace(/(?<=[^\s-][-/])\n/g, "") // "Flash-" + "Renumbering": a word broken at its hyphen
    .replace(/\n(?=--\w)/g, "") // "Networking" + "--Implementations": a dash set without spaces
    .replace(/\s+/g, " ")
    .replace(/(?<![.\s])\.$/, ""); // a title is no sentence
  return title === "" || title.length > maxTitleChars ? undefined : title;
}

// --- Small helpers ---------------------------------------------------------------------------

function hasLine({ lines }: Paragraph, pattern: RegExp): boolean {
  return lines.some((line) => pattern.test(line.trimStart()));
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Counts the items before the first that fails the test. */
function countWhile<T>(items: readonly T[], test: (item: T) => boolean): number {
  const end = items.findIndex((item) => !test(item));
  return end === -1 ? items.length : end;
}
