/**
 * Going on with what an earlier run has brought, when no list tells what the document is.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { PartStore } from "../../lib/files/part_store.ts";
import { Brought } from "../helpers/brought.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { ScriptedServer } from "../helpers/scripted_server.ts";

const size = 3 * pieceBytes;
const earlier = new Uint8Array(size).fill(0x61);
const sha256 = createHash("sha256").update(earlier).digest("hex");
const keptBytes = 2 * pieceBytes + 100_000;

/** A folder in which a run has left most of the document. */
async function interrupted(): Promise<Brought> {
  const brought = new Brought();
  using part = await new PartStore(brought.temporary.path).open(1, { size, sha256 });
  part.write(0, earlier.subarray(0, keptBytes));
  return brought;
}

/** Speaks the given form only: whole documents, and no digest. */
function givenForm(document: Uint8Array): ScriptedServer {
  return new ScriptedServer(async (client) => {
    await client.readHead();
    await client.send(`P2P-CI/1.0 200 OK\r\nContent-Length: ${document.length}\r\n\r\n`);
    await client.send(document);
  });
}

Deno.test({
  name:
    "Downloader asks only for what an earlier run has not brought, though no list tells a digest",
  ...withSocketsAndFiles,
  async fn() {
    await using holder = await DocumentServer.start({ 1: earlier });
    using brought = await interrupted();
    const { downloads, failures } = await brought.from([holder.endpoint]);
    assert.deepEqual(failures, []);
    assert.deepEqual(downloads[0]?.sources, [{ ...holder.endpoint, bytes: size - keptBytes }]);
    assert.equal(downloads[0]?.verified, true);
    assert.deepEqual(brought.bytes(1), earlier);
    assert.deepEqual(brought.parts, []);
  },
});

for (
  const [what, document] of [
    ["of the same length", new Uint8Array(size).fill(0x62)],
    ["that is shorter", new Uint8Array(pieceBytes + 5).fill(0x62)],
    ["that is longer", new Uint8Array(size + 5).fill(0x62)],
  ] as const
) {
  Deno.test({
    name: `Downloader begins anew when the document has become another one ${what}`,
    ...withSocketsAndFiles,
    async fn() {
      await using holder = await DocumentServer.start({ 1: document });
      using brought = await interrupted();
      const { downloads, failures, droppings } = await brought.from([holder.endpoint]);
      assert.deepEqual(failures, []);
      assert.deepEqual(droppings, []);
      assert.equal(downloads[0]?.verified, true);
      assert.deepEqual(brought.bytes(1), document);
      assert.deepEqual(brought.parts, []);
    },
  });

  Deno.test({
    name: `Downloader takes another document ${what} from a holder that tells no digest`,
    ...withSocketsAndFiles,
    async fn() {
      await using holder = givenForm(document);
      using brought = await interrupted();
      const { downloads, failures, droppings } = await brought.from([holder.endpoint]);
      assert.deepEqual(failures, []);
      assert.deepEqual(droppings, []);
      assert.equal(downloads[0]?.verified, false);
      assert.deepEqual(brought.bytes(1), document);
      assert.deepEqual(brought.parts, []);
    },
  });
}

Deno.test({
  name: "Downloader keeps what an earlier run has brought when nobody gives the rest",
  ...withSocketsAndFiles,
  async fn() {
    await using holder = await DocumentServer.start({});
    using brought = await interrupted();
    const { failures } = await brought.from([holder.endpoint]);
    assert.equal(failures.length, 1);
    using part = await new PartStore(brought.temporary.path).open(1, { size, sha256 });
    assert.deepEqual([...part.received], [0, 1]);
    assert.equal(part.receivedBytes(2), keptBytes - 2 * pieceBytes);
  },
});
