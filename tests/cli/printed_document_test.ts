import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { Output } from "../../lib/cli/output.ts";
import { PrintedDocument } from "../../lib/cli/printed_document.ts";
import { maxUnstatedBytes } from "../../lib/roles/document_receiver.ts";

/** Remembers what would be printed. */
class RememberedOutput extends Output {
  readonly printed: Uint8Array[] = [];

  override bytes(bytes: Uint8Array): void {
    this.printed.push(bytes);
  }
}

Deno.test({
  name: "PrintedDocument prints nothing before it is whole",
  permissions: "none",
  async fn() {
    const output = new RememberedOutput(false);
    using document = new PrintedDocument(output);
    const chunk = new TextEncoder().encode("one ");
    await document.write(chunk);
    // The caller goes on using its buffer.
    chunk.fill(0);
    await document.write(new TextEncoder().encode("two"));
    assert.deepEqual(output.printed, []);
    await document.finish();
    assert.equal(Buffer.concat(output.printed).toString(), "one two");
  },
});

Deno.test({
  name: "PrintedDocument that is given up prints nothing",
  permissions: "none",
  async fn() {
    const output = new RememberedOutput(false);
    {
      using document = new PrintedDocument(output);
      await document.write(new Uint8Array(10));
    }
    assert.deepEqual(output.printed, []);
  },
});

Deno.test({
  name: "PrintedDocument refuses more than it can keep until it is whole",
  permissions: "none",
  async fn() {
    using document = new PrintedDocument(new RememberedOutput(false));
    const half = new Uint8Array(maxUnstatedBytes / 2);
    await document.write(half);
    await document.write(half);
    await assert.rejects(async () => await document.write(new Uint8Array(1)), /use -o FILE/);
  },
});
