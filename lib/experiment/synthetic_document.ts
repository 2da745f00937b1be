/**
 * Documents that look like RFCs: the same form, any length, and no meaning.
 * @module
 */
import { drawIndex, type Random } from "./seeded_random.ts";

/** Words that RFCs are full of. */
const words = (
  "the of to a is in and that for be this with message server client which by field request or are if not " +
  "an reply must connection on peer may address value as when header protocol from each should packet can one document " +
  "section number has sent it time used no data more port any type only other length received information same implementation"
).split(" ");

/** How wide the lines of an RFC are, in characters. */
const lineChars = 72;

/** How many lines a page of an RFC has. */
const pageLines = 58;

/** What a document must have room for: its head. */
export const minDocumentBytes = 512;

/**
 * The text of a made-up RFC: head, title and running text in pages, ASCII throughout.
 *
 * @param bytes Its length, exactly; at least `minDocumentBytes`.
 */
export function synthesize(number: number, bytes: number, random: Random): string {
  const title = `${capital(word(random))} ${capital(word(random))} Exchange, Part ${number}`;
  const lines = headOf(number, title);
  let length = lines.reduce((sum, line) => sum + line.length + 1, 0);
  while (length < bytes) {
    const isPageEnd = lines.length % pageLines === pageLines - 1;
    const line = isPageEnd ? footOf(lines.length) : textLine(random);
    lines.push(line);
    length += line.length + 1;
  }
  return `${lines.join("\n").slice(0, bytes - 1).padEnd(bytes - 1)}\n`;
}

function headOf(number: number, title: string): string[] {
  const row = (left: string, right: string) => left + right.padStart(lineChars - left.length);
  return [
    "",
    "",
    row("Network Working Group", "A. Nobody"),
    row(`Request for Comments: ${number}`, "Nowhere"),
    row("Category: Informational", "January 2000"),
    "",
    "",
    title.padStart(Math.floor((lineChars + title.length) / 2)),
    "",
    "Abstract",
    "",
    "   This document was made up to measure how long it travels. It says",
    "   nothing.",
    "",
  ];
}

function footOf(line: number): string {
  const page = `[Page ${Math.ceil(line / pageLines)}]`;
  return `Nobody${"Informational".padStart(34)}${page.padStart(lineChars - 40)}\f`;
}

function textLine(random: Random): string {
  if (drawIndex(8, random) === 0) return "";
  let line = "  ";
  for (;;) {
    const longer = `${line} ${word(random)}`;
    if (longer.length > lineChars) return line;
    line = longer;
  }
}

function word(random: Random): string {
  return words[drawIndex(words.length, random)]!;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
