import assert from "node:assert/strict";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { RsClient } from "../../lib/roles/rs_client.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const ttlMs = 60_000;

/** A registration server, a client of it, and a clock that both the test and the server look at. */
function setUp() {
  const clock = { now: Date.UTC(2026, 10, 21, 12, 0, 0) };
  let changes = 0;
  const server = new RegistrationServer({
    ...loopback,
    ttlMs,
    now: () => clock.now,
    changed: () => changes++,
  });
  return {
    clock,
    server,
    client: new RsClient(server.endpoint, { os: "Linux" }),
    changes: () => changes,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test({
  name: "RegistrationServer takes a peer for inactive when its TTL is over",
  ...withSockets,
  async fn() {
    await using test = setUp();
    const { client, clock, server } = test;
    const silent = await client.register("silent", 1, undefined);
    const lively = await client.register("lively", 2, undefined);
    clock.now += ttlMs - 1;
    assert.equal((await client.peers(undefined)).length, 2);
    await client.keepAlive(lively);
    clock.now += 1;
    assert.deepEqual(await client.peers(undefined), [{ host: "lively", port: 2 }]);
    assert.deepEqual(server.peers().map(({ host, active }) => [host, active]), [
      ["lively", true],
      ["silent", false],
    ]);
    // It has not left: a sign of life is enough to be active again.
    await client.keepAlive(silent);
    assert.equal((await client.peers(undefined)).length, 2);
  },
});

Deno.test({
  name: "RegistrationServer takes a query of a registered peer for a sign of life",
  ...withSockets,
  async fn() {
    await using test = setUp();
    const { client, clock } = test;
    const registration = await client.register("h", 1, undefined);
    clock.now += ttlMs - 1;
    await client.peers(registration);
    clock.now += ttlMs - 1;
    assert.equal((await client.peers(undefined)).length, 1);
  },
});

Deno.test({
  name: "RegistrationServer tells of each change of the peer list",
  ...withSockets,
  async fn() {
    await using test = setUp();
    const { client } = test;
    const registration = await client.register("h", 1, undefined);
    assert.equal(test.changes(), 1);
    await client.keepAlive(registration);
    await client.leave(registration);
    assert.equal(test.changes(), 3);
    await client.peers(undefined);
    assert.equal(test.changes(), 3);
  },
});

Deno.test({
  name: "RegistrationServer that is full hangs up, or says when to try again if it was asked to",
  ...withSockets,
  async fn() {
    await using server = new RegistrationServer({ ...loopback, maxPeers: 1 });
    const register = (host: string, more = "") =>
      `Register P2P-DI/1.0\r\nHost: ${host}\r\nPort: 1\r\n${more}\r\n`;
    using first = await RawClient.connect(server.endpoint);
    await first.send(register("a"));
    assert.match(await first.readToEnd(), /^P2P-DI\/1\.0 200 OK\r\n/);
    using second = await RawClient.connect(server.endpoint);
    await second.send(register("b"));
    assert.equal(await second.readToEnd(), "");
    using third = await RawClient.connect(server.endpoint);
    await third.send(register("c", "Connection: keep-alive\r\n"));
    assert.equal(
      await third.readHead(),
      "P2P-DI/1.0 503 Service Unavailable\r\nRetry-After: 60\r\n" +
        "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n",
    );
  },
});

Deno.test({
  name: "RegistrationServer notices by itself that a peer has become inactive, at any time scale",
  ...withSockets,
  async fn() {
    for (const [timeScale, wallMs] of [[1, 7_200_000], [100, 72_000]] as const) {
      using clock = new WoundClock();
      let changes = 0;
      await using server = new RegistrationServer({
        ...loopback,
        timeScale,
        changed: () => changes++,
      });
      using client = await RawClient.connect(server.endpoint);
      await client.send("Register P2P-DI/1.0\r\nHost: a\r\nPort: 1\r\n\r\n");
      assert.match(await client.readToEnd(), /^TTL: 7200\r$/m);
      clock.advance(wallMs - 1);
      assert.deepEqual(server.peers().map(({ ttlMs }) => ttlMs), [timeScale]);
      assert.equal(changes, 1);
      clock.advance(1);
      assert.equal(changes, 2);
      assert.deepEqual(server.peers().map(({ active }) => active), [false]);
    }
  },
});
