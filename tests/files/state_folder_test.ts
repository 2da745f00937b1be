import assert from "node:assert/strict";
import { join } from "node:path";
import { makeStateFolder, stateFolderName, statePath } from "../../lib/files/state_folder.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

Deno.test({
  name: "makeStateFolder makes what is not there",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    for (const names of [[], ["parts"], ["parts"], ["a", "b"]]) {
      const path = makeStateFolder(temporary.path, ...names);
      assert.equal(path, statePath(temporary.path, ...names));
      assert.ok(Deno.statSync(path).isDirectory);
    }
    assert.deepEqual(temporary.names(), [stateFolderName]);
  },
});

Deno.test({
  name: "makeStateFolder does not bring back a folder of documents that is gone",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    assert.throws(() => makeStateFolder(join(temporary.path, "gone")), {
      name: "FileError",
      message: /^Cannot make folder .*gone.\.rfc-exchange: it does not exist$/,
    });
    temporary.write(stateFolderName, "a file in its place");
    assert.throws(() => makeStateFolder(temporary.path), { message: /it exists already$/ });
  },
});
