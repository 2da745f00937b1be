/**
 * Lines at the bottom of a terminal that are drawn anew in place.
 * @module
 */

/** How often the lines are drawn, in ms: more often nobody can read. */
const drawMs = 100;

/**
 * How much of a line is left free, in characters: a terminal puts `^C` behind it when that is typed, and some begin
 * another line as soon as one is full.
 */
const spareColumns = 3;

/** A terminal. */
export interface Terminal {
  /** How many characters a line has, and how many lines there are. */
  size(): { readonly columns: number; readonly rows: number };
  write(text: string): void;
}

/** The terminal of standard error, if it is one. */
export function findTerminal(): Terminal | undefined {
  if (!Deno.stderr.isTerminal()) return undefined;
  const encoder = new TextEncoder();
  return {
    size: consoleSize,
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  };
}

/** What a terminal is taken for that does not tell its size. */
const usualSize = { columns: 80, rows: 24 };

function consoleSize(): { columns: number; rows: number } {
  try {
    const { columns, rows } = Deno.consoleSize();
    return columns > 0 && rows > 0 ? { columns, rows } : usualSize;
  } catch {
    return usualSize;
  }
}

/** Lines that are drawn again and again below whatever else is printed, until disposed of. */
export class ProgressDisplay implements Disposable {
  readonly #terminal: Terminal;
  readonly #lines: (columns: number, rows: number) => readonly string[];
  #timer: ReturnType<typeof setTimeout>;
  #drawn: readonly string[] = [];
  #columns = 0;

  /** @param lines What is to be shown now, given how much room there is; none shows nothing. */
  constructor(
    terminal: Terminal,
    lines: (columns: number, rows: number) => readonly string[],
  ) {
    this.#terminal = terminal;
    this.#lines = lines;
    this.#timer = setTimeout(this.#drawAgain, drawMs);
  }

  /** Draws the lines as they are now. */
  draw(): void {
    const { columns, rows } = this.#terminal.size();
    const lines = this.#lines(Math.max(1, columns - spareColumns), rows - 1);
    if (columns !== this.#columns) this.clear();
    if (lines.length === 0 && this.#drawn.length === 0) return;
    this.#columns = columns;
    const text = lines.map((line) => `${line}${eraseLine}`).join("\n");
    this.#terminal.write(`${this.#toTop(columns)}${text}${eraseBelow}`);
    this.#drawn = lines;
  }

  /** Takes the lines away, so that something can be printed where they were. */
  clear(): void {
    if (this.#drawn.length === 0) return;
    this.#terminal.write(`${this.#toTop(this.#terminal.size().columns)}${eraseBelow}`);
    this.#drawn = [];
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.clear();
  }

  readonly #drawAgain = () => {
    this.#timer = setTimeout(this.#drawAgain, drawMs);
    this.draw();
  };

  /** To where the first line drawn begins. A terminal that has become narrower shows some lines as several. */
  #toTop(columns: number): string {
    const rows = this.#drawn.reduce(
      (sum, { length }) => sum + Math.max(1, Math.ceil(length / columns)),
      0,
    );
    return rows > 1 ? `\r\x1b[${rows - 1}A` : "\r";
  }
}

const eraseLine = "\x1b[K";
const eraseBelow = "\x1b[J";
