/**
 * What a tool says: results on standard output, everything else on standard error.
 * @module
 */
import { type ToolEvent, toText } from "./events.ts";
import { visible } from "./terminal_text.ts";

const encoder = new TextEncoder();

/** Where output goes. */
type Stream = Pick<typeof Deno.stdout, "writeSync">;

/** Writes all of it at once, so that nothing is lost when the program ends right after. */
function writeAll(stream: Stream, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}

/** As `writeAll`, but who stops reading, as `head` does, gets no more and hears no complaint. */
function writeForReaders(stream: Stream, bytes: Uint8Array): void {
  try {
    writeAll(stream, bytes);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Something on the terminal that has to make room for each line printed, and comes back by itself. */
export interface Overlay {
  clear(): void;
}

/** Where the events of a tool go. */
export class Output {
  /** What is shown below everything printed, as long as it is. */
  overlay: Overlay | undefined;
  #results: Stream = Deno.stdout;
  /** Results that wait for others of the same turn. */
  #gathered = "";

  /** @param json Whether events are NDJSON instead of text for people. */
  constructor(readonly json: boolean) {}

  /** Leaves standard output to a document: from now on whatever is reported is on standard error. */
  yieldStandardOutput(): void {
    this.#results = Deno.stderr;
  }

  /** A result: on standard output. */
  result(event: ToolEvent): void {
    this.#print(this.#results, event);
  }

  /** As `result`, for what may happen thousands of times a second: all of one turn of the program in one write. */
  gather(event: ToolEvent): void {
    if (this.#gathered === "") setTimeout(() => this.flush(), 0);
    this.#gathered += this.#line(event);
  }

  /** Writes what was gathered; before anything else is written this happens by itself. */
  flush(): void {
    if (this.#gathered === "") return;
    const text = this.#gathered;
    this.#gathered = "";
    this.#write(this.#results, text);
  }

  /** Something to know beside the results: on standard error for people; with the results for programs. */
  notice(event: ToolEvent): void {
    this.#print(this.json ? this.#results : Deno.stderr, event);
  }

  /** A line for people only. */
  remark(text: string): void {
    if (!this.json) this.#write(Deno.stderr, `${visible(text)}\n`);
  }

  /** The error that ends the tool: one line. */
  error(text: string): void {
    this.#write(Deno.stderr, `${visible(text).replaceAll("\n", " ")}\n`);
  }

  /** A line of the log, its end included: it has its colours already. */
  log(text: string): void {
    this.#write(Deno.stderr, text);
  }

  /**
   * Bytes as they are, on standard output.
   *
   * @throws {Deno.errors.BrokenPipe} if nobody reads them any more, and whatever else the system says.
   */
  bytes(bytes: Uint8Array): void {
    this.flush();
    this.overlay?.clear();
    writeAll(Deno.stdout, bytes);
  }

  #print(stream: Stream, event: ToolEvent): void {
    this.#write(stream, this.#line(event));
  }

  #line(event: ToolEvent): string {
    return `${this.json ? JSON.stringify(event) : visible(toText(event))}\n`;
  }

  #write(stream: Stream, text: string): void {
    this.flush();
    this.overlay?.clear();
    writeForReaders(stream, encoder.encode(text));
  }
}
