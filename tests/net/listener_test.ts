import assert from "node:assert/strict";
import type { Connection } from "../../lib/net/connection.ts";
import { ListenError } from "../../lib/net/errors.ts";
import { type ConnectionHandler, Listener } from "../../lib/net/listener.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { hasIpv6, lacks, withSockets } from "../helpers/permissions.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";

/** Greets each client, then reads until it hangs up; remembers what went wrong. */
class Greeter implements ConnectionHandler {
  readonly failures: string[] = [];
  readonly remotes: Endpoint[] = [];

  constructor(readonly listener: Listener, readonly keepsPlaces = false) {}

  async serve(connection: Connection): Promise<void> {
    this.remotes.push(connection.remote);
    if (this.keepsPlaces) this.listener.prove(connection);
    await connection.write(new TextEncoder().encode("hello"));
    while (await connection.fill()) connection.received.consume(connection.received.length);
  }

  failed(error: unknown): void {
    this.failures.push((error as Error).message);
  }
}

/** Connects and waits for the greeting, so that the client has its place. */
async function greet(endpoint: Endpoint): Promise<RawClient> {
  const client = await RawClient.connect(endpoint);
  assert.equal(await client.read(5), "hello");
  return client;
}

Deno.test({
  name: "Listener serves connections and forgets them when they end",
  ...withSockets,
  async fn() {
    await using listener = new Listener(loopback);
    listener.start(new Greeter(listener));
    const first = await greet(listener.endpoint);
    using _second = await greet(listener.endpoint);
    assert.equal(listener.connections, 2);
    await first.endSending();
    assert.equal(await first.readToEnd(), "");
    assert.equal(listener.connections, 1);
    first.close();
  },
});

Deno.test({
  name: "Listener gives a newcomer the place of the oldest connection that is not in use",
  ...withSockets,
  async fn() {
    await using listener = new Listener({ ...loopback, maxConnections: 3 });
    listener.start(new Greeter(listener));
    using oldest = await greet(listener.endpoint);
    using _second = await greet(listener.endpoint);
    using _third = await greet(listener.endpoint);
    using newcomer = await greet(listener.endpoint);
    assert.equal(await oldest.readToEnd(), "");
    using another = await greet(listener.endpoint);
    await newcomer.endSending();
    await another.endSending();
    assert.deepEqual([await newcomer.readToEnd(), await another.readToEnd()], ["", ""]);
  },
});

Deno.test({
  name: "Listener keeps the connections that are in use and refuses the newcomer",
  ...withSockets,
  async fn() {
    await using listener = new Listener({ ...loopback, maxConnections: 2 });
    const greeter = new Greeter(listener, true);
    listener.start(greeter);
    using first = await greet(listener.endpoint);
    using second = await greet(listener.endpoint);
    using newcomer = await RawClient.connect(listener.endpoint);
    assert.equal(await newcomer.readToEnd(), "");
    assert.deepEqual(greeter.failures, ["All 2 places are taken"]);
    await first.endSending();
    await second.endSending();
    assert.deepEqual([await first.readToEnd(), await second.readToEnd()], ["", ""]);
    using _late = await greet(listener.endpoint);
  },
});

Deno.test({
  name: "Listener lets a failure end its own connection only",
  ...withSockets,
  async fn() {
    await using listener = new Listener(loopback);
    const failures: [string, string | undefined][] = [];
    let served = 0;
    listener.start({
      async serve(connection) {
        if (++served === 1) throw new Error("a bug");
        await connection.write(new TextEncoder().encode("hello"));
        await connection.fill();
      },
      failed: (error, remote) => failures.push([(error as Error).message, remote?.host]),
    });
    using first = await RawClient.connect(listener.endpoint);
    assert.equal(await first.readToEnd(), "");
    using _second = await greet(listener.endpoint);
    assert.deepEqual(failures, [["a bug", "127.0.0.1"]]);
  },
});

Deno.test({
  name: "Listener.close ends every connection, waits for it, and frees the port",
  ...withSockets,
  async fn() {
    const listener = new Listener(loopback);
    const greeter = new Greeter(listener);
    listener.start(greeter);
    using client = await greet(listener.endpoint);
    await listener.close();
    assert.equal(listener.connections, 0);
    assert.equal(await client.readToEnd(), "");
    assert.deepEqual(greeter.failures, []);
    await assert.rejects(RawClient.connect(listener.endpoint));
    await using _next = new Listener(listener.endpoint);
  },
});

Deno.test({
  name: "Listener listens on IPv6",
  ...withSockets,
  ignore: !hasIpv6(),
  async fn() {
    await using listener = new Listener({ host: "::1", port: 0 });
    const greeter = new Greeter(listener);
    listener.start(greeter);
    using _client = await greet(listener.endpoint);
    assert.equal(listener.endpoint.host, "::1");
    assert.equal(greeter.remotes[0]?.host, "::1");
  },
});

Deno.test({
  name: "Listener without a host serves both families and shows IPv4 as such",
  // The address that stands for all of this machine's.
  permissions: { net: ["[::]", "127.0.0.1", "[::1]"] },
  ignore: !hasIpv6() ||
    Deno.permissions.querySync({ name: "net", host: "[::]" }).state !== "granted",
  async fn() {
    await using listener = new Listener({ port: 0 });
    const greeter = new Greeter(listener);
    listener.start(greeter);
    const { port } = listener.endpoint;
    using _ipv4 = await greet({ host: "127.0.0.1", port });
    using _ipv6 = await greet({ host: "::1", port });
    assert.deepEqual(greeter.remotes.map(({ host }) => host), ["127.0.0.1", "::1"]);
  },
});

Deno.test({
  name: "Listener says that a port is in use",
  ...withSockets,
  async fn() {
    await using listener = new Listener(loopback);
    listener.start(new Greeter(listener));
    const { host, port } = listener.endpoint;
    assert.throws(() => new Listener({ host, port }), (error) => {
      assert.ok(error instanceof ListenError);
      assert.equal(error.message, `Cannot listen on ${host}:${port}: the port is in use`);
      return true;
    });
  },
});

Deno.test({
  name: "Listener says which permission is missing, without asking a person",
  permissions: "none",
  fn() {
    assert.ok(lacks("net"));
    assert.throws(() => new Listener(loopback), {
      name: "ListenError",
      message: "Cannot listen on 127.0.0.1:0: permission is missing, add --allow-net",
    });
  },
});
