import assert from "node:assert/strict";
import { join } from "node:path";
import { ScratchFolder, writeScratchDocument } from "../../lib/files/scratch_folder.ts";
import { makeResultFolder, readText, writeText } from "../../lib/files/text_file.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

Deno.test({
  name: "writeText and readText give back a text, up to a limit",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const folder = join(temporary.path, "a", "b");
    makeResultFolder(folder);
    makeResultFolder(folder);
    const path = join(folder, "times.csv");
    await writeText(path, "größer\n");
    assert.equal(readText(path, 9), "größer\n");
    assert.throws(() => readText(path, 8), /It is longer than 8 bytes|longer than 8 bytes/i);
    assert.throws(() => readText(join(folder, "none"), 8), { name: "FileError" });
  },
});

Deno.test({
  name: "ScratchFolder goes away with all it holds",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    {
      using scratch = new ScratchFolder(temporary.path);
      const folder = scratch.makeFolder("peer-0");
      await writeScratchDocument(folder, 8600, [new Uint8Array(2), new Uint8Array(3)]);
      assert.equal(Deno.statSync(join(folder, "rfc8600.txt")).size, 5);
      assert.throws(() => scratch.makeFolder("peer-0"), { name: "FileError" });
      await assert.rejects(writeScratchDocument(join(folder, "none"), 1, []), {
        name: "FileError",
      });
    }
    assert.deepEqual(temporary.names(), []);
  },
});
