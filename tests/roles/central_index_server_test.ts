import assert from "node:assert/strict";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";

const add = (number: number, host = "h", title = "Host Software") =>
  `ADD RFC ${number} P2P-CI/1.0\r\nHost: ${host}\r\nPort: 5678\r\nTitle: ${title}\r\n\r\n`;
const added = (number: number, host = "h", title = "Host Software") =>
  `P2P-CI/1.0 200 OK\r\n\r\nRFC ${number} ${title} ${host} 5678\r\n\r\n`;
const list = "LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 5678\r\n\r\n";
const listed = (...records: readonly string[]) =>
  `P2P-CI/1.0 200 OK\r\n\r\n${records.map((record) => `${record}\r\n`).join("")}\r\n`;

async function ask(client: RawClient, request: string, reply: string): Promise<void> {
  await client.send(request);
  assert.equal(await client.read(reply.length), reply);
}

for (
  const [how, leave] of [
    ["hangs up", (client: RawClient) => client.close()],
    ["ends its side", (client: RawClient) => client.endSending()],
    ["says EXIT", (client: RawClient) => client.send("EXIT P2P-CI/1.0\r\nHost: h\r\n\r\n")],
  ] as const
) {
  Deno.test({
    name: `CentralIndexServer forgets what a peer announced that ${how}, and nothing else`,
    ...withSockets,
    async fn() {
      let left = Promise.withResolvers<void>();
      await using server = new CentralIndexServer({ ...loopback, changed: () => left.resolve() });
      using staying = await RawClient.connect(server.endpoint);
      using leaving = await RawClient.connect(server.endpoint);
      await ask(staying, add(1, "staying"), added(1, "staying"));
      await ask(leaving, add(1, "leaving"), added(1, "leaving"));
      await ask(leaving, add(2, "leaving"), added(2, "leaving"));
      left = Promise.withResolvers();
      await leave(leaving);
      await left.promise;
      await ask(staying, list, listed("RFC 1 Host Software staying 5678"));
    },
  });
}

Deno.test({
  name: "CentralIndexServer lets nobody take back what another announced",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using owner = await RawClient.connect(server.endpoint);
    using other = await RawClient.connect(server.endpoint);
    await ask(owner, add(1), added(1));
    const remove = "REMOVE RFC 1 P2P-CI/1.0\r\nHost: h\r\nPort: 5678\r\n\r\n";
    await ask(other, remove, "P2P-CI/1.0 404 Not Found\r\n\r\n");
    await ask(other, list, listed("RFC 1 Host Software h 5678"));
    await ask(owner, remove, listed("RFC 1 Host Software h 5678"));
    await ask(other, list, listed());
  },
});

Deno.test({
  name: "CentralIndexServer answers many requests that come in one segment, in order",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    const numbers = Array.from({ length: 200 }, (_, i) => i + 1);
    await ask(
      client,
      numbers.map((number) => add(number)).join(""),
      numbers.map((number) => added(number)).join(""),
    );
  },
});

Deno.test({
  name: "CentralIndexServer answers a request that comes in one-byte segments",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    for (const byte of add(1)) await client.send(byte);
    assert.equal(await client.read(added(1).length), added(1));
  },
});

Deno.test({
  name: "CentralIndexServer carries titles and hosts in UTF-8 and IPv6",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    const title = "Über „QUIC“ 🚀";
    const reply = added(1, "2001:db8::7", title);
    await client.send(add(1, "[2001:db8::7]", title));
    assert.equal(await client.read(new TextEncoder().encode(reply).length), reply);
  },
});
