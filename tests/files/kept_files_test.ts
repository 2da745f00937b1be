import assert from "node:assert/strict";
import { join } from "node:path";
import { type KeptFile, KeptFiles, keptMs } from "../../lib/files/kept_files.ts";
import { OpenDocument } from "../../lib/files/open_document.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

function readAll({ file }: KeptFile): string {
  const bytes = new Uint8Array(100);
  return new TextDecoder().decode(bytes.subarray(0, file.readSync(bytes) ?? 0));
}

Deno.test({
  name: "KeptFiles opens a file again without opening it, and from its beginning",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "a document");
    using files = new KeptFiles();
    const first = files.open(path);
    assert.equal(readAll(first), "a document");
    files.giveBack(first);
    assert.equal(files.size, 1);
    const second = files.open(path);
    assert.equal(second, first);
    assert.equal(files.size, 0);
    assert.equal(readAll(second), "a document");
    files.giveBack(second);
  },
});

Deno.test({
  name: "KeptFiles gives a file to one reader at a time, and keeps one of a path",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "a document");
    using files = new KeptFiles();
    const [first, second] = [files.open(path), files.open(path)];
    assert.notEqual(first.file, second.file);
    files.giveBack(first);
    files.giveBack(second);
    assert.equal(files.size, 1);
    assert.equal(files.open(path), first);
    first.file.close();
  },
});

for (
  const [what, change] of [
    ["is written to", (path: string) => Deno.writeTextFileSync(path, "other", { append: true })],
    ["is changed at another time", (path: string) => Deno.utimeSync(path, 1, 1)],
    ["gets another file's place", (path: string) => {
      const other = `${path}.new`;
      const { mtime } = Deno.statSync(path);
      Deno.writeTextFileSync(other, "b document");
      Deno.utimeSync(other, mtime!, mtime!);
      Deno.renameSync(other, path);
    }],
  ] as const
) {
  Deno.test({
    name: `KeptFiles opens anew what ${what}`,
    ...withFiles,
    fn() {
      using temporary = new TemporaryFolder();
      const path = temporary.write("rfc1.txt", "a document");
      using files = new KeptFiles();
      files.giveBack(files.open(path));
      change(path);
      const opened = files.open(path);
      assert.equal(readAll(opened), Deno.readTextFileSync(path));
      assert.equal(opened.keptSince, undefined);
      opened.file.close();
    },
  });
}

Deno.test({
  name: "KeptFiles opens nothing whose path names no regular file any more, though it was kept",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "a document");
    using files = new KeptFiles();
    files.giveBack(files.open(path));
    const elsewhere = join(temporary.path, "elsewhere");
    Deno.renameSync(path, elsewhere);
    assert.throws(() => files.open(path), Deno.errors.NotFound);
    Deno.symlinkSync(elsewhere, path);
    assert.throws(() => files.open(path), /It is not a regular file/);
  },
});

Deno.test({
  name: "KeptFiles does not keep a file whose path named another one when it was looked at",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    using files = new KeptFiles();
    const opened = files.open(temporary.write("rfc1.txt", "a document"));
    files.giveBack({ ...opened, state: Deno.lstatSync(temporary.write("rfc2.txt", "another")) });
    assert.equal(files.size, 0);
  },
});

Deno.test({
  name: "KeptFiles has so many places, and closes what finds none",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    using files = new KeptFiles(2);
    const opened = ["1", "2", "3"].map((n) => files.open(temporary.write(n, n)));
    for (const file of opened) files.giveBack(file);
    assert.equal(files.size, 2);
    assert.throws(() => opened[2]!.file.statSync(), Deno.errors.BadResource);
    files.closeAll();
    assert.equal(files.size, 0);
  },
});

Deno.test({
  name: "KeptFiles closes a file that nobody reads for a while",
  ...withFiles,
  fn() {
    using clock = new WoundClock();
    using temporary = new TemporaryFolder();
    using files = new KeptFiles();
    files.giveBack(files.open(temporary.write("rfc1.txt", "one")));
    clock.advance(keptMs - 1);
    files.giveBack(files.open(temporary.write("rfc2.txt", "two")));
    clock.advance(1);
    assert.equal(files.size, 1);
    clock.advance(keptMs);
    assert.equal(files.size, 0);
  },
});

Deno.test({
  name: "OpenDocument gives its file back to be kept, even one whose end was reached",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const path = temporary.write("rfc1.txt", "a document");
    using files = new KeptFiles();
    for (let i = 0; i < 2; i++) {
      using document = OpenDocument.open(path, files);
      assert.equal(files.size, 0);
      assert.equal(new TextDecoder().decode(document.read(document.whole!)), "a document");
    }
    assert.equal(files.size, 1);
  },
});
