/**
 * The tools' `--trace` output, taken apart.
 * @module
 */

const wayOfMessage = /^(?:-->|<--) (?:sent to|received from) \S+$/;

/** What is said to people on one machine again and again, and is no news here. */
const notice = /^Only this machine can reach /;

/** The messages of a trace, each with its way above it and what was remarked below it. */
export function splitTrace(text: string): string[] {
  const messages: string[][] = [];
  for (const line of text.split("\n")) {
    if (notice.test(line)) continue;
    if (wayOfMessage.test(line) || messages.length === 0) messages.push([]);
    messages.at(-1)!.push(line);
  }
  return messages.map((lines) => lines.join("\n")).filter((message) => message.trim() !== "");
}

/**
 * The first message with these words in it and what answered it.
 *
 * @throws {Error} if there is none.
 */
export function findExchange(text: string, words: string): string {
  const messages = splitTrace(text);
  const start = messages.findIndex((message) => message.includes(words));
  if (start < 0) throw new Error(`Expected a message with "${words}" in:\n${text}`);
  return messages.slice(start, start + 2).join("\n");
}

/** The last table below a heading that begins with these words, heading included; undefined if there is none. */
export function findLastTable(lines: readonly string[], heading: string): string | undefined {
  const start = lines.findLastIndex((line) => line.startsWith(heading));
  if (start < 0) return undefined;
  const length = lines.slice(start).findIndex((line) => line === "" || wayOfMessage.test(line));
  return lines.slice(start, length < 0 ? undefined : start + length).join("\n");
}
