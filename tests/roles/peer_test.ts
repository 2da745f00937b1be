import assert from "node:assert/strict";
import { join } from "node:path";
import type { StoredDocument } from "../../lib/files/document_folder.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { getIndex, getRfc } from "../../lib/roles/rfc_client.ts";
import { Peer } from "../../lib/roles/peer.ts";
import type { PeerEvents, PeerOptions } from "../../lib/roles/peer_options.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import type { System } from "../../lib/roles/membership.ts";
import { Brought } from "../helpers/brought.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentBuffer } from "../helpers/document_buffer.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

/** Both servers, a folder of documents 8600 and 8601, and what a peer tells. */
class World implements AsyncDisposable, PeerEvents {
  readonly ci = new CentralIndexServer(loopback);
  readonly rs = new RegistrationServer(loopback);
  readonly folder = new TemporaryFolder();
  readonly told: string[] = [];
  #next = Promise.withResolvers<void>();

  constructor() {
    for (const number of [8600, 8601]) this.write(number);
  }

  write(number: number): void {
    this.folder.write(`rfc${number}.txt`, documentText(number, `Title ${number}`));
  }

  start(more: Partial<PeerOptions> = {}): Promise<Peer> {
    return Peer.start({
      folder: this.folder.path,
      ci: this.ci.endpoint,
      rs: this.rs.endpoint,
      ...loopback,
      os: "Linux",
      events: this,
      ...more,
    });
  }

  get announced(): number[] {
    return Array.from(this.ci.index.list(), ({ number }) => number).sort();
  }

  /** Waits until a thing was told. */
  async until(what: string): Promise<void> {
    while (!this.told.includes(what)) await this.#next.promise;
  }

  joined(system: System, _server: unknown, _self: unknown, documents: number): void {
    this.#tell(`joined ${system} with ${documents}`);
  }

  lost(system: System): void {
    this.#tell(`lost ${system}`);
  }

  changed(added: readonly StoredDocument[], removed: readonly StoredDocument[]): void {
    for (const { number } of added) this.#tell(`added ${number}`);
    for (const { number } of removed) this.#tell(`removed ${number}`);
  }

  uploaded({ number }: StoredDocument): void {
    this.#tell(`uploaded ${number}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.ci[Symbol.asyncDispose]();
    await this.rs[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }

  #tell(what: string): void {
    this.told.push(what);
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

Deno.test({
  name: "Peer joins both systems, serves, and leaves both",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    {
      await using peer = await world.start();
      assert.deepEqual(world.told, ["joined ci with 2", "joined rs with 2"]);
      assert.deepEqual(world.announced, [8600, 8601]);
      assert.equal(world.rs.peers()[0]?.port, peer.endpoint.port);
      const document = new DocumentBuffer();
      await getRfc(peer.endpoint, 8600, "P2P-CI", document, { os: "Linux" });
      assert.equal(document.text, documentText(8600, "Title 8600"));
      await world.until("uploaded 8600");
    }
    assert.equal(world.rs.peers()[0]?.active, false);
  },
});

Deno.test({
  name:
    "Peer announces a document that is dropped into its folder, and takes back one that is removed",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    await using peer = await world.start();
    world.write(8602);
    await world.until("added 8602");
    assert.deepEqual(world.announced, [8600, 8601, 8602]);
    Deno.removeSync(join(world.folder.path, "rfc8600.txt"));
    await world.until("removed 8600");
    assert.deepEqual(world.announced, [8601, 8602]);
    await assert.rejects(
      getRfc(peer.endpoint, 8600, "P2P-CI", new DocumentBuffer(), { os: "Linux" }),
      /404/,
    );
  },
});

Deno.test({
  name: "Peer announces, indexes and serves only what it is told to",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    await using peer = await world.start({ only: [{ first: 8601, last: 8699 }] });
    assert.deepEqual(world.announced, [8601]);
    const indexed: number[] = [];
    await getIndex(peer.endpoint, ({ number }) => indexed.push(number), { os: "Linux" });
    assert.deepEqual(indexed, [8601]);
    await assert.rejects(
      getRfc(peer.endpoint, 8600, "P2P-DI", new DocumentBuffer(), { os: "Linux" }),
      /404/,
    );
    assert.equal(await peer.offer(8600), false);
  },
});

Deno.test({
  name: "Peer keeps a document to itself when told to, and offers it again",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    await using peer = await world.start();
    assert.equal(await peer.withhold(8600), true);
    assert.equal(await peer.withhold(8600), false);
    assert.deepEqual(world.announced, [8601]);
    await peer.refresh();
    assert.deepEqual(world.announced, [8601]);
    assert.equal(await peer.offer(8600), true);
    assert.deepEqual(world.announced, [8600, 8601]);
    assert.equal(await peer.offer(9999), false);
  },
});

for (const system of ["ci", "rs"] as const) {
  Deno.test({
    name: `Peer finds what others have by ${system}, not itself`,
    ...withSocketsAndFiles,
    async fn() {
      await using world = new World();
      await using other = await world.start();
      using empty = new TemporaryFolder();
      const servers = system === "ci" ? { rs: undefined } : { ci: undefined };
      await using peer = await world.start({ folder: empty.path, ...servers });
      using brought = new Brought();
      const { downloads } = await brought.from([], [8601], {
        finders: peer.finders(() => assert.fail("every peer can be asked")),
      });
      assert.deepEqual(downloads[0]?.sources.map(({ port }) => port), [other.endpoint.port]);
      assert.equal(downloads[0]?.verified, true);
      assert.equal(brought.text(8601), documentText(8601, "Title 8601"));
    },
  });
}

Deno.test({
  name: "Peer.start leaves nothing behind when it fails half-way",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    using gone = await ClosedPort.take();
    // The leak check of this test sees to it that nothing stays open.
    await assert.rejects(world.start({ rs: gone.endpoint }), { name: "UnreachableError" });
    assert.deepEqual(world.told, ["joined ci with 2"]);
    const missing = join(world.folder.path, "missing");
    await assert.rejects(world.start({ folder: missing }), { name: "FileError" });
    await using first = await world.start();
    await assert.rejects(world.start({ port: first.endpoint.port }), { name: "ListenError" });
  },
});

Deno.test({
  name:
    "Peer tells the index server the digests of its documents when they are known, in this run and the next",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    const longAgo = new Date("2026-11-12T08:00:00Z");
    for (const name of world.folder.names()) {
      Deno.utimeSync(join(world.folder.path, name), longAgo, longAgo);
    }
    const announced = () => [...world.ci.index.list()].map(({ details }) => details?.sha256);
    for (let run = 0; run < 2; run++) {
      await using peer = await world.start({ rs: undefined });
      if (run === 1) assert.ok(announced().every((sha256) => sha256 !== undefined));
      while (announced().includes(undefined)) {
        await Promise.all([...peer.offered()].map((each) => peer.digests.sha256(each)));
        await peer.ci!.client!.list(peer.ci!.self);
      }
      const expected = await Promise.all(
        [...peer.offered()].map((each) => peer.digests.sha256(each)),
      );
      assert.deepEqual(announced(), expected.toReversed());
    }
    assert.deepEqual(
      Array.from(Deno.readDirSync(join(world.folder.path, ".rfc-exchange")), ({ name }) => name),
      ["catalogue.ndjson"],
    );
  },
});

Deno.test({
  name: "Peer announces a document once, however many look at its folder at the same time",
  ...withSocketsAndFiles,
  async fn() {
    await using world = new World();
    await using peer = await world.start();
    // So many that a look at them lets others have a turn.
    const numbers = Array.from({ length: 100 }, (_, i) => 8602 + i);
    for (const number of numbers) world.write(number);
    await Promise.all(Array.from({ length: 5 }, () => peer.refresh()));
    const added = world.told.filter((what) => what.startsWith("added "));
    assert.deepEqual(added, numbers.map((number) => `added ${number}`));
    assert.equal(world.announced.length, 102);
  },
});
