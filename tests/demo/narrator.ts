/**
 * What the demonstration prints: headings, commands, the tools' own output, and what was made sure of.
 * @module
 */

const styles = { strong: 1, red: 31, green: 32, blue: 34, cyan: 36 } as const;

const indent = "    ";

/** Prints the demonstration. */
export class Narrator {
  readonly #write: (text: string) => void;
  readonly #hasColour: boolean;
  /** Names of addresses, to be shown beside them. */
  readonly #names = new Map<string, string>();

  /**
   * @param write Takes one or more whole lines.
   * @param hasColour Whether escape sequences may be printed.
   */
  constructor(write: (text: string) => void, hasColour: boolean) {
    this.#write = write;
    this.#hasColour = hasColour;
  }

  /** From now on, shows who an address is wherever a message goes there or comes from there. */
  introduce(address: string, name: string): void {
    this.#names.set(address, name);
  }

  /** Begins a step. */
  heading(number: number, title: string): void {
    this.#write(`\n${this.#paint(`${number}. ${title}`, "strong")}\n`);
  }

  /** A command as it could be typed. */
  command(line: string): void {
    this.#write(`\n${indent}${this.#paint(`$ ${line}`, "blue")}\n`);
  }

  /** A piece of a tool's output as it is, the ways of messages in colour and with names. */
  output(text: string): void {
    const lines = text.trimEnd().split("\n").map((line) => `${indent}${this.#decorate(line)}`);
    this.#write(`\n${lines.map((line) => `${line.trimEnd()}\n`).join("")}`);
  }

  /** Something that was made sure of. */
  fact(text: string): void {
    this.#write(`\n${indent}${this.#paint("✓", "green")} ${text}\n`);
  }

  /** What went wrong. */
  failure(text: string): void {
    const indented = text.replaceAll("\n", `\n${indent}  `);
    this.#write(`\n${indent}${this.#paint("✗", "red")} ${indented}\n`);
  }

  /** Lines at the margin: the summary. */
  plain(text: string): void {
    this.#write(`${text}\n`);
  }

  #decorate(line: string): string {
    const way = /^(-->|<--) (?:sent to|received from) (\S+)$/.exec(line);
    if (way === null) return line;
    const name = this.#names.get(way[2]!);
    const shown = name === undefined ? line : `${line}, ${name}`;
    return this.#paint(shown, way[1] === "-->" ? "cyan" : "green");
  }

  #paint(text: string, style: keyof typeof styles): string {
    return this.#hasColour ? `\x1b[${styles[style]}m${text}\x1b[0m` : text;
  }
}
