import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import {
  DocumentChangedError,
  OpenDocument,
  readChunkBytes,
} from "../../lib/files/open_document.ts";
import type { ByteRange } from "../../lib/protocol/byte_range.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

/** More than two chunks, no two places alike. */
const size = 2 * readChunkBytes + 1_000;
const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8) * 31) % 256);

function readAll(document: OpenDocument, range: ByteRange | undefined): Buffer {
  const chunks: Uint8Array[] = [];
  for (const chunk of document.chunks(range)) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

Deno.test({
  name: "OpenDocument.chunks gives exactly the bytes of any range",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", bytes);
    using document = OpenDocument.open(path);
    assert.equal(document.size, size);
    assert.deepEqual(document.whole, { first: 0, last: size - 1 });
    const anyRange = fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 }))
      .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
    fc.assert(
      fc.property(anyRange, (range) => {
        const expected = bytes.subarray(range.first, range.last + 1);
        assert.ok(readAll(document, range).equals(expected));
      }),
      {
        examples: [
          [{ first: 0, last: 0 }],
          [{ first: size - 1, last: size - 1 }],
          [{ first: 0, last: readChunkBytes - 1 }],
          [{ first: 0, last: readChunkBytes }],
          [{ first: 0, last: size - 1 }],
        ],
        numRuns: 30,
      },
    );
  },
});

Deno.test({
  name: "OpenDocument of an empty file has no range and no chunks",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    using document = OpenDocument.open(temporary.write("rfc1.txt", ""));
    assert.equal(document.whole, undefined);
    assert.equal(readAll(document, document.whole).length, 0);
  },
});

Deno.test({
  name: "OpenDocument.sha256 is that of the whole and of a part",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using document = OpenDocument.open(temporary.write("rfc1.txt", bytes));
    const expected = (part: Uint8Array) => createHash("sha256").update(part).digest("hex");
    assert.equal(await document.sha256(document.whole), expected(bytes));
    assert.equal(
      await document.sha256({ first: 10, last: 200_000 }),
      expected(bytes.subarray(10, 200_001)),
    );
  },
});

for (
  const [what, change] of [
    ["is cut", (path: string) => Deno.truncateSync(path, readChunkBytes + 10)],
    ["is emptied", (path: string) => Deno.truncateSync(path)],
    ["grows", (path: string) => Deno.writeTextFileSync(path, "more", { append: true })],
    [
      "is written over with as many bytes",
      (path: string) => {
        Deno.writeFileSync(path, bytes.toReversed());
        // A file system may keep time so coarsely that a write right after the other looks like the same.
        Deno.utimeSync(path, 1, 1);
      },
    ],
  ] as const
) {
  Deno.test({
    name: `OpenDocument.chunks fails before the last chunk if the document ${what} meanwhile`,
    ...withFiles,
    fn() {
      using temporary = new TemporaryFolder();
      const path = temporary.write("rfc1.txt", bytes);
      using document = OpenDocument.open(path);
      let given = 0;
      assert.throws(() => {
        for (const chunk of document.chunks(document.whole)) {
          if (given === 0) change(path);
          given += chunk.length;
        }
      }, DocumentChangedError);
      assert.ok(given > 0 && given < size);
    },
  });
}

Deno.test({
  name: "OpenDocument.chunks goes on with a document whose name was given to another meanwhile",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", bytes);
    using document = OpenDocument.open(path);
    Deno.renameSync(temporary.write("new", "another document"), path);
    assert.ok(readAll(document, document.whole).equals(bytes));
  },
});

Deno.test({
  name: "OpenDocument.open says that a document is not there, or is no file",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const missing = join(temporary.path, "rfc1.txt");
    assert.throws(() => OpenDocument.open(missing), {
      name: "FileError",
      message: `Cannot open document ${missing}: it does not exist`,
    });
    assert.throws(() => OpenDocument.open(temporary.path), {
      name: "FileError",
      message: `Cannot open document ${temporary.path}: it is not a regular file`,
    });
  },
});

Deno.test({
  name: "OpenDocument.open follows no link",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    using elsewhere = new TemporaryFolder();
    const link = join(temporary.path, "rfc1.txt");
    Deno.symlinkSync(elsewhere.write("secret", "secret"), link);
    assert.throws(() => OpenDocument.open(link), /it is not a regular file/);
  },
});
