import assert from "node:assert/strict";
import { join } from "node:path";
import {
  FolderWatch,
  maxReadings,
  recheckMs,
  restMs,
  settleMs,
} from "../../lib/files/folder_watch.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

/** Counts looks and lets tests wait for the next one. */
class Looks {
  count = 0;
  #looked = Promise.withResolvers<void>();

  /** @param again Whether each look asks for another one soon. */
  constructor(readonly again = false) {}

  readonly look = (): Promise<boolean> => {
    this.count++;
    this.#looked.resolve();
    this.#looked = Promise.withResolvers();
    return Promise.resolve(this.again);
  };

  get next(): Promise<void> {
    return this.#looked.promise;
  }
}

for (
  const [what, change] of [
    [
      "a document is dropped into the folder",
      (path: string) => Deno.writeTextFileSync(join(path, "rfc2.txt"), ""),
    ],
    ["a document is removed", (path: string) => Deno.removeSync(join(path, "rfc1.txt"))],
    [
      "a document is written to",
      (path: string) => Deno.writeTextFileSync(join(path, "rfc1.txt"), "more"),
    ],
    [
      "a file becomes a document by its name",
      (path: string) => Deno.renameSync(join(path, "download"), join(path, "rfc3.txt")),
    ],
  ] as const
) {
  Deno.test({
    name: `FolderWatch looks some time after ${what}`,
    ...withFiles,
    async fn() {
      using temporary = new TemporaryFolder();
      temporary.write("rfc1.txt", "");
      temporary.write("download", "");
      using clock = new WoundClock();
      const looks = new Looks();
      await using _watch = new FolderWatch(temporary.path, looks.look);
      change(temporary.path);
      await clock.waiting(settleMs);
      assert.equal(looks.count, 0);
      const { next } = looks;
      clock.advance(settleMs);
      await next;
    },
  });
}

Deno.test({
  name: "FolderWatch serves several changes with one look",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using clock = new WoundClock();
    const looks = new Looks();
    await using _watch = new FolderWatch(temporary.path, looks.look);
    for (let number = 1; number <= 20; number++) temporary.write(`rfc${number}.txt`, "");
    await clock.waiting(settleMs);
    const { next } = looks;
    clock.advance(settleMs);
    await next;
    assert.equal(looks.count, 1);
  },
});

Deno.test({
  name: "FolderWatch looks again soon if the look before asks for it",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using clock = new WoundClock();
    const looks = new Looks(true);
    await using _watch = new FolderWatch(temporary.path, looks.look);
    for (let count = 1; count <= 3; count++) {
      const { next } = looks;
      clock.advance(count === 1 ? recheckMs : settleMs);
      await next;
      assert.equal(looks.count, count);
      await clock.waiting(settleMs);
    }
  },
});

Deno.test({
  name: "FolderWatch looks every now and then at a folder that cannot be watched",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using clock = new WoundClock();
    const looks = new Looks();
    await using _watch = new FolderWatch(join(temporary.path, "missing"), looks.look);
    for (let count = 1; count <= 3; count++) {
      await clock.waiting(recheckMs);
      clock.advance(recheckMs - 1);
      assert.equal(looks.count, count - 1);
      const { next } = looks;
      clock.advance(1);
      await next;
    }
  },
});

Deno.test({
  name: "FolderWatch rests while documents are read a lot, looks, and goes on watching",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using clock = new WoundClock();
    const looks = new Looks();
    await using watch = new FolderWatch(temporary.path, looks.look);
    for (let reading = 0; reading < maxReadings; reading++) watch.noteReading();
    temporary.write("rfc1.txt", "");
    await clock.waiting(settleMs);
    const first = looks.next;
    clock.advance(settleMs);
    await first;
    for (let reading = 0; reading < maxReadings + 1; reading++) watch.noteReading();
    temporary.write("rfc2.txt", "");
    await clock.waiting(restMs);
    const second = looks.next;
    clock.advance(restMs);
    await second;
    assert.equal(looks.count, 2);
    temporary.write("rfc3.txt", "");
    await clock.waiting(settleMs);
  },
});

Deno.test({
  name: "FolderWatch does not look twice at once, and waits for the last look when it ends",
  ...withFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    using clock = new WoundClock();
    const finish = Promise.withResolvers<boolean>();
    const begun = Promise.withResolvers<void>();
    let underWay = 0;
    const watch = new FolderWatch(temporary.path, async () => {
      assert.equal(++underWay, 1);
      begun.resolve();
      await finish.promise;
      underWay--;
      return false;
    });
    clock.advance(recheckMs);
    await begun.promise;
    temporary.write("rfc1.txt", "");
    await clock.waiting(settleMs);
    clock.advance(settleMs);
    let ended = false;
    const ending = watch[Symbol.asyncDispose]().then(() => ended = true);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    assert.equal(ended, false);
    finish.resolve(false);
    await ending;
    clock.advance(10 * recheckMs);
    assert.equal(underWay, 0);
  },
});
