/**
 * Folders that are not one downloader's alone: another one writes into it, or somebody takes it away.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { parsePartName } from "../../lib/files/part_lock.ts";
import { withTools } from "../helpers/permissions.ts";
import { number, RelayedDocument } from "../helpers/relayed_document.ts";

/** Resolves when the folder has a file that satisfies the condition, which is not so yet. */
async function appearance(folder: string, condition: (name: string) => boolean): Promise<void> {
  using watcher = Deno.watchFs(folder, { recursive: false });
  const isThere = () => Deno.readDirSync(folder).some(({ name }) => condition(name));
  if (isThere()) return;
  for await (const _ of watcher) if (isThere()) return;
}

Deno.test({
  name:
    "two downloaders fetch the same document into the same folder at once, each in a part of its own",
  ...withTools,
  async fn() {
    await using document = await RelayedDocument.start();
    await using holder = await document.startHolder();
    const { relay, target } = document;
    relay.target = holder.endpoint;
    const reached = relay.hold(2 * pieceBytes);
    await using first = document.startGet();
    await reached;
    await using second = document.startGet();
    await appearance(
      join(target.path, ".rfc-exchange", "parts"),
      (name) => parsePartName(name)?.isPrivate === true,
    );
    relay.release();
    for (const get of [first, second]) {
      const { code, stderr } = await get.finished();
      assert.equal(code, 0, stderr);
    }
    document.assertTidy(true);
  },
});

Deno.test({
  name: "peer get says in one line that its folder is gone, and makes none",
  ...withTools,
  async fn() {
    await using document = await RelayedDocument.start();
    await using holder = await document.startHolder();
    const { relay, target } = document;
    relay.target = holder.endpoint;
    const reached = relay.hold(2 * pieceBytes);
    await using get = document.startGet();
    await reached;
    Deno.removeSync(target.path, { recursive: true });
    relay.release();
    const { code, stderr } = await get.finished();
    const isThere = document.restoreTarget();
    assert.equal(
      stderr,
      `Cannot write ${join(target.path, `rfc${number}.txt`)}: it does not exist\n`,
    );
    assert.equal(code, 1);
    assert.equal(isThere, false);
  },
});
