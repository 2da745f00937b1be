import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { DigestThread } from "../../lib/files/digest_thread.ts";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { PositionalFile } from "../../lib/files/positional_file.ts";
import { ThreadedDigest } from "../../lib/files/threaded_digest.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function openFile(path: string): PositionalFile {
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  return new PositionalFile(file, pieceBytes);
}

/** A file that grows from its start, is now and then written anew from some place on, and its digest. */
class GrowingFile implements Disposable {
  readonly #file: PositionalFile;
  readonly #digest: ThreadedDigest;
  #bytes = new Uint8Array();

  constructor(thread: DigestThread, path: string) {
    this.#file = openFile(path);
    this.#digest = new ThreadedDigest(thread, this.#file, path);
  }

  get expected(): string {
    return sha256(this.#bytes);
  }

  append(bytes: Uint8Array): void {
    this.#write(this.#bytes.length, bytes);
  }

  /** Writes something anew that is there already, and maybe beyond its end. */
  change(offset: number, bytes: Uint8Array): void {
    this.#write(offset % (this.#bytes.length + 1), bytes);
  }

  follow(): void {
    this.#digest.follow((offset) => Math.min(this.#bytes.length, offset + 4_096));
  }

  finish(): Promise<string> {
    return this.#digest.finish(this.#bytes.length);
  }

  [Symbol.dispose](): void {
    this.#digest[Symbol.dispose]();
    this.#file[Symbol.dispose]();
  }

  #write(place: number, bytes: Uint8Array): void {
    this.#file.write(place, bytes);
    const all = new Uint8Array(Math.max(this.#bytes.length, place + bytes.length));
    all.set(this.#bytes);
    all.set(bytes, place);
    this.#bytes = all;
    this.#digest.take(place);
  }
}

const bytes = fc.uint8Array({ minLength: 1, maxLength: 9_000, size: "max" });
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("append" as const), bytes }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("change" as const), offset: fc.nat(), bytes }),
  },
  { weight: 4, arbitrary: fc.constant({ do: "follow" as const }) },
  { weight: 1, arbitrary: fc.constant({ do: "finish" as const }) },
);
const actions = fc.array(action, { maxLength: 30, size: "max" });

Deno.test({
  name: "ThreadedDigest tells the digest of what is there, whatever was written anew before",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const thread = new DigestThread();
    // Files of the same thread, and one that keeps it for all of them.
    using _other = new GrowingFile(thread, join(folder.path, "other"));
    let count = 0;
    await fc.assert(fc.asyncProperty(actions, async (actions) => {
      using file = new GrowingFile(thread, join(folder.path, `file-${++count}`));
      for (const act of actions) {
        if (act.do === "append") file.append(act.bytes);
        if (act.do === "change") file.change(act.offset, act.bytes);
        if (act.do === "follow") file.follow();
        if (act.do === "finish") assert.equal(await file.finish(), file.expected);
      }
      assert.equal(await file.finish(), file.expected);
    }));
  },
});

Deno.test({
  name: "DigestThread hashes several files at once, and begins anew after the last was closed",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const thread = new DigestThread();
    for (let round = 0; round < 2; round++) {
      const contents = [1, 2, 3].map((value) => new Uint8Array(300_000).fill(value + round));
      const files = contents.map((bytes, i) => thread.open(folder.write(`file-${i}`, bytes)));
      for (const end of [100_000, 300_000]) for (const file of files) thread.grown(file, end);
      const digests = await Promise.all(files.map((file) => thread.digest(file)));
      assert.deepEqual(digests, contents.map(sha256));
      for (const file of files) thread.close(file);
    }
  },
});

Deno.test({
  name: "DigestThread does not tell of a file that it cannot read, or not as far as it was told",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const thread = new DigestThread();
    const missing = thread.open(join(folder.path, "missing"));
    const short = thread.open(folder.write("short", "four"));
    const right = thread.open(folder.write("right", "four"));
    thread.grown(short, 5);
    thread.grown(right, 4);
    const files = [missing, short, right];
    const digests = await Promise.all(files.map((file) => thread.digest(file)));
    assert.deepEqual(digests, [undefined, undefined, sha256(new TextEncoder().encode("four"))]);
    const closed = thread.digest(right);
    for (const file of files) thread.close(file);
    assert.equal(await closed, undefined);
    assert.equal(await thread.digest(right), undefined);
  },
});

Deno.test({
  name: "ThreadedDigest tells the digest also if the thread cannot open the file",
  ...withFiles,
  async fn() {
    using folder = new TemporaryFolder();
    const path = join(folder.path, "file");
    using file = openFile(path);
    file.write(0, new Uint8Array(200_000));
    Deno.removeSync(path);
    using digest = new ThreadedDigest(new DigestThread(), file, path);
    digest.follow(() => 200_000);
    assert.equal(await digest.finish(200_000), sha256(new Uint8Array(200_000)));
  },
});
