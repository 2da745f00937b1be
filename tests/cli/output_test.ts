import assert from "node:assert/strict";
import type { ToolEvent } from "../../lib/cli/events.ts";
import { Output } from "../../lib/cli/output.ts";
import { pure } from "../helpers/permissions.ts";

const sent = (rfc: number): ToolEvent => ({ event: "uploaded", rfc, host: "10.0.0.1", port: 5000 });
const line = (rfc: number) => `sent RFC ${rfc} to 10.0.0.1:5000\n`;

/** What is written to standard output, each write apart, until it is disposed of. */
class Written implements Disposable {
  readonly texts: string[] = [];
  readonly #writeSync = Deno.stdout.writeSync;

  constructor() {
    Deno.stdout.writeSync = (bytes) => {
      this.texts.push(new TextDecoder().decode(bytes));
      return bytes.length;
    };
  }

  [Symbol.dispose](): void {
    Deno.stdout.writeSync = this.#writeSync;
  }
}

Deno.test({
  name: "Output.gather writes what happens in one turn of the program together, at its end",
  ...pure,
  async fn() {
    using written = new Written();
    const output = new Output(false);
    for (const number of [1, 2, 3]) output.gather(sent(number));
    assert.deepEqual(written.texts, []);
    await new Promise((turn) => setTimeout(turn, 0));
    assert.deepEqual(written.texts, [line(1) + line(2) + line(3)]);
    output.gather(sent(4));
    await new Promise((turn) => setTimeout(turn, 0));
    assert.deepEqual(written.texts.slice(1), [line(4)]);
  },
});

Deno.test({
  name: "Output writes what was gathered before whatever comes after it, and when it is told to",
  ...pure,
  async fn() {
    using written = new Written();
    const output = new Output(false);
    output.gather(sent(1));
    output.result({ event: "left" });
    assert.deepEqual(written.texts, [line(1), "left\n"]);
    output.gather(sent(2));
    output.bytes(new TextEncoder().encode("document"));
    assert.deepEqual(written.texts.slice(2), [line(2), "document"]);
    output.gather(sent(3));
    output.flush();
    assert.deepEqual(written.texts.slice(4), [line(3)]);
    await new Promise((turn) => setTimeout(turn, 0));
    assert.equal(written.texts.length, 5);
  },
});
