/**
 * What a tool says: results on standard output, everything else on standard error.
 * @module
 */
import { type ToolEvent, toText } from "./events.ts";
import { visible } from "./terminal_text.ts";

const encoder = new TextEncoder();

/** Where output goes. */
type Stream = Pick<typeof Deno.stdout, "writeSync">;

/**
 * Writes all of a text at once, so that nothing is lost when the program ends right after. Who stops reading, as `head`
 * does, gets no more and hears no complaint.
 */
function writeAll(stream: Stream, bytes: Uint8Array): void {
  try {
    for (let written = 0; written < bytes.length;) {
      written += stream.writeSync(bytes.subarray(written));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/** Where the events of a tool go. */
export class Output {
  #results: Stream = Deno.stdout;

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

  /** Something to know beside the results: on standard error for people; with the results for programs. */
  notice(event: ToolEvent): void {
    this.#print(this.json ? this.#results : Deno.stderr, event);
  }

  /** A line for people only. */
  remark(text: string): void {
    if (!this.json) writeAll(Deno.stderr, encoder.encode(`${visible(text)}\n`));
  }

  /** The error that ends the tool: one line. */
  error(text: string): void {
    writeAll(Deno.stderr, encoder.encode(`${visible(text).replaceAll("\n", " ")}\n`));
  }

  /** Bytes as they are, on standard output. */
  bytes(bytes: Uint8Array): void {
    writeAll(Deno.stdout, bytes);
  }

  #print(stream: Stream, event: ToolEvent): void {
    const text = this.json ? JSON.stringify(event) : visible(toText(event));
    writeAll(stream, encoder.encode(`${text}\n`));
  }
}
