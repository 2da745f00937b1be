/**
 * The commands of a document, and what they print: code blocks marked `console`, in which a line that begins with
 * `$ ` is a command, `^C` is the key, and every other line is output of the command above it.
 * @module
 */

/** One command as the document shows it. */
export interface ConsoleCommand {
  /** Line of the document, counted from 1. */
  readonly line: number;
  readonly command: string;
  /** What it prints; none if the document does not show it. */
  readonly output: readonly string[];
}

/** The commands of a document, from top to bottom. */
export function readConsoleBlocks(markdown: string): ConsoleCommand[] {
  const commands: { line: number; command: string; output: string[] }[] = [];
  let inside = false;
  for (const [i, text] of markdown.split("\n").entries()) {
    if (text.startsWith("```")) inside = text === "```console";
    else if (inside && text.startsWith("$ ")) {
      commands.push({ line: i + 1, command: text.slice(2), output: [] });
    } else if (inside && text !== "^C") commands.at(-1)?.output.push(text);
  }
  return commands;
}

/** What is different on every machine and at every run, and the word that stands for it. */
const accidents: readonly (readonly [pattern: RegExp, word: string])[] = [
  [/\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:]+\]/g, "HOST"],
  [/HOST([: ])\d+/g, "HOST$1PORT"],
  [/"port":\d+/g, '"port":PORT'],
  [/[\da-f]{12}…/g, "DIGEST"],
  [/\d{4}(?:-\d\d){2}T\d\d(?:-\d\d){2}Z/g, "TIME"],
  [/\d+ ms|\d+\.\d s/g, "TIME"],
  [/\d+(?:\.\d+)? (?:bytes|kB|MB)/g, "SIZE"],
  [/ {2,}/g, "  "],
];

/** What a document need not show: the echo of `deno task`, and what is said only where all machines are one. */
const asides = [/^Task /, /^Only this machine can reach /];

/** Documents that are brought at the same time come in an order of their own. */
const unordered = /^(?:sent )?RFC \d+ (?:from|to) /;

/** The lines of an output that are not blank, without what differs from run to run. */
export function withoutAccidents(lines: readonly string[]): string[] {
  const kept = lines
    .filter((line) => line.trim() !== "" && !asides.some((aside) => aside.test(line)))
    .map((line) => accidents.reduce((text, [from, to]) => text.replace(from, to), line.trimEnd()));
  return sortNeighbours(kept, unordered);
}

/** Lines that match, and stand together, sorted. */
function sortNeighbours(lines: readonly string[], pattern: RegExp): string[] {
  const sorted: string[] = [];
  let together: string[] = [];
  for (const line of lines) {
    if (pattern.test(line)) together.push(line);
    else {
      sorted.push(...together.sort(), line);
      together = [];
    }
  }
  return [...sorted, ...together.sort()];
}

/** Whether a list is what comes of two others when each keeps its order, as two outputs on one console do. */
export function isInterleaved(
  list: readonly string[],
  a: readonly string[],
  b: readonly string[],
): boolean {
  if (list.length !== a.length + b.length) return false;
  // How many of `a` may be among the first lines of the list, for each length of these.
  let possible = new Set([0]);
  for (const [i, line] of list.entries()) {
    const next = new Set<number>();
    for (const fromA of possible) {
      if (a[fromA] === line) next.add(fromA + 1);
      if (b[i - fromA] === line) next.add(fromA);
    }
    possible = next;
  }
  return possible.size > 0;
}
