import assert from "node:assert/strict";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { keptIdleMs, requestMs } from "../../lib/roles/request_loop.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

interface TestedServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
}

const kinds: readonly {
  name: string;
  start: () => TestedServer;
  protocol: string;
  request: string;
}[] = [
  {
    name: "a persistent server",
    start: () => new CentralIndexServer(loopback),
    protocol: "P2P-CI",
    request: "LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
  },
  {
    name: "a server of one exchange a connection",
    start: () => new RegistrationServer(loopback),
    protocol: "P2P-DI",
    request: "Register P2P-DI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
  },
];

for (const { name, start, protocol, request } of kinds) {
  Deno.test({
    name: `serveRequests of ${name} ends a connection with half a request after requestMs`,
    ...withSockets,
    async fn() {
      using clock = new WoundClock();
      await using server = start();
      using client = await RawClient.connect(server.endpoint);
      await client.send(request.slice(0, 20));
      await clock.waiting(requestMs);
      let over = false;
      const ended = client.readToEnd().finally(() => over = true);
      // The timer may be that of the silence before the half request.
      while (!over) {
        clock.advance(requestMs);
        await new Promise(setImmediate);
      }
      assert.equal(await ended, "");
      using next = await RawClient.connect(server.endpoint);
      await next.send(request);
      assert.match(await next.read(17), /200 OK/);
    },
  });

  Deno.test({
    name: `serveRequests of ${name} refuses what makes no sense and goes on where it can`,
    ...withSockets,
    async fn() {
      await using server = start();
      using client = await RawClient.connect(server.endpoint);
      await client.send("NONSENSE\r\nConnection: keep-alive\r\n\r\n");
      const refusal =
        `${protocol}/1.0 400 Bad Request\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n`;
      assert.equal(await client.read(refusal.length), refusal);
      await client.send(request);
      assert.match(await client.read(17), /200 OK/);
    },
  });

  for (
    const [what, bytes] of [
      ["a line", "x".repeat(10_000)],
      ["a head", "LIST ALL P2P-CI/1.0\r\n" + `A: ${"b".repeat(1_000)}\r\n`.repeat(40)],
    ] as const
  ) {
    Deno.test({
      name: `serveRequests of ${name} answers ${what} past its limit with 400 and closes`,
      ...withSockets,
      async fn() {
        await using server = start();
        using client = await RawClient.connect(server.endpoint);
        await client.send(bytes);
        assert.equal(await client.readToEnd(), `${protocol}/1.0 400 Bad Request\r\n\r\n`);
      },
    });
  }
}

Deno.test({
  name: "serveRequests of a persistent server lets an idle connection be",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    await using server = new CentralIndexServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    const { request } = kinds[0]!;
    const reply = "P2P-CI/1.0 200 OK\r\n\r\n\r\n";
    await client.send(request);
    assert.equal(await client.read(reply.length), reply);
    clock.advance(24 * 3_600_000);
    await client.send(request);
    assert.equal(await client.read(reply.length), reply);
  },
});

Deno.test({
  name: "serveRequests ends a connection that says nothing at all after requestMs",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    await using server = new RegistrationServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    await clock.waiting(requestMs);
    clock.advance(requestMs);
    assert.equal(await client.readToEnd(), "");
  },
});

Deno.test({
  name: "serveRequests ends a kept connection that is idle for keptIdleMs, not before",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    await using server = new RegistrationServer(loopback);
    using client = await RawClient.connect(server.endpoint);
    const query = "PQuery P2P-DI/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n";
    const reply = "P2P-DI/1.0 404 Not Found\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n";
    for (let exchange = 1; exchange <= 3; exchange++) {
      await client.send(query);
      assert.equal(await client.read(reply.length), reply);
      clock.advance(keptIdleMs - 1);
    }
    let over = false;
    const ended = client.readToEnd().finally(() => over = true);
    while (!over) {
      clock.advance(keptIdleMs);
      await new Promise(setImmediate);
    }
    assert.equal(await ended, "");
  },
});
