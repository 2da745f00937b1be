import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { RfcIndex } from "../../lib/index/rfc_index.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { CiClient } from "../../lib/roles/ci_client.ts";
import { CiFinder, DiFinder, type DiSearch, type Finder } from "../../lib/roles/finder.ts";
import { ListedHolders } from "../../lib/roles/listed_holders.ts";
import { RecentPeers } from "../../lib/roles/recent_peers.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { RsClient } from "../../lib/roles/rs_client.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSockets, withSocketsAndFiles } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { answering, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";

const options = { os: "Linux" };

const emptyIndex = "P2P-DI/1.0 200 OK\r\nContent-Length: 0\r\n\r\n";

async function allHolders(finder: Finder, number: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { host, port, protocol } of finder.holders(number)) {
    found.push(`${protocol} ${host} ${port}`);
  }
  return found;
}

Deno.test({
  name: "CiFinder finds who the central index server names, newest first, but not itself",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, options);
    const title = "Host Software";
    await client.add({ number: 1, title, host: "a", port: 1 });
    await client.add({ number: 1, title, host: "B", port: 2 });
    await client.add({ number: 1, title, host: "c", port: 3 });
    const self = { host: "b", port: 2 };
    assert.deepEqual(await allHolders(new CiFinder(client, self), 1), ["P2P-CI c 3", "P2P-CI a 1"]);
    assert.equal((await allHolders(new CiFinder(client, undefined), 1)).length, 3);
    assert.deepEqual(await allHolders(new CiFinder(client, self), 2), []);
  },
});

Deno.test({
  name: "CiFinder takes from a list that has just come what that names, and looks up the rest",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, options);
    const title = "Host Software";
    await client.add({ number: 1, title, host: "a", port: 1 });
    const listed = new ListedHolders();
    listed.begin();
    listed.note({ number: 1, title, host: "me", port: 9 });
    listed.note({ number: 1, title, host: "listed", port: 2 });
    const finder = new CiFinder(client, { host: "me", port: 9 }, listed);
    assert.deepEqual(await allHolders(finder, 1), ["P2P-CI listed 2"]);
    assert.deepEqual(await allHolders(finder, 1), ["P2P-CI a 1"]);
  },
});

/** A registration server that knows these peers, and a search that asks it. */
async function searchAmong(peers: readonly Endpoint[], more: Partial<DiSearch> = {}) {
  const server = new RegistrationServer(loopback);
  const rs = new RsClient(server.endpoint, options);
  for (const { host, port } of peers) await rs.register(host, port, undefined);
  const failed: Endpoint[] = [];
  const index = new RfcIndex();
  const finder = new DiFinder({
    rs,
    registration: undefined,
    index,
    self: undefined,
    options,
    failed: (peer) => failed.push(peer),
    ...more,
  });
  return { finder, index, failed, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

Deno.test({
  name: "DiFinder asks one active peer after another and finds those that have the document",
  ...withSocketsAndFiles,
  async fn() {
    await using without = await DocumentServer.start({ 1: "" });
    await using first = await DocumentServer.start({ 2: "" });
    await using second = await DocumentServer.start({ 1: "", 2: "" });
    const peers = [without, first, second].map(({ endpoint }) => endpoint);
    await using search = await searchAmong(peers);
    assert.deepEqual(await allHolders(search.finder, 2), [
      `P2P-DI 127.0.0.1 ${first.endpoint.port}`,
      `P2P-DI 127.0.0.1 ${second.endpoint.port}`,
    ]);
    assert.deepEqual(await allHolders(search.finder, 3), []);
  },
});

Deno.test({
  name: "DiFinder does not ask again who is active if that was said a moment ago",
  ...withSocketsAndFiles,
  async fn() {
    await using named = await DocumentServer.start({ 1: "" });
    await using registered = await DocumentServer.start({ 1: "" });
    const recent = new RecentPeers();
    recent.note([named.endpoint]);
    await using search = await searchAmong([registered.endpoint], { recent });
    const expected = [`P2P-DI 127.0.0.1 ${named.endpoint.port}`];
    assert.deepEqual(await allHolders(search.finder, 1), expected);
  },
});

Deno.test({
  name: "DiFinder finds the holders of many documents at a time, and asks each peer once",
  ...withSocketsAndFiles,
  async fn() {
    const numbers = [1, 2, 3, 4, 5];
    await using has = await DocumentServer.start(
      Object.fromEntries(numbers.map((number) => [number, ""])),
    );
    await using without = new ScriptedServer(answering(emptyIndex));
    await using search = await searchAmong([without.endpoint, has.endpoint]);
    const found = await Promise.all(numbers.map((number) => allHolders(search.finder, number)));
    const expected = [`P2P-DI 127.0.0.1 ${has.endpoint.port}`];
    assert.deepEqual(found, numbers.map(() => expected));
    assert.equal(without.connections, 1);
  },
});

Deno.test({
  name: "DiFinder does not wait for a silent peer before it asks the next one",
  ...withSocketsAndFiles,
  async fn() {
    await using silent = new ScriptedServer(staySilent);
    await using has = await DocumentServer.start({ 1: "" });
    const leaving = new AbortController();
    await using search = await searchAmong([silent.endpoint, has.endpoint], {
      options: { ...options, signal: leaving.signal },
    });
    const holders = search.finder.holders(1);
    assert.equal((await holders.next()).value?.port, has.endpoint.port);
    assert.deepEqual(search.failed, []);
    leaving.abort();
    await assert.rejects(holders.next());
  },
});

Deno.test({
  name: "DiFinder asks no further than is needed, and each peer once",
  ...withSocketsAndFiles,
  async fn() {
    await using has = await DocumentServer.start({ 1: "" });
    await using other = new ScriptedServer(answering(emptyIndex));
    await using search = await searchAmong([has.endpoint, other.endpoint]);
    for await (const holder of search.finder.holders(1)) {
      assert.equal(holder.port, has.endpoint.port);
      break;
    }
    assert.equal(other.connections, 0);
    await allHolders(search.finder, 2);
    await allHolders(search.finder, 3);
    assert.equal(other.connections, 1);
  },
});

Deno.test({
  name: "DiFinder tells which peers did not answer and goes on",
  ...withSocketsAndFiles,
  async fn() {
    using gone = await ClosedPort.take();
    await using has = await DocumentServer.start({ 1: "" });
    await using search = await searchAmong([gone.endpoint, has.endpoint]);
    assert.equal((await allHolders(search.finder, 1)).length, 1);
    assert.deepEqual(search.failed, [gone.endpoint]);
  },
});

Deno.test({
  name: "DiFinder names an active holder that another peer told of, not one that has left",
  ...withSockets,
  async fn() {
    const lines = "RFC 1 Host Software left 2 7200\r\nRFC 1 Host Software active 1 7200\r\n";
    await using teller = new ScriptedServer(
      answering(`P2P-DI/1.0 200 OK\r\nContent-Length: ${lines.length}\r\n\r\n${lines}`),
    );
    await using search = await searchAmong([teller.endpoint, { host: "active", port: 1 }]);
    for await (const holder of search.finder.holders(1)) {
      const { host, port, protocol, size } = holder;
      assert.deepEqual({ host, port, protocol, size }, {
        host: "active",
        port: 1,
        protocol: "P2P-DI",
        size: undefined,
      });
      // Going on would ask that peer, which does not exist.
      break;
    }
    const { index } = search;
    assert.deepEqual(index.holders(1).map(({ host }) => host), ["left", "active"]);
  },
});

Deno.test({
  name: "DiFinder does not ask itself, nor take its own documents for somebody else's",
  ...withSockets,
  async fn() {
    const self = { host: "127.0.0.1", port: 9 };
    const lines = "RFC 1 Host Software 127.0.0.1 9 7200\r\n";
    await using teller = new ScriptedServer(
      answering(`P2P-DI/1.0 200 OK\r\nContent-Length: ${lines.length}\r\n\r\n${lines}`),
    );
    await using search = await searchAmong([self, teller.endpoint], { self });
    assert.deepEqual(await allHolders(search.finder, 1), []);
    assert.deepEqual(search.failed, []);
    assert.equal(search.index.heardCount, 0);
  },
});

Deno.test({
  name: "DiFinder fails when the registration server cannot be asked",
  ...withSockets,
  async fn() {
    const search = await searchAmong([]);
    await search[Symbol.asyncDispose]();
    await assert.rejects(allHolders(search.finder, 1), { name: "UnreachableError" });
  },
});

Deno.test({
  name: "DiFinder tells size and digest of what peers say them of, and who gives extensions",
  ...withSocketsAndFiles,
  async fn() {
    const text = documentText(1, "Host Software");
    await using ours = await DocumentServer.start({ 1: text });
    await using other = new ScriptedServer(async (client) => {
      await client.readHead();
      const record = `RFC 1 Host Software 127.0.0.1 ${other.endpoint.port} 7200\r\n`;
      await client.send(`P2P-DI/1.0 200 OK\r\nContent-Length: ${record.length}\r\n\r\n${record}`);
    });
    await using search = await searchAmong([ours.endpoint, other.endpoint]);
    const found = await Array.fromAsync(search.finder.holders(1));
    const sha256 = createHash("sha256").update(text).digest("hex");
    const details = new Map(found.map(({ port, size, sha256, givesExtensions }) => [
      port,
      { size, sha256, givesExtensions },
    ]));
    assert.deepEqual(details.get(ours.endpoint.port), {
      size: text.length,
      sha256,
      givesExtensions: true,
    });
    assert.deepEqual(details.get(other.endpoint.port), {
      size: undefined,
      sha256: undefined,
      givesExtensions: false,
    });
    // What was learned is passed on.
    assert.deepEqual(
      [...search.index.heardRecords()].map(({ port, sha256 }) => [port, sha256 !== undefined]),
      [[ours.endpoint.port, true], [other.endpoint.port, false]],
    );
  },
});
