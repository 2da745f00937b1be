import assert from "node:assert/strict";
import { firstPauseMs } from "../../lib/net/pause.ts";
import { type AskingForm, givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { CiMembership, type CiMembershipOptions } from "../../lib/roles/ci_membership.ts";
import type { Announcement } from "../../lib/roles/membership.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { MembershipLog } from "../helpers/membership_log.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { type Script, ScriptedServer } from "../helpers/scripted_server.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const documents: readonly Announcement[] = [
  { number: 1, title: "Host Software" },
  { number: 2, title: "Host Hardware" },
];

function optionsFor(
  server: CiMembershipOptions["server"],
  more: Partial<CiMembershipOptions> = {},
): CiMembershipOptions & { events: MembershipLog } {
  return {
    server,
    name: undefined,
    port: 5678,
    announcements: () => documents,
    client: { os: "Linux" },
    ...more,
    events: new MembershipLog(),
  };
}

/** What is remembered of a server that understands the given form, so that no other is tried. */
function formsOf({ endpoint }: ScriptedServer): Map<string, AskingForm> {
  return new Map([[formatEndpoint(endpoint), givenAskingForm]]);
}

const indexed = (server: CentralIndexServer) =>
  Array.from(server.index.list(), ({ number, host, port }) => `${number} ${host} ${port}`).sort();

/** Refuses requests that start so and takes all others; notes down their first lines. */
function refusing(start: string, noted: string[] = []): Script {
  return async (client) => {
    for (;;) {
      const request = await client.readHead();
      if (request === "") return;
      noted.push(request.split("\r\n", 1)[0]!);
      const status = request.startsWith(start) ? "400 Bad Request" : "200 OK\r\n";
      await client.send(`P2P-CI/1.0 ${status}\r\n\r\n`);
    }
  };
}

Deno.test({
  name: "CiMembership announces everything when it joins, and changes as they come",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    await using stay = await CiMembership.join(optionsFor(server.endpoint));
    assert.deepEqual(stay.self, { host: "127.0.0.1", port: 5678 });
    assert.deepEqual(indexed(server), ["1 127.0.0.1 5678", "2 127.0.0.1 5678"]);
    await stay.announce({ number: 3, title: "Documentation Conventions" });
    await stay.withdraw(1);
    assert.deepEqual(indexed(server), ["2 127.0.0.1 5678", "3 127.0.0.1 5678"]);
  },
});

Deno.test({
  name: "CiMembership announces the name that it was given",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    await using stay = await CiMembership.join(optionsFor(server.endpoint, { name: "one.lan" }));
    assert.equal(stay.self.host, "one.lan");
    assert.deepEqual(indexed(server), ["1 one.lan 5678", "2 one.lan 5678"]);
  },
});

Deno.test({
  name: "CiMembership takes everything back when it leaves",
  ...withSockets,
  async fn() {
    const changes = { resolve: () => {} };
    await using server = new CentralIndexServer({ ...loopback, changed: () => changes.resolve() });
    const stay = await CiMembership.join(optionsFor(server.endpoint));
    const emptied = new Promise<void>((resolve) => changes.resolve = resolve);
    await stay[Symbol.asyncDispose]();
    await emptied;
    assert.deepEqual(indexed(server), []);
  },
});

Deno.test({
  name: "CiMembership comes back when its server does, and announces everything again",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    const first = new CentralIndexServer(loopback);
    const { endpoint } = first;
    const options = optionsFor(endpoint);
    await using stay = await CiMembership.join(options);
    await first[Symbol.asyncDispose]();
    assert.deepEqual(await options.events.until(1), ["lost ci"]);
    assert.equal(stay.client, undefined);
    // What is announced meanwhile is not lost: the next server is told everything.
    await stay.announce({ number: 3, title: "x" });
    await clock.waiting(firstPauseMs / 2, firstPauseMs);
    clock.advance(firstPauseMs);
    // Nobody is there yet: the next try comes after a longer pause.
    await clock.waiting(firstPauseMs + 1, 2 * firstPauseMs);
    await using second = new CentralIndexServer(endpoint);
    clock.advance(2 * firstPauseMs);
    assert.deepEqual(await options.events.until(2), ["lost ci", "joined ci as 127.0.0.1:5678"]);
    assert.deepEqual(indexed(second), ["1 127.0.0.1 5678", "2 127.0.0.1 5678"]);
    assert.notEqual(stay.client, undefined);
  },
});

Deno.test({
  name: "CiMembership can leave while its server is lost",
  ...withSockets,
  async fn() {
    const server = new CentralIndexServer(loopback);
    const options = optionsFor(server.endpoint);
    const stay = await CiMembership.join(options);
    await server[Symbol.asyncDispose]();
    await options.events.until(1);
    await stay[Symbol.asyncDispose]();
    assert.deepEqual(options.events.events, ["lost ci"]);
  },
});

Deno.test({
  name: "CiMembership announces the others when the server refuses one",
  ...withSockets,
  async fn() {
    const announced: string[] = [];
    await using server = new ScriptedServer(refusing("ADD RFC 1 ", announced));
    await using _stay = await CiMembership.join(
      optionsFor(server.endpoint, { client: { os: "Linux", forms: formsOf(server) } }),
    );
    assert.deepEqual(announced, ["ADD RFC 1 P2P-CI/1.0", "ADD RFC 2 P2P-CI/1.0"]);
  },
});

Deno.test({
  name: "CiMembership starts afresh at a server that does not know REMOVE",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    await using server = new ScriptedServer(refusing("REMOVE "));
    const options = optionsFor(server.endpoint);
    await using stay = await CiMembership.join(options);
    await stay.withdraw(1);
    await options.events.until(1);
    await clock.waiting(firstPauseMs / 2, firstPauseMs);
    clock.advance(firstPauseMs);
    assert.deepEqual(await options.events.until(2), ["lost ci", "joined ci as 127.0.0.1:5678"]);
    assert.equal(server.connections, 2);
  },
});

Deno.test({
  name: "CiMembership.join fails when nobody is there, or the server hangs up",
  ...withSockets,
  async fn() {
    await using hangingUp = new ScriptedServer((client) => client.readHead().then());
    await assert.rejects(CiMembership.join(optionsFor(hangingUp.endpoint)), {
      name: "ConnectionLostError",
    });
    using closed = await ClosedPort.take();
    await assert.rejects(CiMembership.join(optionsFor(closed.endpoint)), {
      name: "UnreachableError",
    });
  },
});
