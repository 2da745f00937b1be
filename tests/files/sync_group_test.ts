import assert from "node:assert/strict";
import { type Syncable, SyncGroup } from "../../lib/files/sync_group.ts";
import { pure } from "../helpers/permissions.ts";

/** A file whose sync lasts until the test ends it. */
class ScriptedFile implements Syncable {
  readonly end = Promise.withResolvers<void>();
  isBegun = false;

  sync(): Promise<void> {
    this.isBegun = true;
    return this.end.promise;
  }
}

function begun(files: readonly ScriptedFile[]): boolean[] {
  return files.map(({ isBegun }) => isBegun);
}

Deno.test({
  name: "SyncGroup brings the first at once, and together what comes meanwhile",
  ...pure,
  async fn() {
    const group = new SyncGroup();
    const files = Array.from({ length: 4 }, () => new ScriptedFile());
    const syncs = files.slice(0, 3).map((file) => group.sync(file));
    assert.deepEqual(begun(files), [true, false, false, false]);
    files[0]!.end.resolve();
    await syncs[0];
    files[1]!.end.resolve();
    await syncs[1];
    assert.deepEqual(begun(files), [true, true, true, false]);
    files[2]!.end.resolve();
    await syncs[2];
    files[3]!.end.resolve();
    await group.sync(files[3]!);
  },
});

Deno.test({
  name: "SyncGroup tells each file's failure to whoever brings that file, and goes on",
  ...pure,
  async fn() {
    const group = new SyncGroup();
    const files = Array.from({ length: 3 }, () => new ScriptedFile());
    const syncs = files.map((file) => group.sync(file));
    const failure = new Error("No space left on device");
    const failed = [0, 1].map((i) => assert.rejects(syncs[i]!, failure));
    files[0]!.end.reject(failure);
    files[1]!.end.reject(failure);
    files[2]!.end.resolve();
    await Promise.all([...failed, syncs[2]]);
    const next = new ScriptedFile();
    next.end.resolve();
    await group.sync(next);
    assert.equal(next.isBegun, true);
  },
});
