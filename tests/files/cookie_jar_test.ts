import assert from "node:assert/strict";
import { join } from "node:path";
import { CookieJar } from "../../lib/files/cookie_jar.ts";
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { stateFolderName } from "../../lib/files/state_folder.ts";
import { lacks, withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const server = "127.0.0.1:65423";

/** A folder whose jar's file holds this text. */
function folderWithJar(text: string): TemporaryFolder {
  const temporary = new TemporaryFolder();
  Deno.mkdirSync(join(temporary.path, stateFolderName));
  temporary.write(join(stateFolderName, "cookies.json"), text);
  return temporary;
}

Deno.test({
  name: "CookieJar keeps the cookie of each server from one run to the next",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const jar = new CookieJar(temporary.path);
    assert.equal(jar.isKept, true);
    assert.equal(jar.get(server), undefined);
    await jar.set(server, "4711");
    await jar.set("[::1]:65243", "4712");
    await jar.set(server, "4713");
    const next = new CookieJar(temporary.path);
    assert.equal(next.get(server), "4713");
    assert.equal(next.get("[::1]:65243"), "4712");
  },
});

Deno.test({
  name: "CookieJar keeps to a folder of its own that holds no document",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    await new CookieJar(temporary.path).set(server, "4711");
    assert.deepEqual(temporary.names(), [".rfc-exchange"]);
    const stateFolder = join(temporary.path, stateFolderName);
    assert.deepEqual(Array.from(Deno.readDirSync(stateFolder), ({ name }) => name), [
      "cookies.json",
    ]);
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    assert.equal(folder.documents.size, 0);
  },
});

for (
  const [what, text] of [
    ["is empty", ""],
    ["was cut", '{"127.0.0.1:65423": "47'],
    ["is null", "null"],
    ["is a number", "4711"],
    ["is a list", "[4711]"],
    ["has a cookie that is no text", '{"127.0.0.1:65423": 4711}'],
    ["has a cookie without an end", JSON.stringify({ [server]: "4".repeat(100_000) })],
  ] as const
) {
  Deno.test({
    name: `CookieJar takes a file that ${what} for an empty one, and mends it`,
    ...withFiles,
    async fn() {
      using temporary = folderWithJar(text);
      const jar = new CookieJar(temporary.path);
      assert.equal(jar.get(server), undefined);
      await jar.set(server, "4711");
      assert.equal(new CookieJar(temporary.path).get(server), "4711");
    },
  });
}

Deno.test({
  name: "CookieJar passes over what is no cookie and takes the others",
  ...withFiles,
  fn() {
    using temporary = folderWithJar('{"a:1": 5, "b:2": "4712"}');
    const jar = new CookieJar(temporary.path);
    assert.deepEqual([jar.get("a:1"), jar.get("b:2")], [undefined, "4712"]);
  },
});

Deno.test({
  name: "CookieJar that may not write keeps cookies as long as the program lasts",
  permissions: { read: true },
  ignore: lacks("read"),
  async fn() {
    // No folder is needed to see that none is written to.
    const jar = new CookieJar("no-such-folder");
    assert.equal(jar.isKept, false);
    await jar.set(server, "4711");
    assert.equal(jar.get(server), "4711");
  },
});

Deno.test({
  name: "CookieJar that may not even read starts empty, without asking a person",
  permissions: "none",
  fn() {
    assert.equal(new CookieJar("rfcs").get(server), undefined);
  },
});

Deno.test({
  name: "CookieJar.set says that the disk does not take a cookie, and keeps it in mind",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const inTheWay = temporary.write(stateFolderName, "a file where the folder should be");
    const jar = new CookieJar(temporary.path);
    await assert.rejects(jar.set(server, "4711"), {
      name: "FileError",
      message: `Cannot make folder ${inTheWay}: it exists already`,
    });
    assert.equal(jar.get(server), "4711");
  },
});
