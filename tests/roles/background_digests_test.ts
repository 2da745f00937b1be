import assert from "node:assert/strict";
import { Catalogue } from "../../lib/files/catalogue.ts";
import { Digests } from "../../lib/files/digests.ts";
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { BackgroundDigests, type HashedDocument } from "../../lib/roles/background_digests.ts";
import { folderWith } from "../helpers/document.ts";
import { withFiles } from "../helpers/permissions.ts";

const longAgo = new Date("2026-11-12T08:00:00Z");

/** A scanned folder with these documents, written long ago, and what is told of their digests. */
async function prepare(...numbers: readonly number[]) {
  const temporary = folderWith(...numbers);
  for (const name of temporary.names()) {
    Deno.utimeSync(`${temporary.path}/${name}`, longAgo, longAgo);
  }
  const folder = new DocumentFolder(temporary.path);
  await folder.scan();
  const digests = new Digests(new Catalogue(temporary.path));
  const told: HashedDocument[] = [];
  const untold = new Set<number>();
  let next = Promise.withResolvers<void>();
  const background = new BackgroundDigests({
    documents: () => folder.documents.values(),
    digests,
    isUntold: ({ number }) => untold.has(number),
    computed: (documents) => {
      told.push(...documents);
      next.resolve();
      next = Promise.withResolvers();
      return Promise.resolve();
    },
  });
  return {
    temporary,
    folder,
    digests,
    told,
    untold,
    background,
    /** Waits until so many digests were told. */
    async until(count: number) {
      while (told.length < count) await next.promise;
    },
    async [Symbol.asyncDispose]() {
      await background[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    },
  };
}

Deno.test({
  name: "BackgroundDigests computes what is not known, in order",
  ...withFiles,
  async fn() {
    await using world = await prepare(3, 1, 2);
    const known = world.folder.documents.get(2)!;
    world.digests.record(known, "known");
    world.background.wake();
    await world.until(2);
    assert.deepEqual(world.told.map(({ number }) => number), [1, 3]);
    for (const { sha256, ...document } of world.told) {
      assert.equal(await world.digests.sha256(document), sha256);
    }
  },
});

Deno.test({
  name: "BackgroundDigests tells a digest that somebody else's question made known first",
  ...withFiles,
  async fn() {
    await using world = await prepare(1, 2);
    for (const number of [1, 2]) {
      await world.digests.sha256(world.folder.documents.get(number)!);
    }
    world.untold.add(2);
    world.background.wake();
    await world.until(1);
    assert.deepEqual(world.told.map(({ number }) => number), [2]);
  },
});

Deno.test({
  name: "BackgroundDigests looks again when it is woken, and passes over what is gone",
  ...withFiles,
  async fn() {
    await using world = await prepare(1, 2, 3);
    Deno.removeSync(`${world.temporary.path}/rfc2.txt`);
    world.background.wake();
    world.background.wake();
    await world.until(2);
    assert.deepEqual(world.told.map(({ number }) => number), [1, 3]);
    world.temporary.write("rfc4.txt", "four");
    await world.folder.scan();
    world.background.wake();
    await world.until(3);
    assert.equal(world.told[2]?.number, 4);
  },
});

Deno.test({
  name: "BackgroundDigests tells nothing more once it is disposed of",
  ...withFiles,
  async fn() {
    await using world = await prepare(...Array.from({ length: 50 }, (_, i) => i + 1));
    world.background.wake();
    await world.background[Symbol.asyncDispose]();
    world.background.wake();
    await world.background[Symbol.asyncDispose]();
    assert.deepEqual(world.told, []);
  },
});
