import assert from "node:assert/strict";
import { join } from "node:path";
import { Catalogue, type FileState, settledMs } from "../../lib/files/catalogue.ts";
import { formatCatalogueHead } from "../../lib/files/catalogue_entry.ts";
import { lacks, withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const sha256 = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
const modifiedAt = Date.parse("2026-11-12T08:00:00Z");
const file: FileState = { path: "folder/rfc1234.txt", size: 174, modifiedAt };
const title = "Tunneling IPX traffic through IP networks";
const name = "rfc1234.txt";
const catalogueName = join(".rfc-exchange", "catalogue.ndjson");

/** The catalogue of a folder as another program finds it. */
function open({ path }: TemporaryFolder): Catalogue {
  const catalogue = new Catalogue(path);
  catalogue.refresh();
  return catalogue;
}

Deno.test({
  name: "Catalogue keeps what was read of a file, from one run to the next",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const catalogue = open(temporary);
    assert.equal(catalogue.find(file), undefined);
    catalogue.noteRead(file, { title }, Date.now());
    catalogue.noteRead(file, { sha256 }, Date.now());
    assert.deepEqual(catalogue.find(file), { name, size: 174, modifiedAt, title, sha256 });
    await catalogue.save();
    assert.deepEqual(open(temporary).find(file), { name, size: 174, modifiedAt, title, sha256 });
    assert.deepEqual([...Deno.readDirSync(join(temporary.path, ".rfc-exchange"))].length, 1);
  },
});

Deno.test({
  name: "Catalogue knows nothing of a file in another state",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const catalogue = open(temporary);
    catalogue.noteRead(file, { title, sha256 }, Date.now());
    assert.equal(catalogue.find({ ...file, size: 175 }), undefined);
    assert.equal(catalogue.find({ ...file, modifiedAt: modifiedAt + 1 }), undefined);
    // What is noted of a new state does not mix with what was known of the old one.
    const changed = { ...file, size: 175 };
    catalogue.noteRead(changed, { title: "Another" }, Date.now());
    await catalogue.save();
    assert.deepEqual(open(temporary).find(changed), {
      name,
      size: 175,
      modifiedAt,
      title: "Another",
    });
  },
});

Deno.test({
  name: "Catalogue does not keep what was read of a file that may change without showing it",
  permissions: "none",
  fn() {
    const catalogue = new Catalogue("folder");
    catalogue.noteRead(file, { sha256 }, modifiedAt + settledMs - 1);
    assert.equal(catalogue.find(file), undefined);
    catalogue.noteRead(file, { sha256 }, modifiedAt + settledMs);
    assert.equal(catalogue.find(file)?.sha256, sha256);
    const ofTomorrow = { ...file, path: "folder/rfc1.txt" };
    catalogue.noteRead(ofTomorrow, { sha256 }, modifiedAt - 86_400_000);
    assert.equal(catalogue.find(ofTomorrow)?.sha256, sha256);
  },
});

Deno.test({
  name: "Catalogue keeps what this program wrote at once",
  permissions: "none",
  fn() {
    const catalogue = new Catalogue("folder");
    const young = { ...file, modifiedAt: Date.now() };
    catalogue.noteWritten(young, { sha256 });
    assert.equal(catalogue.find(young)?.sha256, sha256);
  },
});

Deno.test({
  name: "Catalogue of two programs in one folder holds what both noted",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const [one, other] = [open(temporary), open(temporary)];
    const second = { ...file, path: "folder/rfc2.txt" };
    one.noteRead(file, { title, sha256 }, Date.now());
    other.noteRead(second, { sha256 }, Date.now());
    await one.save();
    await other.save();
    assert.equal(one.find(second), undefined);
    one.refresh();
    for (const catalogue of [one, other, open(temporary)]) {
      assert.equal(catalogue.find(file)?.title, title);
      assert.equal(catalogue.find(second)?.sha256, sha256);
    }
  },
});

Deno.test({
  name: "Catalogue forgets files that are gone",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const catalogue = open(temporary);
    catalogue.noteRead(file, { sha256 }, Date.now());
    await catalogue.save();
    const stays = { ...file, path: "folder/rfc2.txt" };
    catalogue.noteRead(stays, { sha256 }, Date.now());
    catalogue.retain(new Set(["rfc2.txt"]));
    await catalogue.save();
    const next = open(temporary);
    assert.equal(next.find(file), undefined);
    assert.equal(next.find(stays)?.sha256, sha256);
  },
});

Deno.test({
  name: "Catalogue is not written if nothing is new",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const catalogue = open(temporary);
    await catalogue.save();
    assert.deepEqual(temporary.names(), []);
    catalogue.noteRead(file, { sha256 }, Date.now());
    await catalogue.save();
    Deno.removeSync(join(temporary.path, catalogueName));
    await catalogue.save();
    catalogue.retain(new Set([name]));
    await catalogue.save();
    assert.deepEqual(Array.from(Deno.readDirSync(join(temporary.path, ".rfc-exchange"))), []);
  },
});

const good = JSON.stringify({ name, size: 174, modifiedAt, title, sha256 });

for (
  const [what, text, isFound] of [
    ["holds nothing", "", false],
    ["is no text", "\0\xff\n".repeat(100), false],
    ["is of another form", `{"catalogue":2,"titleRules":1}\n${good}\n`, false],
    ["has no first line", `${good}\n${good}\n`, false],
    ["was cut within an entry", `${formatCatalogueHead()}\n${good.slice(0, -9)}`, false],
    [
      "was cut within another entry",
      `${formatCatalogueHead()}\n${good}\n${good.slice(0, 9)}`,
      true,
    ],
    ["has lines that are none", `${formatCatalogueHead()}\n\nnull\n[]\n"x"\n${good}\n1`, true],
  ] as const
) {
  Deno.test({
    name: `Catalogue takes from a file that ${what} what is good`,
    ...withFiles,
    async fn() {
      using temporary = new TemporaryFolder();
      Deno.mkdirSync(join(temporary.path, ".rfc-exchange"));
      temporary.write(catalogueName, text);
      const catalogue = open(temporary);
      assert.equal(catalogue.find(file)?.sha256, isFound ? sha256 : undefined);
      const other = { ...file, path: "folder/rfc2.txt" };
      catalogue.noteRead(other, { sha256 }, Date.now());
      await catalogue.save();
      assert.equal(open(temporary).find(other)?.sha256, sha256);
    },
  });
}

Deno.test({
  name: "Catalogue with titles of other rules keeps the digests alone",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    Deno.mkdirSync(join(temporary.path, ".rfc-exchange"));
    temporary.write(catalogueName, `{"catalogue":1,"titleRules":0}\n${good}\n`);
    assert.deepEqual(open(temporary).find(file), { name, size: 174, modifiedAt, sha256 });
  },
});

Deno.test({
  name: "Catalogue lasts as long as the program where it may not be written",
  permissions: { read: true },
  ignore: lacks("read"),
  async fn() {
    const catalogue = new Catalogue("tests");
    catalogue.refresh();
    catalogue.noteRead(file, { sha256 }, Date.now());
    await catalogue.save();
    assert.equal(catalogue.find(file)?.sha256, sha256);
  },
});

Deno.test({
  name: "Catalogue that cannot be written is no failure",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write(".rfc-exchange", "a file where the folder should be");
    for (const path of [temporary.path, join(temporary.path, "gone")]) {
      const catalogue = new Catalogue(path);
      catalogue.refresh();
      catalogue.noteRead(file, { sha256 }, Date.now());
      await catalogue.save();
      assert.equal(catalogue.find(file)?.sha256, sha256);
    }
    assert.deepEqual(temporary.names(), [".rfc-exchange"]);
  },
});
