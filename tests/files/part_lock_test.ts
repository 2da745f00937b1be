import assert from "node:assert/strict";
import { join } from "node:path";
import { openLocked, openPart, parsePartName, sweep } from "../../lib/files/part_lock.ts";
import { pure, withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

Deno.test({
  name: "openLocked gives a file to one at a time, as it was left",
  ...withFiles,
  fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "a.part");
    {
      using file = openLocked(path)!.file;
      file.writeSync(Uint8Array.of(1, 2, 3));
      assert.equal(openLocked(path), undefined);
    }
    const again = openLocked(path);
    using _file = again?.file;
    assert.equal(again?.size, 3);
  },
});

Deno.test({
  name: "openLocked makes a new file when the one before has got another name",
  ...withFiles,
  fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "a.part");
    using first = openLocked(path)!.file;
    Deno.renameSync(path, join(folder.path, "a.txt"));
    using second = openLocked(path)!.file;
    second.writeSync(Uint8Array.of(1));
    assert.equal(first.statSync().size, 0);
    assert.deepEqual(folder.names(), ["a.part", "a.txt"]);
  },
});

Deno.test({
  name: "openLocked follows no link out of its folder",
  ...withFiles,
  ignore: withFiles.ignore || Deno.build.os === "windows",
  fn() {
    using folder = new TemporaryFolder();
    const elsewhere = folder.write("elsewhere", "precious");
    const path = join(folder.path, "a.part");
    Deno.symlinkSync(elsewhere, path);
    assert.equal(openLocked(path), undefined);
    assert.equal(Deno.readTextFileSync(elsewhere), "precious");
  },
});

Deno.test({
  name: "openPart gives whoever comes later a part with a name of its own",
  ...withFiles,
  fn() {
    using folder = new TemporaryFolder();
    const first = openPart(folder.path, "rfc1.txt");
    const second = openPart(folder.path, "rfc1.txt");
    using _files = new DisposableStack();
    _files.use(first.file);
    _files.use(second.file);
    assert.deepEqual([first.isPrivate, second.isPrivate], [false, true]);
    assert.deepEqual(
      folder.names().map(parsePartName).sort((a, b) => Number(a?.isPrivate) - Number(b?.isPrivate)),
      [{ name: "rfc1.txt", isPrivate: false }, { name: "rfc1.txt", isPrivate: true }],
    );
  },
});

Deno.test("parsePartName tells parts from other files", pure, () => {
  const uuid = "0f3c1e88-6c55-4d3e-9f57-0d7f6a0f2c11";
  assert.deepEqual(parsePartName("rfc1.txt.part"), { name: "rfc1.txt", isPrivate: false });
  assert.deepEqual(parsePartName(`rfc1.txt.${uuid}.part`), { name: "rfc1.txt", isPrivate: true });
  for (const name of ["rfc1.txt", "rfc1.txt.ndjson", ".part", "part", "rfc1.txt.part.bak"]) {
    assert.equal(parsePartName(name), undefined, name);
  }
});

Deno.test({
  name: "sweep removes what nobody has locked, and nothing else",
  ...withFiles,
  fn() {
    using folder = new TemporaryFolder();
    using _locked = openLocked(join(folder.path, "in use.part"))?.file;
    folder.write("left.part", "x");
    Deno.mkdirSync(join(folder.path, "folder.part"));
    for (const name of [...folder.names(), "missing.part"]) sweep(join(folder.path, name));
    assert.deepEqual(folder.names(), ["folder.part", "in use.part"]);
  },
});
