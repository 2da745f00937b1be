import assert from "node:assert/strict";
import { dial } from "../../lib/net/dial.ts";
import { UnreachableError } from "../../lib/net/errors.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { hasIpv6, withSockets } from "../helpers/permissions.ts";

for (const host of ["127.0.0.1", "::1", "localhost"]) {
  Deno.test({
    name: `dial connects to ${host}`,
    ...withSockets,
    ignore: withSockets.ignore || (host === "::1" && !hasIpv6()),
    async fn() {
      using listener = Deno.listen({ hostname: host, port: 0 });
      const [socket, connection] = await Promise.all([
        listener.accept(),
        dial({ host, port: listener.addr.port }),
      ]);
      assert.equal(connection.remote.port, listener.addr.port);
      assert.equal(connection.local.port, socket.remoteAddr.port);
      connection.close();
      socket.close();
    },
  });
}

for (const [host, shown] of [["127.0.0.1", "127.0.0.1"], ["::1", "[::1]"]] as const) {
  Deno.test({
    name: `dial says that ${shown} refused`,
    ...withSockets,
    ignore: withSockets.ignore || (host === "::1" && !hasIpv6()),
    async fn() {
      using closed = await ClosedPort.take(host);
      const { endpoint } = closed;
      await assert.rejects(dial(endpoint), (error) => {
        assert.ok(error instanceof UnreachableError);
        assert.deepEqual(error.endpoint, endpoint);
        const where = `${shown}:${endpoint.port}`;
        assert.equal(
          error.message,
          `Cannot connect to ${where}: refused, nothing listens there`,
        );
        return true;
      });
    },
  });
}

Deno.test({
  name: "dial gives up a silent host after its time limit",
  ...withSockets,
  // What a full queue of unaccepted connections does with one more differs between systems.
  ignore: withSockets.ignore || Deno.build.os !== "linux",
  async fn() {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 1 });
    const endpoint = { host: "127.0.0.1", port: listener.addr.port };
    const attempts = await Promise.allSettled(
      Array.from({ length: 5 }, () => dial(endpoint, { timeoutMs: 50 })),
    );
    for (const { value } of attempts.filter((attempt) => attempt.status === "fulfilled")) {
      value.close();
    }
    const refused = attempts.filter((attempt) => attempt.status === "rejected");
    assert.ok(refused.length > 0);
    for (const { reason } of refused) {
      assert.ok(reason instanceof UnreachableError);
      assert.match(reason.message, /: silent for 0\.05 s$/);
    }
  },
});

for (const when of ["before", "while"] as const) {
  Deno.test({
    name: `dial is given up when its signal fires ${when} it tries`,
    ...withSockets,
    async fn() {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const abort = new AbortController();
      if (when === "before") abort.abort();
      const attempt = dial({ host: "127.0.0.1", port: listener.addr.port }, {
        signal: abort.signal,
      });
      abort.abort();
      await assert.rejects(attempt, /given up on this side$/);
    },
  });
}

Deno.test({
  name: "dial says which permission is missing, without asking a person",
  permissions: "none",
  async fn() {
    await assert.rejects(dial({ host: "127.0.0.1", port: 7734 }), {
      name: "UnreachableError",
      message: "Cannot connect to 127.0.0.1:7734: permission is missing, add --allow-net",
    });
  },
});
