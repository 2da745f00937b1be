import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError } from "../../lib/files/file_error.ts";
import { setAside } from "../../lib/files/set_aside.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const now = Date.UTC(2026, 10, 21, 12, 0, 0, 5);

/** What lies aside in a folder, by name. */
function asideIn(folder: TemporaryFolder): Record<string, string> {
  const path = join(folder.path, ".rfc-exchange", "set-aside");
  const names = Array.from(Deno.readDirSync(path), ({ name }) => name).sort();
  return Object.fromEntries(names.map((name) => [name, Deno.readTextFileSync(join(path, name))]));
}

Deno.test("setAside keeps a file whose name is given to another", withFiles, () => {
  using folder = new TemporaryFolder();
  const path = folder.write("rfc1.txt", "old");
  for (const next of ["newer", "newest"]) {
    setAside(path, now);
    Deno.renameSync(folder.write("next", next), path);
  }
  assert.equal(Deno.readTextFileSync(path), "newest");
  assert.deepEqual(asideIn(folder), {
    "rfc1.txt.2026-11-21T12-00-00Z": "old",
    "rfc1.txt.2026-11-21T12-00-00Z.2": "newer",
  });
});

Deno.test(
  "setAside leaves the file as it was until it is replaced, and can be undone",
  withFiles,
  () => {
    using folder = new TemporaryFolder();
    const path = folder.write("rfc1.txt", "old");
    const aside = setAside(path, now);
    assert.equal(Deno.readTextFileSync(path), "old");
    aside.undo();
    assert.deepEqual(asideIn(folder), {});
    assert.equal(Deno.readTextFileSync(path), "old");
  },
);

Deno.test("setAside fails where there is nothing, or nothing may be kept", withFiles, () => {
  using folder = new TemporaryFolder();
  assert.throws(() => setAside(join(folder.path, "rfc1.txt")), FileError);
  using other = new TemporaryFolder();
  const path = other.write("rfc1.txt", "old");
  other.write(".rfc-exchange", "no folder");
  assert.throws(() => setAside(path), FileError);
  assert.equal(Deno.readTextFileSync(path), "old");
});
