/**
 * A document of several pieces that can be had over a relay only, and a folder for it: for tests of what becomes of
 * downloads that are disturbed.
 * @module
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { PartStore } from "../../lib/files/part_store.ts";
import { minKeptBytes } from "../../lib/files/written_part.ts";
import { formatDigestField } from "../../lib/protocol/digest.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { loopback, RawClient } from "./raw_client.ts";
import { Relay } from "./relay.ts";
import { TemporaryFolder } from "./temporary_folder.ts";
import { ToolProcess, writingTo } from "./tool_process.ts";
import { startCiServer, startPeer } from "./tools.ts";

/** Number of the document. */
export const number = 8600;
const name = `rfc${number}.txt`;
/** Its length: some pieces, and one that is short. */
export const size = 4 * pieceBytes + 123_457;
const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 13 + (i >> 9) + (i >> 17)) & 0xff);
const sha256 = createHash("sha256").update(bytes).digest("hex");

/** Holders behind a relay, which an index server announces; and the folder of somebody who wants their document. */
export class RelayedDocument implements AsyncDisposable {
  readonly relay = new Relay();
  readonly #stack = new AsyncDisposableStack();
  readonly #source = this.#stack.use(new TemporaryFolder());
  readonly target = this.#stack.use(new TemporaryFolder());
  readonly #index = this.#stack.use(new CentralIndexServer(loopback));
  #decoy: ToolProcess | undefined;

  /** With the index server that announces it; a holder is to be started. */
  static async start(): Promise<RelayedDocument> {
    const scene = new RelayedDocument();
    scene.#stack.use(scene.relay);
    scene.#source.write(name, bytes);
    // The holders announce themselves elsewhere, so that all goes through the relay.
    scene.#decoy = scene.#stack.use(await startCiServer());
    const client = scene.#stack.use(await RawClient.connect(scene.#index.endpoint));
    // Two names of one holder: two connections.
    for (const host of ["127.0.0.1", "localhost"]) {
      await client.send([
        `ADD RFC ${number} P2P-CI/1.0`,
        `Host: ${host}`,
        `Port: ${scene.relay.endpoint.port}`,
        "Title: A Title",
        `Size: ${size}`,
        `Repr-Digest: ${formatDigestField(sha256)}`,
        "\r\n",
      ].join("\r\n"));
      await client.readHead();
    }
    return scene;
  }

  /** Starts a peer that has it; `relay.target` says which one is asked. */
  startHolder(): Promise<ToolProcess> {
    return startPeer(this.#source.path, ["--ci", this.#decoy!.address]);
  }

  /** Starts a peer that fetches it. */
  startGet(): ToolProcess {
    return new ToolProcess(
      "peer",
      [
        ...["get", String(number), "--dir", this.target.path],
        ...["--ci", formatEndpoint(this.#index.endpoint), "--json"],
      ],
      { permissions: writingTo(this.target.path) },
    );
  }

  /** How much of each piece an earlier run left for the next one. */
  async kept(): Promise<number[]> {
    using part = await new PartStore(this.target.path).open(number, { size, sha256 });
    const pieces = Array.from(
      { length: Math.ceil(size / pieceBytes) },
      (_, piece) => part.receivedBytes(piece),
    );
    // So little is not kept: closing it here has removed it.
    return sum(pieces) >= minKeptBytes ? pieces : pieces.fill(0);
  }

  /** Nothing is in the folder but what has its name rightly, and the peer's own folder with what belongs there. */
  assertTidy(isDone: boolean): void {
    const { target } = this;
    assert.deepEqual(target.names(), isDone ? [".rfc-exchange", name] : [".rfc-exchange"]);
    const own = new Set(
      Deno.readDirSync(join(target.path, ".rfc-exchange")).map((file) => file.name),
    );
    const ownNames = ["parts", "catalogue.ndjson", ...(isDone ? [] : [".catalogue.ndjson.part"])];
    assert.deepEqual(own.difference(new Set(ownNames)), new Set());
    const parts = new Set(
      Deno.readDirSync(join(target.path, ".rfc-exchange", "parts")).map((file) => file.name),
    );
    const known = isDone ? [] : [`${name}.part`, `${name}.ndjson`];
    assert.deepEqual(parts.difference(new Set(known)), new Set());
    if (!isDone) return;
    const found = Deno.readFileSync(join(target.path, name));
    assert.equal(createHash("sha256").update(found).digest("hex"), sha256);
  }

  /** Makes room for the next download. */
  clear(): void {
    Deno.removeSync(join(this.target.path, name));
  }

  /** Makes the folder again if a test has removed it; says whether somebody else had. */
  restoreTarget(): boolean {
    try {
      Deno.mkdirSync(this.target.path);
      return false;
    } catch {
      return true;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

/** Of all the counts. */
export function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
