import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { pieceBytes, type WantedDocument } from "../../lib/files/document_part.ts";
import { PartStore } from "../../lib/files/part_store.ts";
import { writeBackBytes } from "../../lib/files/write_back.ts";
import { minKeptBytes, recordAfterBytes, threadedBytes } from "../../lib/files/written_part.ts";
import { lacks, withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

/** Bytes that differ from piece to piece, and what is known of them. */
function documentOf(size: number): { bytes: Uint8Array; wanted: Required<WantedDocument> } {
  const bytes = new Uint8Array(size);
  for (let i = 0; i < size; i++) bytes[i] = i * 31 + (i >> 13);
  return { bytes, wanted: { size, sha256: sha256(bytes) } };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

const chunkBytes = 100_000;

/** Writes the bytes from `start` to `end` in chunks, as they come from a holder. */
function writeRange(
  part: { write(offset: number, bytes: Uint8Array): void },
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  for (let offset = start; offset < end; offset += chunkBytes) {
    part.write(offset, bytes.subarray(offset, Math.min(end, offset + chunkBytes)));
  }
}

function partsOf(folder: TemporaryFolder): string[] {
  const path = join(folder.path, ".rfc-exchange", "parts");
  return Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
}

/** A copy of the folder as it is on the disk now: what a program finds that starts after this one was killed. */
function killed(folder: TemporaryFolder): TemporaryFolder {
  const copy = new TemporaryFolder();
  const from = join(folder.path, ".rfc-exchange", "parts");
  const to = join(copy.path, ".rfc-exchange", "parts");
  Deno.mkdirSync(to, { recursive: true });
  for (const { name } of Deno.readDirSync(from)) {
    Deno.copyFileSync(join(from, name), join(to, name));
  }
  return copy;
}

Deno.test({
  name: "PartStore gives a document its name when it is whole, and leaves nothing else",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(63_000);
    using part = await new PartStore(folder.path).open(8600, wanted);
    assert.equal(part.path, join(folder.path, "rfc8600.txt"));
    writeRange(part, bytes, 0, 50_000);
    assert.deepEqual(folder.names(), [".rfc-exchange"]);
    assert.deepEqual(partsOf(folder), ["rfc8600.txt.part"]);
    writeRange(part, bytes, 50_000, 63_000);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.deepEqual(folder.names(), [".rfc-exchange", "rfc8600.txt"]);
    assert.deepEqual(partsOf(folder), []);
    assert.deepEqual(Deno.readFileSync(part.path), bytes);
  },
});

Deno.test({
  name: "PartStore takes pieces in any order, and computes the digest of all of them",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(4 * pieceBytes + 5);
    for (const [i, order] of [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3]].entries()) {
      using part = await new PartStore(folder.path).open(i, wanted);
      const received: number[] = [];
      for (const piece of order) {
        const start = piece * pieceBytes;
        writeRange(part, bytes, start, Math.min(start + pieceBytes, bytes.length));
        received.push(piece);
        assert.deepEqual([...part.received], received);
      }
      assert.equal(await part.finish(wanted.sha256), wanted.sha256);
      assert.deepEqual(Deno.readFileSync(part.path), bytes);
    }
    assert.deepEqual(partsOf(folder), []);
  },
});

Deno.test({
  name: "PartStore takes pieces that come side by side",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(3 * pieceBytes);
    using part = await new PartStore(folder.path).open(1, wanted);
    for (let inPiece = 0; inPiece < pieceBytes; inPiece += 65_536) {
      for (const piece of [1, 0, 2]) {
        const offset = piece * pieceBytes + inPiece;
        part.write(offset, bytes.subarray(offset, offset + 65_536));
      }
    }
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.deepEqual(Deno.readFileSync(part.path), bytes);
  },
});

Deno.test({
  name:
    "PartStore makes a document that another thread hashes, however it comes and whatever was wrong",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(threadedBytes + 300_000);
    const middle = 20 * pieceBytes;
    {
      using part = await new PartStore(folder.path).open(1, wanted);
      writeRange(part, bytes, middle, bytes.length);
    }
    using part = await new PartStore(folder.path).open(1, wanted);
    writeRange(part, bytes, 0, middle);
    const wrong = bytes.slice(5 * pieceBytes, 6 * pieceBytes).reverse();
    part.write(5 * pieceBytes, wrong);
    await assert.rejects(part.finish(wanted.sha256), { name: "WrongDigestError" });
    part.forget(5);
    writeRange(part, bytes, 5 * pieceBytes, 6 * pieceBytes);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.equal(sha256(Deno.readFileSync(part.path)), wanted.sha256);
    assert.deepEqual(partsOf(folder), []);
  },
});

Deno.test({
  name: "PartStore goes on after a kill with all but what came since the last record",
  ...withFiles,
  async fn() {
    using before = new TemporaryFolder();
    const { bytes, wanted } = documentOf(3 * pieceBytes + 7);
    using interrupted = await new PartStore(before.path).open(1, wanted);
    writeRange(interrupted, bytes, 2 * pieceBytes, 3 * pieceBytes);
    const written = 2 * recordAfterBytes;
    writeRange(interrupted, bytes, 0, written);
    using folder = killed(before);
    assert.deepEqual(partsOf(folder), ["rfc1.txt.ndjson", "rfc1.txt.part"]);

    using part = await new PartStore(folder.path).open(1, wanted);
    assert.deepEqual([...part.received], [2]);
    const there = part.receivedBytes(0);
    assert(there > 0 && written - there < recordAfterBytes, `${there} bytes`);
    writeRange(part, bytes, there, 2 * pieceBytes);
    writeRange(part, bytes, 3 * pieceBytes, bytes.length);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.deepEqual(Deno.readFileSync(part.path), bytes);
    assert.deepEqual(partsOf(folder), []);
  },
});

Deno.test({
  name: "PartStore goes on after an orderly end with every byte",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(pieceBytes + 7);
    for (const [start, end] of [[0, minKeptBytes], [minKeptBytes, 300_001], [300_001, 500_000]]) {
      using part = await new PartStore(folder.path).open(1, wanted);
      assert.equal(part.receivedBytes(0), start);
      writeRange(part, bytes, start!, end!);
    }
    using part = await new PartStore(folder.path).open(1, wanted);
    assert.equal(part.receivedBytes(0), 500_000);
    writeRange(part, bytes, 500_000, bytes.length);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
  },
});

Deno.test({
  name: "PartStore.findEarlier tells which document a later run can go on with",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    const store = new PartStore(folder.path);
    assert.equal(store.findEarlier(1), undefined);
    {
      using part = await store.open(1, wanted);
      writeRange(part, bytes, 0, pieceBytes);
    }
    assert.deepEqual(store.findEarlier(1), wanted);
    const record = join(folder.path, ".rfc-exchange", "parts", "rfc1.txt.ndjson");
    for (
      const text of [
        "",
        "{}",
        `{"size":-1,"sha256":"${wanted.sha256}"}`,
        `{"size":1,"sha256":"ab"}`,
      ]
    ) {
      Deno.writeTextFileSync(record, text);
      assert.equal(store.findEarlier(1), undefined, text);
    }
  },
});

Deno.test({
  name: "PartStore does not go on with little, or with what has no digest or no size",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    const { size, sha256 } = wanted;
    for (
      const [known, count] of [
        [wanted, minKeptBytes - 1],
        [{ size }, pieceBytes],
        [{ sha256 }, pieceBytes],
        [{}, pieceBytes],
      ] as const
    ) {
      using part = await new PartStore(folder.path).open(1, known);
      writeRange(part, bytes, 0, count);
      part[Symbol.dispose]();
      assert.deepEqual(partsOf(folder), []);
    }
  },
});

Deno.test({
  name: "PartStore does not go on with another document",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    const others: WantedDocument[] = [
      { ...wanted, size: wanted.size! + 1 },
      { ...wanted, sha256: "0".repeat(64) },
      { size: wanted.size },
      {},
    ];
    for (const other of others) {
      {
        using part = await new PartStore(folder.path).open(1, wanted);
        writeRange(part, bytes, 0, pieceBytes);
      }
      assert.equal(partsOf(folder).length, 2);
      using part = await new PartStore(folder.path).open(1, other);
      assert.equal(part.receivedBytes(0), 0);
      assert.deepEqual(partsOf(folder), ["rfc1.txt.part"]);
      part.discard();
      assert.deepEqual(partsOf(folder), []);
    }
  },
});

Deno.test({
  name: "PartStore goes on only with bytes that are as they were recorded",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(5 * pieceBytes);
    {
      using part = await new PartStore(folder.path).open(1, wanted);
      writeRange(part, bytes, 0, 4 * pieceBytes);
    }
    const partPath = join(folder.path, ".rfc-exchange", "parts", "rfc1.txt.part");
    {
      using file = Deno.openSync(partPath, { write: true });
      file.seekSync(pieceBytes + 17, Deno.SeekMode.Start);
      file.writeSync(Uint8Array.of(bytes[pieceBytes + 17]! ^ 1));
      file.truncateSync(3 * pieceBytes + 1);
    }
    using part = await new PartStore(folder.path).open(1, wanted);
    assert.deepEqual([...part.received], [0, 2]);
    assert.equal(part.receivedBytes(3), 0);
    for (const piece of [1, 3, 4]) {
      writeRange(part, bytes, piece * pieceBytes, (piece + 1) * pieceBytes);
    }
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.deepEqual(Deno.readFileSync(part.path), bytes);
  },
});

Deno.test({
  name: "PartStore does with any record, damaged or of somebody else, what it can",
  ...withFiles,
  async fn() {
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    using before = new TemporaryFolder();
    {
      using part = await new PartStore(before.path).open(1, wanted);
      writeRange(part, bytes, 0, pieceBytes);
    }
    const name = join(".rfc-exchange", "parts", "rfc1.txt.ndjson");
    const record = Deno.readTextFileSync(join(before.path, name));
    const [head, ...lines] = record.trimEnd().split("\n");
    const last = lines.at(-1);
    for (
      const [text, received] of [
        [record + record.slice(-10), [0]],
        [`${head}\n{"piece":0,"bytes":99\n${last}\n`, [0]],
        [`${head}\nnull\n[]\n7\n${last}`, [0]],
        [`${head}\n${last}\n{"piece":0,"bytes":-1,"crc32":0}\n{"piece":1e99,"bytes":1,"crc32":0}`, [
          0,
        ]],
        [`${head}\n${last}\n{"piece":0,"bytes":99999999,"crc32":0}`, []],
        [`${head}\n${last}\n{"piece":7,"bytes":5,"crc32":0}`, [0]],
        [`${head}\n${last}\n{"piece":7,"bytes":0,"crc32":0}`, [0]],
        [`${last}\n`, []],
        ["\0".repeat(1000), []],
        ["", []],
      ] as const
    ) {
      using folder = killed(before);
      Deno.writeTextFileSync(join(folder.path, name), text);
      using part = await new PartStore(folder.path).open(1, wanted);
      assert.deepEqual([...part.received], received, text.slice(0, 200));
      writeRange(part, bytes, part.receivedBytes(0), 2 * pieceBytes);
      assert.equal(await part.finish(wanted.sha256), wanted.sha256);
      assert.deepEqual(partsOf(folder), []);
    }
  },
});

Deno.test({
  name: "PartStore gives nothing its name that has another digest, and does not go on with it",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    const wrong = bytes.slice();
    wrong[pieceBytes + 5]! ^= 1;
    {
      using part = await new PartStore(folder.path).open(1, wanted);
      writeRange(part, wrong, 0, wrong.length);
      await assert.rejects(part.finish(wanted.sha256), {
        name: "WrongDigestError",
        message: `Cannot finish ${part.path}: expected SHA-256 ${wanted.sha256}, got ${
          sha256(wrong)
        }`,
      });
      assert.deepEqual(folder.names(), [".rfc-exchange"]);
    }
    assert.deepEqual(partsOf(folder), []);

    using part = await new PartStore(folder.path).open(1, wanted);
    writeRange(part, wrong, 0, wrong.length);
    await assert.rejects(part.finish(wanted.sha256), { name: "WrongDigestError" });
    part.forget(1);
    assert.deepEqual([...part.received], [0]);
    await assert.rejects(part.finish(wanted.sha256), {
      name: "RangeError",
      message: `Cannot finish ${part.path}: ${pieceBytes} bytes missing`,
    });
    writeRange(part, bytes, pieceBytes, 2 * pieceBytes);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);
    assert.deepEqual(Deno.readFileSync(part.path), bytes);
  },
});

Deno.test({
  name: "DocumentPart.forget is remembered by the next run",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(3 * pieceBytes);
    {
      using part = await new PartStore(folder.path).open(1, wanted);
      writeRange(part, bytes, 0, 2 * pieceBytes);
      part.forget(0);
    }
    using part = await new PartStore(folder.path).open(1, wanted);
    assert.deepEqual([...part.received], [1]);
    part.discard();
  },
});

Deno.test({
  name: "DocumentPart.write begins a piece anew at its start, and allows neither gaps nor excess",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(pieceBytes + 10);
    using part = await new PartStore(folder.path).open(1, wanted);
    writeRange(part, new Uint8Array(200_000), 0, 200_000);
    assert.throws(() => part.write(200_001, bytes.subarray(0, 1)), {
      name: "RangeError",
      message: "Cannot write at 200001: its piece has 200000 bytes so far",
    });
    assert.throws(() => part.write(pieceBytes, bytes.subarray(0, 11)), {
      name: "RangeError",
      message: `Cannot write bytes ${pieceBytes} to ${pieceBytes + 11}: the document has ${
        pieceBytes + 10
      }`,
    });
    writeRange(part, bytes, 0, bytes.length);
    assert.equal(await part.finish(wanted.sha256), wanted.sha256);

    using unsized = await new PartStore(folder.path).open(2, {});
    assert.throws(() => unsized.write(pieceBytes, bytes), {
      name: "RangeError",
      message: `Cannot write at ${pieceBytes}: without a size bytes come in order`,
    });
    writeRange(unsized, bytes, 0, bytes.length);
    assert.equal(await unsized.finish(undefined), wanted.sha256);
    assert.deepEqual(Deno.readFileSync(unsized.path), bytes);
  },
});

Deno.test({
  name: "PartStore brings a long document to the disk while it comes, and leaves nothing open",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const piece = new Uint8Array(pieceBytes).fill(65);
    const size = 2 * writeBackBytes;
    using part = await new PartStore(folder.path).open(1, { size });
    const hash = createHash("sha256");
    for (let offset = 0; offset < size; offset += pieceBytes) {
      part.write(offset, piece);
      hash.update(piece);
    }
    const expected = hash.digest("hex");
    assert.equal(await part.finish(expected), expected);
    assert.equal(Deno.statSync(part.path).size, size);
    assert.deepEqual(partsOf(folder), []);
  },
});

Deno.test({
  name: "PartStore makes empty documents",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const store = new PartStore(folder.path);
    for (const [number, size] of [[1, 0], [2, undefined]] as const) {
      using part = await store.open(number, { size });
      assert.equal(await part.finish(undefined), sha256(new Uint8Array()));
      assert.equal(Deno.statSync(part.path).size, 0);
    }
  },
});

Deno.test({
  name: "PartStore lets several make the same document at once, each for itself",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    using first = await new PartStore(folder.path).open(1, wanted);
    using second = await new PartStore(folder.path).open(1, wanted);
    using third = await new PartStore(folder.path).open(1, wanted);
    assert.equal(partsOf(folder).length, 3);
    writeRange(first, bytes, 0, pieceBytes);
    writeRange(second, bytes, 0, bytes.length);
    writeRange(third, bytes, 0, pieceBytes);
    await second.finish(wanted.sha256);
    assert.deepEqual(Deno.readFileSync(first.path), bytes);
    third[Symbol.dispose]();
    assert.deepEqual(partsOf(folder), ["rfc1.txt.ndjson", "rfc1.txt.part"]);
    writeRange(first, bytes, pieceBytes, bytes.length);
    await first.finish(wanted.sha256);
    assert.deepEqual(partsOf(folder), []);
    assert.deepEqual(Deno.readFileSync(first.path), bytes);
  },
});

Deno.test({
  name: "PartStore sweeps what killed programs left, but not what is resumable or in use",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    using inUse = await new PartStore(folder.path).open(1, wanted);
    using privateInUse = await new PartStore(folder.path).open(1, wanted);
    {
      using resumable = await new PartStore(folder.path).open(2, wanted);
      writeRange(resumable, bytes, 0, pieceBytes);
    }
    const [...kept] = partsOf(folder);
    assert.equal(kept.length, 4);
    for (
      const name of ["rfc3.txt.part", `rfc4.txt.${crypto.randomUUID()}.part`, "rfc5.txt.ndjson"]
    ) {
      folder.write(join(".rfc-exchange", "parts", name), "left");
    }
    using other = await new PartStore(folder.path).open(6, wanted);
    other.discard();
    assert.deepEqual(partsOf(folder), kept);
    for (const part of [inUse, privateInUse]) {
      writeRange(part, bytes, 0, bytes.length);
      await part.finish(wanted.sha256);
    }
    assert.deepEqual(partsOf(folder), ["rfc2.txt.ndjson", "rfc2.txt.part"]);
  },
});

Deno.test({
  name: "PartStore keeps parts where no server sees them",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    using part = await new PartStore(folder.path).open(1, wanted);
    writeRange(part, bytes, 0, pieceBytes);
    const documents = new DocumentFolder(folder.path);
    await documents.scan();
    assert.deepEqual([...documents.documents], []);
  },
});

Deno.test({
  name: "PartStore says that the folder is missing, and makes none",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const missing = join(temporary.path, "missing");
    await assert.rejects(new PartStore(missing).open(1, {}), {
      name: "FileError",
      message: `Cannot write ${join(missing, "rfc1.txt")}: it does not exist`,
    });
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "PartStore notices that the folder has gone before all has come, and leaves nothing",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const folder = join(temporary.path, "documents");
    Deno.mkdirSync(folder);
    const { bytes, wanted } = documentOf(2 * pieceBytes);
    const message = `Cannot write ${join(folder, "rfc1.txt")}: it does not exist`;
    const store = new PartStore(folder);
    using part = await store.open(1, wanted);
    using small = await store.open(2, { size: 1 });
    writeRange(part, bytes, 0, chunkBytes);
    small.write(0, bytes.subarray(0, 1));
    Deno.removeSync(folder, { recursive: true });
    assert.throws(() => writeRange(part, bytes, chunkBytes, pieceBytes), {
      name: "FileError",
      message,
    });
    await assert.rejects(small.finish(undefined), { name: "FileError" });
    await assert.rejects(store.open(1, wanted), { name: "FileError", message });
    part[Symbol.dispose]();
    small[Symbol.dispose]();
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "PartStore lets neither a folder nor a device give way to a document",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "rfc1.txt");
    Deno.mkdirSync(path);
    await assert.rejects(new PartStore(folder.path).open(1, {}), {
      name: "FileError",
      message: `Cannot write ${path}: it is not a regular file`,
    });
    assert.deepEqual(folder.names(), ["rfc1.txt"]);
  },
});

Deno.test({
  name: "PartStore says which permission is missing, without asking a person",
  permissions: { read: true },
  ignore: lacks("read"),
  async fn() {
    await assert.rejects(new PartStore("documents").open(1, {}), {
      name: "FileError",
      message: `Cannot write ${join("documents", "rfc1.txt")}: ` +
        "permission is missing, add --allow-write",
    });
  },
});
