import assert from "node:assert/strict";
import { ConnectionLostError, UnreachableError } from "../../lib/net/errors.ts";
import { givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { type Endpoint, formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { maxHeadBytes, maxLineBytes } from "../../lib/protocol/limits.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { CiClient } from "../../lib/roles/ci_client.ts";
import { type ClientOptions, RefusedError, replyMs } from "../../lib/roles/client_exchange.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { answering, type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const self = { host: "peer1.example.org", port: 50_001 };
const record = { number: 1234, title: "Tunneling IPX Traffic through IP Networks", ...self };
const options = { os: "Linux" };

/** For a server that is known to understand the given form, so that no other is tried. */
function knowing({ endpoint }: { endpoint: Endpoint }): ClientOptions {
  return { ...options, forms: new Map([[formatEndpoint(endpoint), givenAskingForm]]) };
}

Deno.test({
  name: "CiClient announces, looks up, lists and takes back at a real server",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, options);
    assert.deepEqual(await client.list(self), []);
    await client.add(record);
    await client.add({ ...record, number: 2345, title: "Domain Names" });
    assert.deepEqual(await client.lookup(1234, self), [record]);
    assert.deepEqual((await client.list(self)).map(({ number }) => number), [2345, 1234]);
    await client.remove(1234, self);
    assert.deepEqual(await client.lookup(1234, self), []);
    await assert.rejects(client.remove(1234, self), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.equal(error.status, 404);
      return true;
    });
    assert.equal(client.localHost, "127.0.0.1");
  },
});

Deno.test({
  name: "CiClient gives each of many requests at once its own reply",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, options);
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
    await Promise.all(numbers.map((number) => client.add({ ...record, number })));
    const found = await Promise.all(numbers.map((number) => client.lookup(number, self)));
    assert.deepEqual(found.map(([first]) => first?.number), numbers);
  },
});

Deno.test({
  name: "CiClient goes on after a refusal",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send("P2P-CI/1.0 400 Bad Request\r\n\r\n");
      await client.readHead();
      await client.send("P2P-CI/1.0 200 OK\r\n\r\n\r\n");
      await client.readToEnd();
    });
    using client = await CiClient.connect(server.endpoint, knowing(server));
    await assert.rejects(client.add(record), (error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.message, /^127\.0\.0\.1:\d+ answered 400 Bad Request$/);
      return true;
    });
    assert.deepEqual(await client.list(self), []);
  },
});

const failures: (readonly [string, Script, string, RegExp])[] = [
  ["hangs up", (client) => client.readHead().then(), "ConnectionLostError", /closed by the server/],
  ["speaks HTTP", answering("HTTP/1.1 200 OK\r\n\r\n"), "ProtocolError", /Cannot parse reply/],
  [
    "sends garbage",
    answering(new Uint8Array([0, 255, 13, 10, 13, 10])),
    "ProtocolError",
    /Cannot parse reply/,
  ],
  [
    "sends a line without an end",
    answering("P2P-CI/1.0 200 OK\r\nTitle: ".padEnd(2 * maxLineBytes, "x")),
    "ProtocolError",
    /longer than 8192 bytes/,
  ],
];

for (const [what, script, name, message] of failures) {
  Deno.test({
    name: `CiClient fails what it asked a server that ${what}, and says that it is over`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(script);
      using client = await CiClient.connect(server.endpoint, knowing(server));
      await assert.rejects(client.list(self), { name, message });
      assert.match((await client.ended).message, message);
      await assert.rejects(client.list(self), ConnectionLostError);
    },
  });
}

/** Replies that other programs end, or fill, as they like. */
const oddReplies: readonly (readonly [string, string, readonly number[]])[] = [
  ["ends its reply behind the status line", "P2P-CI/1.0 200 OK\r\n", []],
  [
    "cuts its last record",
    "P2P-CI/1.0 200 OK\r\n\r\nRFC 1 Host Software h 1\r\nRFC 2 Ho",
    [1],
  ],
  ["names the other protocol", "P2P-DI/1.0 200 OK\r\n\r\n", []],
  [
    "sends a record that is none",
    "P2P-CI/1.0 200 OK\r\n\r\nRFC 1e3 Host Software h 1\r\nRFC 1 Host Software h 1\r\n\r\n",
    [1],
  ],
  [
    "sends many lines that are no records",
    `P2P-CI/1.0 200 OK\r\n${"A: b\r\n".repeat(maxHeadBytes / 4)}RFC 1 Host Software h 1\r\n`,
    [1],
  ],
];

for (const [what, reply, numbers] of oddReplies) {
  Deno.test({
    name: `CiClient takes the records that it can read from a server that ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(answering(reply));
      using client = await CiClient.connect(server.endpoint, knowing(server));
      const records = await client.list(self);
      assert.deepEqual(records.map(({ number }) => number), numbers);
      await client.ended;
      await assert.rejects(client.list(self), ConnectionLostError);
    },
  });
}

Deno.test({
  name: "CiClient gives up a server that does not answer for replyMs",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(staySilent);
    using clock = new WoundClock();
    using client = await CiClient.connect(server.endpoint, knowing(server));
    const listed = assert.rejects(client.list(self), /silent for too long/);
    await clock.waiting(replyMs);
    clock.advance(replyMs);
    await listed;
    assert.match((await client.ended).message, /silent for too long/);
  },
});

Deno.test({
  name: "CiClient waits as long as it takes when it has asked nothing",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, options);
    await client.add(record);
    clock.advance(24 * 3_600_000);
    assert.deepEqual(await client.lookup(1234, self), [record]);
  },
});

Deno.test({
  name: "CiClient notices at once that an idle connection has ended",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(() => Promise.resolve());
    using client = await CiClient.connect(server.endpoint, options);
    assert.match((await client.ended).message, /closed by the server/);
  },
});

Deno.test({
  name: "CiClient ends with its signal",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(staySilent);
    const abort = new AbortController();
    using client = await CiClient.connect(server.endpoint, {
      ...knowing(server),
      signal: abort.signal,
    });
    const listed = assert.rejects(client.list(self), ConnectionLostError);
    abort.abort();
    await listed;
    await client.ended;
  },
});

Deno.test({
  name: "CiClient.connect says that nobody can be reached",
  ...withSockets,
  async fn() {
    using closed = await ClosedPort.take();
    await assert.rejects(CiClient.connect(closed.endpoint, options), UnreachableError);
  },
});
