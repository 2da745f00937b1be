import assert from "node:assert/strict";
import { join } from "node:path";
import { findDocumentNumber } from "../../lib/files/document_name.ts";
import { PartFile } from "../../lib/files/part_file.ts";
import { lacks, withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const encoder = new TextEncoder();

Deno.test({
  name: "PartFile has its name when it is finished, not before, and all its bytes then",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = join(temporary.path, "rfc1.txt");
    using file = await PartFile.create(target);
    await file.write(encoder.encode("one "));
    const [partName, ...others] = temporary.names();
    assert.deepEqual(others, []);
    assert.equal(findDocumentNumber(partName!), undefined);
    await file.write(encoder.encode("two"));
    await file.finish();
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
    assert.equal(Deno.readTextFileSync(target), "one two");
  },
});

Deno.test({
  name: "PartFile leaves nothing when it is not finished, and what was there as it was",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = temporary.write("rfc1.txt", "before");
    {
      using file = await PartFile.create(target);
      await file.write(encoder.encode("after"));
    }
    const discarded = await PartFile.create(target);
    discarded.discard();
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
    assert.equal(Deno.readTextFileSync(target), "before");
  },
});

Deno.test({
  name: "PartFile takes the place of the file before when it is finished",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = temporary.write("rfc1.txt", "before");
    using file = await PartFile.create(target);
    await file.write(encoder.encode("after"));
    await file.finish();
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
    assert.equal(Deno.readTextFileSync(target), "after");
  },
});

Deno.test({
  name: "PartFile takes over what a program left that was killed",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = join(temporary.path, "rfc1.txt");
    temporary.write(".rfc1.txt.part", "left by somebody, and longer");
    using file = await PartFile.create(target);
    await file.write(encoder.encode("anew"));
    await file.finish();
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
    assert.equal(Deno.readTextFileSync(target), "anew");
  },
});

Deno.test({
  name: "PartFile lets two write the same document at once; the last one wins whole",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = join(temporary.path, "rfc1.txt");
    using first = await PartFile.create(target);
    using second = await PartFile.create(target);
    await first.write(encoder.encode("first"));
    await second.write(encoder.encode("second"));
    await second.finish();
    await first.finish();
    assert.deepEqual(temporary.names(), ["rfc1.txt"]);
    assert.equal(Deno.readTextFileSync(target), "first");
  },
});

Deno.test({
  name: "PartFile.create says that the folder is missing",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = join(temporary.path, "missing", "rfc1.txt");
    await assert.rejects(PartFile.create(target), {
      name: "FileError",
      message: `Cannot write ${target}: it does not exist`,
    });
  },
});

Deno.test({
  name: "PartFile.create lets neither a folder nor a device give way to a file",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const folder = join(temporary.path, "rfc1.txt");
    Deno.mkdirSync(folder);
    const targets = [folder];
    if (Deno.build.os !== "windows") {
      // A link, so that the test does no harm should the rule be broken.
      const device = join(temporary.path, "null");
      Deno.symlinkSync("/dev/null", device);
      targets.push(device);
    }
    const before = temporary.names();
    for (const target of targets) {
      await assert.rejects(PartFile.create(target), {
        name: "FileError",
        message: `Cannot write ${target}: it is not a regular file`,
      });
    }
    assert.deepEqual(temporary.names(), before);
  },
});

Deno.test({
  name: "PartFile.finish says that the folder has gone meanwhile",
  ...withFiles,
  async fn() {
    const temporary = new TemporaryFolder();
    const target = join(temporary.path, "rfc1.txt");
    using file = await PartFile.create(target);
    temporary[Symbol.dispose]();
    await assert.rejects(file.finish(), {
      name: "FileError",
      message: `Cannot write ${target}: it does not exist`,
    });
  },
});

Deno.test({
  name: "PartFile.create says which permission is missing, without asking a person",
  permissions: { read: true },
  ignore: lacks("read"),
  async fn() {
    await assert.rejects(PartFile.create("rfc1.txt"), {
      name: "FileError",
      message: "Cannot write rfc1.txt: permission is missing, add --allow-write",
    });
  },
});
