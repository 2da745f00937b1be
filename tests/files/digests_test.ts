import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Digests } from "../../lib/files/digests.ts";
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

async function stored(folder: DocumentFolder) {
  await folder.scan();
  return folder.documents.get(1)!;
}

Deno.test({
  name: "Digests computes each state of a file once",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "one");
    const folder = new DocumentFolder(temporary.path);
    const digests = new Digests();
    const before = await stored(folder);
    assert.equal(await digests.sha256(before), sha256("one"));
    // Known: the disk is not asked again.
    Deno.writeTextFileSync(path, "other");
    assert.equal(await digests.sha256(before), sha256("one"));
    assert.equal(await digests.sha256(await stored(folder)), sha256("other"));
  },
});

Deno.test({
  name: "Digests forgets a failure",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    temporary.write("rfc1.txt", "one");
    const folder = new DocumentFolder(temporary.path);
    const document = await stored(folder);
    const digests = new Digests();
    Deno.renameSync(document.path, join(temporary.path, "away"));
    await assert.rejects(digests.sha256(document), { name: "FileError" });
    Deno.renameSync(join(temporary.path, "away"), document.path);
    assert.equal(await digests.sha256(document), sha256("one"));
  },
});
