/**
 * Parts under anything that may happen to them: whatever comes, in whatever order, with kills and a disk that loses
 * bytes, a document has its name only with the right bytes.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { type DocumentPart, pieceBytes } from "../../lib/files/document_part.ts";
import { PartStore } from "../../lib/files/part_store.ts";
import { recordAfterBytes } from "../../lib/files/written_part.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const pieces = 3;
const size = (pieces - 1) * pieceBytes + 300_000;
const document = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 11)) & 0xff);
const sha256 = sha256Of(document);
const largestChunk = 150_000;

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

type Action =
  | { readonly do: "write"; readonly piece: number; readonly bytes: number }
  | { readonly do: "restart" | "forget"; readonly piece: number }
  | { readonly do: "kill" | "end" }
  | { readonly do: "damage"; readonly at: number };

const piece = fc.nat(pieces - 1);
const write = fc.record({
  do: fc.constant("write" as const),
  piece,
  bytes: fc.integer({ min: 1, max: largestChunk }),
});
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: write },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("restart", "forget"), piece }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("kill", "end") }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("damage"), at: fc.nat(size - 1) }) },
);

function endOf(number: number): number {
  return Math.min(size, (number + 1) * pieceBytes);
}

function writeSome(part: DocumentPart, number: number, count: number): number {
  const start = number * pieceBytes + part.receivedBytes(number);
  const bytes = document.subarray(start, Math.min(endOf(number), start + count));
  if (bytes.length > 0) part.write(start, bytes);
  return bytes.length;
}

function total(part: DocumentPart): number {
  return Array.from({ length: pieces }, (_, number) => part.receivedBytes(number))
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** What is on the disk when a program is killed, in a folder of its own: nothing can be done about its open files. */
function copyOf(folder: TemporaryFolder): TemporaryFolder {
  const copy = new TemporaryFolder();
  const parts = [".rfc-exchange", "parts"];
  Deno.mkdirSync(join(copy.path, ...parts), { recursive: true });
  for (const { name } of Deno.readDirSync(join(folder.path, ...parts))) {
    Deno.copyFileSync(join(folder.path, ...parts, name), join(copy.path, ...parts, name));
  }
  return copy;
}

function damage(folder: TemporaryFolder, at: number): void {
  const path = join(folder.path, ".rfc-exchange", "parts", "rfc1.txt.part");
  if (Deno.statSync(path).size <= at) return;
  using file = Deno.openSync(path, { read: true, write: true });
  const byte = new Uint8Array(1);
  file.seekSync(at, Deno.SeekMode.Start);
  file.readSync(byte);
  file.seekSync(at, Deno.SeekMode.Start);
  file.writeSync(byte.map((value) => value ^ 0x10));
}

Deno.test({
  name: "PartStore makes the right document or none, whatever happens to its part",
  ...withFiles,
  async fn() {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 60 }), async (actions) => {
        await using stack = new AsyncDisposableStack();
        let folder = stack.use(new TemporaryFolder());
        let part = stack.use(await new PartStore(folder.path).open(1, { size, sha256 }));
        let isDamaged = false;
        for (const action of actions) {
          if (action.do === "write") writeSome(part, action.piece, action.bytes);
          if (action.do === "forget") part.forget(action.piece);
          if (action.do === "restart") {
            const start = action.piece * pieceBytes;
            part.write(start, document.subarray(start, start + 1000));
          }
          if (action.do === "damage") {
            damage(folder, action.at);
            isDamaged = true;
          }
          if (action.do === "kill" || action.do === "end") {
            const before = total(part);
            if (action.do === "end") part[Symbol.dispose]();
            folder = stack.use(copyOf(folder));
            part = stack.use(await new PartStore(folder.path).open(1, { size, sha256 }));
            const lost = before - total(part);
            if (!isDamaged) assert(lost < recordAfterBytes + largestChunk, `${lost} bytes lost`);
          }
        }
        for (let number = 0; number < pieces; number++) {
          while (writeSome(part, number, largestChunk) > 0);
        }
        try {
          assert.equal(await part.finish(sha256), sha256);
          assert.deepEqual(folder.names(), [".rfc-exchange", "rfc1.txt"]);
          if (!isDamaged) assert.equal(sha256Of(Deno.readFileSync(part.path)), sha256);
        } catch (error) {
          // Bytes that were damaged after they were written, and before a restart could find out.
          assert(
            isDamaged && error instanceof Error && error.name === "WrongDigestError",
            `${error}`,
          );
          part.discard();
          assert.deepEqual(folder.names(), [".rfc-exchange"]);
        }
        assert.deepEqual([...Deno.readDirSync(join(folder.path, ".rfc-exchange", "parts"))], []);
      }),
      { numRuns: 40 },
    );
  },
});
