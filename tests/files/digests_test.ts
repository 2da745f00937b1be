import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Catalogue } from "../../lib/files/catalogue.ts";
import { Digests } from "../../lib/files/digests.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const longAgo = new Date("2026-11-12T08:00:00Z");

/** A file of a folder as it is now. */
function stateOf(path: string) {
  const { size, mtime } = Deno.statSync(path);
  return { path, size, modifiedAt: mtime!.getTime() };
}

/** A folder with one document that was written long ago, and its digests. */
function prepare(temporary: TemporaryFolder) {
  const path = temporary.write("rfc1.txt", "one");
  Deno.utimeSync(path, longAgo, longAgo);
  const catalogue = new Catalogue(temporary.path);
  return { path, catalogue, digests: new Digests(catalogue) };
}

Deno.test({
  name: "Digests computes each state of a file once",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { path, digests } = prepare(temporary);
    const before = stateOf(path);
    assert.equal(digests.find(before), undefined);
    assert.equal(await digests.sha256(before), sha256("one"));
    assert.equal(digests.find(before), sha256("one"));
    // Known: the disk is not asked again.
    Deno.writeTextFileSync(path, "other");
    assert.equal(await digests.sha256(before), sha256("one"));
    assert.equal(await digests.sha256(stateOf(path)), sha256("other"));
  },
});

Deno.test({
  name: "Digests sees that a file has changed although it shows the same size and time",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { path, digests } = prepare(temporary);
    const now = new Date();
    const digestOf = (text: string) => {
      Deno.writeTextFileSync(path, text);
      Deno.utimeSync(path, now, now); // the next tick of its clock has not come
      return digests.sha256(stateOf(path));
    };
    assert.equal(await digestOf("one"), sha256("one"));
    assert.equal(await digestOf("two"), sha256("two"));
  },
});

Deno.test({
  name: "Digests reads a file once for all who ask at the same time, and few files at a time",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { path, digests } = prepare(temporary);
    const paths = Array.from({ length: 20 }, (_, i) => temporary.write(`rfc${i + 2}.txt`, `${i}`));
    const asked = [path, ...paths, path, ...paths].map((path) => digests.sha256(stateOf(path)));
    const expected = ["one", ...paths.keys(), "one", ...paths.keys()].map((text) =>
      sha256(`${text}`)
    );
    assert.deepEqual(await Promise.all(asked), expected);
  },
});

Deno.test({
  name: "Digests does not give the digest of what a file has become meanwhile",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { path, digests } = prepare(temporary);
    const before = stateOf(path);
    Deno.writeTextFileSync(path, "two");
    await assert.rejects(digests.sha256(before), { name: "DocumentChangedError" });
    assert.equal(digests.find(before), undefined);
  },
});

Deno.test({
  name: "Digests forgets a failure",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { path, digests } = prepare(temporary);
    const document = stateOf(path);
    const away = join(temporary.path, "away");
    Deno.renameSync(path, away);
    await assert.rejects(digests.sha256(document), { name: "FileError" });
    Deno.renameSync(away, path);
    assert.equal(await digests.sha256(document), sha256("one"));
  },
});

Deno.test({
  name: "Digests does not read what was recorded, in this run or the next",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const { catalogue, digests } = prepare(temporary);
    const document = stateOf(temporary.write("rfc2.txt", "just written"));
    digests.record(document, sha256("as it came"));
    assert.equal(await digests.sha256(document), sha256("as it came"));
    await catalogue.save();
    const next = new Catalogue(temporary.path);
    next.refresh();
    assert.equal(new Digests(next).find(document), sha256("as it came"));
  },
});
