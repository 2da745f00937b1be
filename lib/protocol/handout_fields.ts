/**
 * Fields as nearly every request in the given form has them: the handout's, each at most once, in its order. They are
 * looked for in the text when they are asked for, which for most requests is once.
 * @module
 */
import { Fields } from "./fields.ts";

const names = ["Host", "Port", "OS", "Title", "Cookie"] as const;

/** The source of a pattern for the lines of such fields, in ASCII, without control characters but tabs. */
export const handoutLines: string = names.map((name) => `(?:${name}: [\\t -~]*\\r\\n)?`).join("");

/** How each line begins, the end of the line before included, by its name in lower case. */
const beginnings = new Map<string, string>(
  names.map((name) => [name.toLowerCase(), `\r\n${name}: `]),
);

/** The fields in the text of a request. */
export class HandoutFields extends Fields {
  /** They are: the pattern has found no others. */
  readonly areHandouts = true;
  readonly #text: string;

  /** `text` is all of a request whose lines behind the first match `handoutLines`. */
  constructor(text: string) {
    super();
    this.#text = text;
  }

  /** The value of a field, or undefined; `name` in lower case. */
  override get(name: Lowercase<string>): string | undefined {
    const beginning = beginnings.get(name);
    if (beginning === undefined) return undefined;
    const found = this.#text.indexOf(beginning);
    if (found < 0) return undefined;
    const start = found + beginning.length;
    return this.#text.slice(start, this.#text.indexOf("\r\n", start)).trim();
  }
}
