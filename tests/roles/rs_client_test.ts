import assert from "node:assert/strict";
import { RefusedError, replyMs } from "../../lib/roles/client_exchange.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { RsClient } from "../../lib/roles/rs_client.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { answering, type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const options = { os: "Linux" };

function hasStatus(status: number): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof RefusedError);
    assert.equal(error.status, status);
    return true;
  };
}

Deno.test({
  name: "RsClient registers, stays, asks and leaves at a real server",
  ...withSockets,
  async fn() {
    await using server = new RegistrationServer({ ...loopback, ttlMs: 60_000 });
    const client = new RsClient(server.endpoint, options);
    const one = await client.register("one.example.org", 1111, undefined);
    const two = await client.register("two.example.org", 2222, undefined);
    assert.equal(one.ttlMs, 60_000);
    assert.notEqual(one.cookie, two.cookie);
    assert.deepEqual(await client.peers(one), [{ host: "two.example.org", port: 2222 }]);
    assert.equal(await client.keepAlive(two), 60_000);
    await client.leave(two);
    assert.deepEqual(await client.peers(one), []);
    assert.deepEqual(await client.peers(undefined), [{ host: "one.example.org", port: 1111 }]);
    await assert.rejects(client.keepAlive(two), hasStatus(403));
  },
});

Deno.test({
  name: "RsClient registers under the address that this machine has towards the server",
  ...withSockets,
  async fn() {
    await using server = new RegistrationServer(loopback);
    const client = new RsClient(server.endpoint, options);
    assert.equal((await client.register(undefined, 1111, undefined)).host, "127.0.0.1");
    assert.deepEqual(await client.peers(undefined), [{ host: "127.0.0.1", port: 1111 }]);
  },
});

Deno.test({
  name: "RsClient comes back as the same peer with its cookie, from another port too",
  ...withSockets,
  async fn() {
    await using server = new RegistrationServer(loopback);
    const client = new RsClient(server.endpoint, options);
    const first = await client.register("h", 1111, undefined);
    const again = await client.register("h", 2222, first.cookie);
    assert.equal(again.cookie, first.cookie);
    assert.deepEqual(await client.peers(undefined), [{ host: "h", port: 2222 }]);
    const stranger = await client.register("h", 3333, "4711");
    assert.notEqual(stranger.cookie, "4711");
  },
});

Deno.test({
  name: "RsClient is refused with the cookie of another peer",
  ...withSockets,
  async fn() {
    await using server = new RegistrationServer(loopback);
    const client = new RsClient(server.endpoint, options);
    const { cookie } = await client.register("victim", 1111, undefined);
    const thief = { host: "thief", cookie, ttlMs: 1 };
    await assert.rejects(client.leave(thief), hasStatus(403));
    await assert.rejects(client.keepAlive(thief), hasStatus(403));
    await assert.rejects(client.peers(thief), hasStatus(403));
    assert.equal((await client.peers(undefined)).length, 1);
  },
});

const registrationFailures: (readonly [string, Script, string, RegExp])[] = [
  ["hangs up", (client) => client.readHead().then(), "ConnectionLostError", /without a reply/],
  ["cuts its head", answering("P2P-DI/1.0 200 OK\r\nCoo"), "ConnectionLostError", /within a reply/],
  ["speaks P2P-CI", answering("P2P-CI/1.0 200 OK\r\n\r\n"), "ProtocolError", /Cannot parse reply/],
  [
    "sends garbage",
    answering(new Uint8Array(100).fill(10).fill(200, 0, 90)),
    "ProtocolError",
    /UTF-8/,
  ],
  [
    "gives no cookie",
    answering("P2P-DI/1.0 200 OK\r\nTTL: 60\r\n\r\n"),
    "ProtocolError",
    /no Cookie/,
  ],
  ...["0", "-1", "1e3", "99999999999", "soon"].map((ttl) =>
    [
      `gives a TTL of ${ttl}`,
      answering(`P2P-DI/1.0 200 OK\r\nCookie: 4711\r\nTTL: ${ttl}\r\n\r\n`),
      "ProtocolError",
      /expected a TTL/,
    ] as const
  ),
  [
    "is full",
    answering("P2P-DI/1.0 503 Service Unavailable\r\n\r\n"),
    "RefusedError",
    /answered 503 Service Unavailable/,
  ],
];

for (const [what, script, name, message] of registrationFailures) {
  Deno.test({
    name: `RsClient.register fails at a server that ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(script);
      const client = new RsClient(server.endpoint, options);
      await assert.rejects(client.register("h", 1111, undefined), { name, message });
    },
  });
}

const listFailures: readonly [string, string, string, RegExp][] = [
  [
    "is shorter than its Content-Length",
    "Content-Length: 100\r\n\r\nh 1\r\n",
    "ConnectionLostError",
    /within a list/,
  ],
  [
    "is longer than its Content-Length",
    "Content-Length: 4\r\n\r\nh 1\r\n",
    "ConnectionLostError",
    /longer than it said/,
  ],
  [
    "has a negative Content-Length",
    "Content-Length: -5\r\n\r\nh 1\r\n",
    "ProtocolError",
    /expected a length/,
  ],
  [
    "has a huge Content-Length",
    `Content-Length: ${"9".repeat(30)}\r\n\r\nh 1\r\n`,
    "ProtocolError",
    /expected a length/,
  ],
  [
    "has a line that is no peer",
    "Content-Length: 7\r\n\r\nh 1e3\r\n",
    "ProtocolError",
    /Cannot parse/,
  ],
];

for (const [what, rest, name, message] of listFailures) {
  Deno.test({
    name: `RsClient.peers fails when the answer ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(answering(`P2P-DI/1.0 200 OK\r\n${rest}`));
      await assert.rejects(new RsClient(server.endpoint, options).peers(undefined), {
        name,
        message,
      });
    },
  });
}

Deno.test({
  name: "RsClient.peers reads an answer without Content-Length to its end",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(
      answering("P2P-DI/1.0 200 OK\r\n\r\na 1\r\n[2001:db8::7] 2\r\n"),
    );
    assert.deepEqual(await new RsClient(server.endpoint, options).peers(undefined), [
      { host: "a", port: 1 },
      { host: "2001:db8::7", port: 2 },
    ]);
  },
});

Deno.test({
  name: "RsClient gives up a server that does not answer for replyMs",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(staySilent);
    using clock = new WoundClock();
    const registered = assert.rejects(
      new RsClient(server.endpoint, options).register("h", 1, undefined),
      /silent for too long/,
    );
    await clock.waiting(replyMs);
    clock.advance(replyMs);
    await registered;
  },
});

Deno.test({
  name: "RsClient reads what other registration servers answer",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(
      answering("P2P-DI/1.0 200 OK\r\ncookie_id: 10001\r\nTime: today\r\n\r\n"),
      answering(
        "P2P-DI/1.0 200 OK\r\nTime: today\r\n\r\nPeer Details:\r\nh, 1\r\nHost: g Port: 2\r\n",
      ),
    );
    const client = new RsClient(server.endpoint, options);
    assert.deepEqual(await client.register("h", 1, undefined), {
      host: "h",
      cookie: "10001",
      ttlMs: 7_200_000,
    });
    assert.deepEqual(await client.peers(undefined), [
      { host: "h", port: 1 },
      { host: "g", port: 2 },
    ]);
  },
});
