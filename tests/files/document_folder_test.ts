import assert from "node:assert/strict";
import { join } from "node:path";
import { Catalogue } from "../../lib/files/catalogue.ts";
import { DocumentFolder, listDocuments, untitled } from "../../lib/files/document_folder.ts";
import { FileError } from "../../lib/files/file_error.ts";
import { documentText } from "../helpers/document.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

/** What a scan says, by numbers. */
async function scanned(folder: DocumentFolder, settleMs?: number) {
  const { added, removed, unsettled } = await folder.scan(settleMs);
  return {
    added: added.map(({ number }) => number),
    removed: removed.map(({ number }) => number),
    unsettled,
  };
}

Deno.test({
  name: "DocumentFolder.scan finds documents under each of their names, in ascending order",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write("rfc9000.txt", documentText(9000, "QUIC"));
    temporary.write("RFC42.txt", documentText(42, "Message Data Types"));
    temporary.write("768.txt", documentText(768, "User Datagram Protocol"));
    temporary.write("notes.txt", "not a document");
    temporary.write(".rfc1.txt.part", "half a document");
    const folder = new DocumentFolder(temporary.path);
    assert.deepEqual(await scanned(folder), {
      added: [42, 768, 9000],
      removed: [],
      unsettled: false,
    });
    const document = folder.documents.get(768);
    assert.equal(document?.title, "User Datagram Protocol");
    assert.equal(document?.path, join(temporary.path, "768.txt"));
    assert.equal(document?.size, documentText(768, "User Datagram Protocol").length);
  },
});

Deno.test({
  name: "listDocuments prefers our own name, then the first of the alphabet",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    for (
      const name of ["1.txt", "RFC1.txt", "rfc1.txt", "2.txt", "RFC2.txt", "rfc03.txt", "3.txt"]
    ) {
      temporary.write(name, "");
    }
    assert.deepEqual(
      [...listDocuments(temporary.path)].sort(([a], [b]) => a - b),
      [[1, "rfc1.txt"], [2, "2.txt"], [3, "3.txt"]],
    );
  },
});

Deno.test({
  name: "DocumentFolder.scan passes over links and folders, wherever they lead",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using elsewhere = new TemporaryFolder();
    const outside = elsewhere.write("secret.txt", documentText(1, "Secret"));
    const inside = temporary.write("rfc4.txt", documentText(4, "Network Timetable"));
    Deno.symlinkSync(outside, join(temporary.path, "rfc1.txt"));
    Deno.symlinkSync(inside, join(temporary.path, "rfc2.txt"));
    Deno.mkdirSync(join(temporary.path, "rfc3.txt"));
    const folder = new DocumentFolder(temporary.path);
    assert.deepEqual((await scanned(folder)).added, [4]);
  },
});

Deno.test({
  name: "DocumentFolder.scan tells what came, went and got another title since the scan before",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write("rfc1.txt", documentText(1, "Host Software"));
    temporary.write("rfc2.txt", documentText(2, "Host Software"));
    temporary.write("rfc3.txt", documentText(3, "Documentation Conventions"));
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    Deno.removeSync(join(temporary.path, "rfc1.txt"));
    temporary.write("rfc2.txt", documentText(2, "Host Hardware"));
    temporary.write("rfc3.txt", documentText(3, "Documentation Conventions", 5));
    temporary.write("rfc4.txt", documentText(4, "Network Timetable"));
    assert.deepEqual(await scanned(folder), { added: [2, 4], removed: [1], unsettled: false });
    assert.deepEqual(await scanned(folder), { added: [], removed: [], unsettled: false });
  },
});

Deno.test({
  name: "DocumentFolder.scan leaves unchanged files unopened",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", documentText(1, "Host Software"));
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    const before = folder.documents.get(1);
    await folder.scan();
    assert.equal(folder.documents.get(1), before);
    Deno.utimeSync(path, new Date(1_000), new Date(1_000));
    await folder.scan();
    assert.notEqual(folder.documents.get(1), before);
  },
});

Deno.test({
  name: "DocumentFolder.scan leaves a file that was written to just now for the next scan",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", documentText(1, "Host Software"));
    const folder = new DocumentFolder(temporary.path);
    const hourMs = 3_600_000;
    assert.deepEqual(await scanned(folder, hourMs), { added: [], removed: [], unsettled: true });
    const longAgo = new Date(Date.now() - 2 * hourMs);
    Deno.utimeSync(path, longAgo, longAgo);
    assert.deepEqual(await scanned(folder, hourMs), { added: [1], removed: [], unsettled: false });
  },
});

Deno.test({
  name: "DocumentFolder.scan keeps what it knows of a file that does not change, however new",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write("rfc1.txt", documentText(1, "Host Software"));
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    assert.deepEqual(await scanned(folder, 3_600_000), {
      added: [],
      removed: [],
      unsettled: false,
    });
    assert.equal(folder.documents.size, 1);
  },
});

Deno.test({
  name: "DocumentFolder.scan takes documents without a title and of any bytes",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write("rfc1.txt", "");
    temporary.write("rfc2.txt", new Uint8Array([0, 255, 254, 13, 10, 128]));
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    const titles = Array.from(folder.documents.values(), ({ title }) => title);
    assert.deepEqual(titles, [untitled, untitled]);
  },
});

Deno.test({
  name: "DocumentFolder.scan finds hundreds of documents",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    for (let number = 1; number <= 300; number++) temporary.write(`rfc${number}.txt`, "");
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    assert.equal(folder.documents.size, 300);
  },
});

Deno.test({
  name: "DocumentFolder.scan says what is wrong with the folder, and keeps what it knew",
  ...withFiles,
  async fn() {
    const temporary = new TemporaryFolder();
    const file = temporary.write("rfc1.txt", "");
    await assert.rejects(new DocumentFolder(file).scan(), {
      name: "FileError",
      message: `Cannot read folder ${file}: it is not a folder`,
    });
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    temporary[Symbol.dispose]();
    await assert.rejects(folder.scan(), {
      name: "FileError",
      message: `Cannot read folder ${temporary.path}: it does not exist`,
    });
    assert.equal(folder.documents.size, 1);
  },
});

Deno.test({
  name: "DocumentFolder.scan says which permission is missing, without asking a person",
  permissions: "none",
  async fn() {
    await assert.rejects(new DocumentFolder("rfcs").scan(), (error) => {
      assert.ok(error instanceof FileError);
      assert.equal(
        error.message,
        "Cannot read folder rfcs: permission is missing, add --allow-read",
      );
      return true;
    });
  },
});

Deno.test({
  name: "DocumentFolder.scan opens no file that the catalogue knows",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const longAgo = new Date("2026-11-12T08:00:00Z");
    const path = temporary.write("rfc8600.txt", documentText(8600, "One Title"));
    Deno.utimeSync(path, longAgo, longAgo);
    const catalogue = new Catalogue(temporary.path);
    await new DocumentFolder(temporary.path, catalogue).scan();
    await catalogue.save();
    const scanAgain = async () => {
      const folder = new DocumentFolder(temporary.path, new Catalogue(temporary.path));
      await folder.scan();
      return folder.documents.get(8600)?.title;
    };
    // Other bytes of the same length and time: only who opens the file sees them.
    Deno.writeTextFileSync(path, documentText(8600, "Two Title"));
    Deno.utimeSync(path, longAgo, longAgo);
    assert.equal(await scanAgain(), "One Title");
    Deno.utimeSync(path, longAgo, new Date(longAgo.getTime() + 1));
    assert.equal(await scanAgain(), "Two Title");
  },
});

Deno.test({
  name: "DocumentFolder.scan forgets in the catalogue what is gone from the folder",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc8600.txt", documentText(8600, "A Title"));
    const catalogue = new Catalogue(temporary.path);
    const folder = new DocumentFolder(temporary.path, catalogue);
    await folder.scan();
    const document = folder.documents.get(8600)!;
    catalogue.noteWritten(document, { title: "A Title" });
    await folder.scan();
    assert.equal(catalogue.find(document)?.title, "A Title");
    Deno.removeSync(path);
    await folder.scan();
    assert.equal(catalogue.find(document), undefined);
  },
});
