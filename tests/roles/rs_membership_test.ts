import assert from "node:assert/strict";
import { CookieJar } from "../../lib/files/cookie_jar.ts";
import { firstPauseMs } from "../../lib/net/pause.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { ProtocolClock } from "../../lib/roles/protocol_clock.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { RsMembership, type RsMembershipOptions } from "../../lib/roles/rs_membership.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { MembershipLog } from "../helpers/membership_log.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const ttlMs = 60_000;

function optionsFor(
  server: RsMembershipOptions["server"],
  folder: TemporaryFolder,
  name = "one.lan",
): RsMembershipOptions & { events: MembershipLog } {
  return {
    server,
    name,
    port: 5678,
    cookies: new CookieJar(folder.path),
    client: { os: "Linux" },
    events: new MembershipLog(),
  };
}

/** A server that says when something has changed. */
function startServer(where: RsMembershipOptions["server"] = loopback) {
  let changed = Promise.withResolvers<void>();
  const server = new RegistrationServer({ ...where, ttlMs, changed: () => changed.resolve() });
  return {
    server,
    endpoint: server.endpoint,
    /** Waits for the next change; to be called before what causes it. */
    nextChange() {
      changed = Promise.withResolvers();
      return changed.promise;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

Deno.test({
  name: "RsMembership registers, and leaves when it is disposed of",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    await using started = startServer();
    const { server, endpoint } = started;
    {
      await using stay = await RsMembership.join(optionsFor(endpoint, folder));
      assert.deepEqual(stay.self, { host: "one.lan", port: 5678 });
      const [peer] = server.peers();
      assert.equal(peer?.active, true);
      assert.equal(peer?.cookie, stay.registration.cookie);
    }
    const [peer] = server.peers();
    assert.deepEqual([peer?.active, peer?.port], [false, undefined]);
  },
});

Deno.test({
  name: "RsMembership comes back as the same peer in its next run",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    await using started = startServer();
    const cookies: string[] = [];
    for (let run = 1; run <= 2; run++) {
      await using stay = await RsMembership.join(optionsFor(started.endpoint, folder));
      cookies.push(stay.registration.cookie);
    }
    assert.equal(cookies[0], cookies[1]);
    assert.equal(new CookieJar(folder.path).get(formatEndpoint(started.endpoint)), cookies[0]);
    assert.equal(started.server.peers()[0]?.registrationsIn30Days, 2);
  },
});

Deno.test({
  name: "RsMembership gives signs of life often enough to stay active",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    using clock = new WoundClock();
    await using started = startServer();
    await using _stay = await RsMembership.join(optionsFor(started.endpoint, folder));
    for (let sign = 1; sign <= 4; sign++) {
      await clock.waiting(ttlMs / 3);
      const kept = started.nextChange();
      clock.advance(ttlMs / 3);
      await kept;
      assert.deepEqual(started.server.peers().map(({ active, ttlMs }) => [active, ttlMs]), [
        [true, ttlMs],
      ]);
    }
  },
});

Deno.test({
  name: "RsMembership gives signs of life as often as its clock is fast, but floods nobody",
  ...withSocketsAndFiles,
  async fn() {
    for (const [scale, pauseMs] of [[100, ttlMs / 300], [10_000, 50]] as const) {
      using folder = new TemporaryFolder();
      using clock = new WoundClock();
      await using started = startServer();
      await using _stay = await RsMembership.join({
        ...optionsFor(started.endpoint, folder),
        clock: new ProtocolClock(scale),
      });
      await clock.waiting(pauseMs);
      const kept = started.nextChange();
      clock.advance(pauseMs);
      await kept;
    }
  },
});

Deno.test({
  name: "RsMembership registers again at once at a server that was started anew",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    using clock = new WoundClock();
    const first = startServer();
    const { endpoint } = first;
    const options = optionsFor(endpoint, folder);
    await using stay = await RsMembership.join(options);
    const before = stay.registration.cookie;
    await first[Symbol.asyncDispose]();
    await using second = startServer(endpoint);
    await clock.waiting(ttlMs / 3);
    clock.advance(ttlMs / 3);
    assert.deepEqual(await options.events.until(1), ["joined rs as one.lan:5678"]);
    assert.equal(second.server.peers()[0]?.active, true);
    assert.notEqual(stay.registration.cookie, before);
    assert.equal(
      new CookieJar(folder.path).get(formatEndpoint(endpoint)),
      stay.registration.cookie,
    );
  },
});

Deno.test({
  name: "RsMembership comes back after its server was away, with growing pauses",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    using clock = new WoundClock();
    const first = startServer();
    const { endpoint } = first;
    const options = optionsFor(endpoint, folder);
    await using _stay = await RsMembership.join(options);
    await first[Symbol.asyncDispose]();
    await clock.waiting(ttlMs / 3);
    clock.advance(ttlMs / 3);
    assert.deepEqual(await options.events.until(1), ["lost rs"]);
    await clock.waiting(firstPauseMs / 2, firstPauseMs);
    clock.advance(firstPauseMs);
    await clock.waiting(firstPauseMs + 1, 2 * firstPauseMs);
    await using second = startServer(endpoint);
    clock.advance(2 * firstPauseMs);
    assert.deepEqual(await options.events.until(2), ["lost rs", "joined rs as one.lan:5678"]);
    assert.equal(second.server.peers()[0]?.active, true);
  },
});

Deno.test({
  name: "RsMembership can leave while its server is lost",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    using clock = new WoundClock();
    const started = startServer();
    const options = optionsFor(started.endpoint, folder);
    const stay = await RsMembership.join(options);
    await started[Symbol.asyncDispose]();
    await clock.waiting(ttlMs / 3);
    clock.advance(ttlMs / 3);
    await options.events.until(1);
    await stay[Symbol.asyncDispose]();
  },
});

Deno.test({
  name: "RsMembership stays although its cookie cannot be kept",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    folder.write(".rfc-exchange", "in the way");
    await using started = startServer();
    await using stay = await RsMembership.join(optionsFor(started.endpoint, folder));
    await stay.keepAlive();
    assert.equal(started.server.peers()[0]?.active, true);
  },
});

Deno.test({
  name: "RsMembership.join fails when nobody is there",
  ...withSocketsAndFiles,
  async fn() {
    using folder = new TemporaryFolder();
    using closed = await ClosedPort.take();
    await assert.rejects(RsMembership.join(optionsFor(closed.endpoint, folder)), {
      name: "UnreachableError",
    });
  },
});
