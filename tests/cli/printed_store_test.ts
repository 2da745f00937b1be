import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { Output } from "../../lib/cli/output.ts";
import { maxKeptBytes, PrintedStore } from "../../lib/cli/printed_store.ts";
import { pieceBytes, WrongDigestError } from "../../lib/files/document_part.ts";
import { pure } from "../helpers/permissions.ts";

/** Remembers what would be printed. */
class RememberedOutput extends Output {
  readonly printed: Uint8Array[] = [];

  override bytes(bytes: Uint8Array): void {
    this.printed.push(bytes.slice());
  }

  get all(): Buffer {
    return Buffer.concat(this.printed);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A document of this length, different in each piece. */
function documentOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 20)) % 256);
}

const size = 2 * pieceBytes + 100;
const longSize = maxKeptBytes + 100;

Deno.test("PrintedStore prints nothing before all was checked", pure, async () => {
  const output = new RememberedOutput(false);
  const bytes = documentOf(size);
  using part = await new PrintedStore(output).open(1, { size });
  // In any order, over the ends of pieces, from a buffer that is used again.
  const buffer = new Uint8Array(pieceBytes + 100);
  for (const [from, to] of [[pieceBytes, size], [0, 1_000], [1_000, pieceBytes]] as const) {
    buffer.set(bytes.subarray(from, to));
    part.write(from, buffer.subarray(0, to - from));
  }
  assert.deepEqual([...part.received].sort(), [0, 1, 2]);
  for (const piece of part.received) part.accepted?.(piece);
  assert.deepEqual(output.printed, []);
  await assert.rejects(part.finish("0".repeat(64)), WrongDigestError);
  assert.deepEqual(output.printed, []);
  assert.equal(await part.finish(sha256Of(bytes)), sha256Of(bytes));
  assert.ok(output.all.equals(bytes));
});

Deno.test("PrintedStore prints a document of which no length is known", pure, async () => {
  const output = new RememberedOutput(false);
  const bytes = documentOf(size);
  using part = await new PrintedStore(output).open(1, {});
  for (let at = 0; at < size; at += 300_000) part.write(at, bytes.subarray(at, at + 300_000));
  await part.finish(undefined);
  assert.ok(output.all.equals(bytes));
});

Deno.test(
  "PrintedStore prints a long document piece by piece, in order, each after its check",
  pure,
  async () => {
    const output = new RememberedOutput(false);
    const bytes = documentOf(longSize);
    const store = new PrintedStore(output);
    using part = await store.open(1, { size: longSize, sha256: sha256Of(bytes) });
    assert.equal(part.isSequential, true);
    const piece = (n: number) => bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes);
    const write = (n: number) => part.write(n * pieceBytes, piece(n));
    write(1);
    part.accepted?.(1);
    assert.deepEqual(output.printed, []);
    part.write(0, piece(0).toReversed());
    assert.deepEqual(output.printed, []);
    part.forget(0);
    assert.equal(part.receivedBytes(0), 0);
    write(0);
    part.accepted?.(0);
    assert.deepEqual(output.printed.map(({ length }) => length), [pieceBytes, pieceBytes]);
    assert.equal(part.receivedBytes(0), pieceBytes);
    for (let n = 2; n * pieceBytes < longSize; n++) {
      write(n);
      part.accepted?.(n);
    }
    await part.finish(sha256Of(bytes));
    assert.ok(output.all.equals(bytes));
  },
);

Deno.test(
  "PrintedStore says when what it printed was wrong, and does not begin anew",
  pure,
  async () => {
    const store = new PrintedStore(new RememberedOutput(false));
    using part = await store.open(1, { size: longSize });
    part.write(0, new Uint8Array(pieceBytes));
    part.accepted?.(0);
    part.forget(0);
    assert.throws(() => part.write(pieceBytes, new Uint8Array(1)), /Cannot print RFC 1: .*wrong/);
    await assert.rejects(part.finish(undefined), /wrong/);
    part.discard();
    await assert.rejects(store.open(1, { size: 5 }), /Cannot print RFC 1: some of it was printed/);
  },
);

Deno.test("PrintedStore takes no bytes that leave a gap or go beyond the end", pure, async () => {
  using part = await new PrintedStore(new RememberedOutput(false)).open(1, { size: 10 });
  assert.throws(() => part.write(5, new Uint8Array(1)), RangeError);
  part.write(0, new Uint8Array(10));
  assert.throws(() => part.write(10, new Uint8Array(1)), RangeError);
});
