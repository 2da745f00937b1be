import assert from "node:assert/strict";
import { join } from "node:path";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { FileStore } from "../../lib/files/file_store.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

Deno.test({
  name: "FileStore gives the file its name when it is whole, not before",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const path = folder.write("copy.txt", "before");
    using part = await new FileStore(path).open(8600, { size: 5 });
    part.write(0, new TextEncoder().encode("after"));
    assert.equal(Deno.readTextFileSync(path), "before");
    assert.deepEqual(folder.names(), [".copy.txt.part", "copy.txt"]);
    await part.finish(undefined);
    assert.deepEqual(folder.names(), ["copy.txt"]);
    assert.equal(Deno.readTextFileSync(path), "after");
  },
});

Deno.test({
  name: "FileStore keeps nothing of what was not finished, and sweeps what killed programs left",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "copy.txt");
    folder.write(".copy.txt.part", "left by somebody");
    folder.write(`.copy.txt.${crypto.randomUUID()}.part`, "left by somebody");
    folder.write(".other.txt.part", "not ours");
    {
      const wanted = { size: 2 * pieceBytes, sha256: "0".repeat(64) };
      using part = await new FileStore(path).open(1, wanted);
      assert.equal(part.receivedBytes(0), 0);
      part.write(0, new Uint8Array(pieceBytes));
      using other = await new FileStore(path).open(1, {});
      await other.finish(undefined);
      assert.equal(folder.names().length, 3);
    }
    assert.deepEqual(folder.names(), [".other.txt.part", "copy.txt"]);
  },
});

Deno.test({
  name: "FileStore says that the folder is missing",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "missing", "copy.txt");
    await assert.rejects(new FileStore(path).open(1, {}), {
      name: "FileError",
      message: `Cannot write ${path}: it does not exist`,
    });
  },
});
