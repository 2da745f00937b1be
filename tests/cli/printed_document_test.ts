import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Output } from "../../lib/cli/output.ts";
import { PrintedDocuments } from "../../lib/cli/printed_document.ts";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { maxUnstatedBytes } from "../../lib/roles/document_receiver.ts";

/** Remembers what would be printed. */
class RememberedOutput extends Output {
  readonly printed: Uint8Array[] = [];

  override bytes(bytes: Uint8Array): void {
    this.printed.push(bytes);
  }
}

const encoder = new TextEncoder();

Deno.test({
  name: "PrintedDocuments prints nothing before the document is whole",
  permissions: "none",
  async fn() {
    const output = new RememberedOutput(false);
    using document = await new PrintedDocuments(output).open(1, { size: 7 });
    const chunk = encoder.encode("one ");
    document.write(0, chunk);
    // The caller goes on using its buffer.
    chunk.fill(0);
    assert.equal(document.receivedBytes(0), 4);
    document.write(4, encoder.encode("two"));
    assert.deepEqual([...document.received], [0]);
    assert.deepEqual(output.printed, []);
    await document.finish(undefined);
    assert.equal(Buffer.concat(output.printed).toString(), "one two");
  },
});

Deno.test({
  name: "PrintedDocuments takes pieces in any order",
  permissions: "none",
  async fn() {
    const output = new RememberedOutput(false);
    const bytes = new Uint8Array(pieceBytes + 10).map((_, i) => i % 251);
    using document = await new PrintedDocuments(output).open(1, { size: bytes.length });
    document.write(pieceBytes, bytes.subarray(pieceBytes));
    assert.deepEqual([...document.received], [1]);
    document.write(0, bytes.subarray(0, pieceBytes));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    assert.equal(await document.finish(sha256), sha256);
    assert.deepEqual(output.printed, [bytes]);
  },
});

Deno.test({
  name: "PrintedDocuments does not print a document with a wrong digest, or one that is given up",
  permissions: "none",
  async fn() {
    const output = new RememberedOutput(false);
    {
      using document = await new PrintedDocuments(output).open(1, { size: 3 });
      document.write(0, encoder.encode("abc"));
      await assert.rejects(document.finish("00".repeat(32)), { name: "WrongDigestError" });
    }
    assert.deepEqual(output.printed, []);
  },
});

Deno.test({
  name: "PrintedDocuments refuses more than it can keep until it is whole",
  permissions: "none",
  async fn() {
    const store = new PrintedDocuments(new RememberedOutput(false));
    (await store.open(1, { size: maxUnstatedBytes }))[Symbol.dispose]();
    await assert.rejects(store.open(1, { size: maxUnstatedBytes + 1 }), /use -o FILE/i);
  },
});
