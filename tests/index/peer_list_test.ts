import assert from "node:assert/strict";
import { defaultTtlMs, PeerList } from "../../lib/index/peer_list.ts";
import { pure } from "../helpers/permissions.ts";
import { address, newList, one, start, ttlMs, two } from "../helpers/wound_peer_list.ts";

/** The active peers in short, without that of a cookie. */
function activeHosts(peers: PeerList, exceptCookie?: string): string[] {
  return peers.activePeers(exceptCookie).map(({ host, port }) => `${host} ${port}`);
}

Deno.test("PeerList has the TTL of the specification unless told otherwise", pure, () => {
  assert.equal(defaultTtlMs, 7_200_000);
  assert.equal(newList().peers.ttlMs, 7_200_000);
  assert.equal(newList({ ttlMs: 5 }).peers.ttlMs, 5);
});

Deno.test("PeerList.register gives a new peer a record with all seven fields", pure, () => {
  const { peers, clock } = newList();
  assert.equal(peers.register(one, undefined, address), "4711");
  clock.now += 1_000;
  assert.deepEqual(peers.records(), [{
    host: one.host,
    cookie: "4711",
    active: true,
    ttlMs: ttlMs - 1_000,
    port: one.port,
    registrationsIn30Days: 1,
    lastRegisteredAt: start,
  }]);
});

Deno.test("PeerList.register gives each new peer a cookie of its own", pure, () => {
  const { peers } = newList();
  const cookies = [undefined, undefined, "815"].map((cookie) =>
    peers.register(one, cookie, address)
  );
  assert.deepEqual(cookies, ["4711", "4712", "4713"]);
});

Deno.test("PeerList draws cookies that fit a signed 64-bit number and do not repeat", pure, () => {
  const peers = new PeerList({ now: () => start });
  const cookies = Array.from({ length: 1_000 }, () => peers.register(one, undefined, address)!);
  assert.equal(new Set(cookies).size, cookies.length);
  for (const cookie of cookies) {
    assert.match(cookie, /^\d{1,19}$/);
    assert.ok(BigInt(cookie) < 2n ** 63n);
  }
  const bitsSeen = cookies.reduce((bits, cookie) => bits | BigInt(cookie), 0n);
  assert.equal(bitsSeen, 2n ** 63n - 1n);
});

Deno.test("PeerList.register gives a known cookie its record back, also elsewhere", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += 5_000;
  assert.equal(peers.register({ host: "moved.example", port: 7 }, "4711", "192.0.2.9"), "4711");
  assert.deepEqual(peers.activePeers(), [{ host: "moved.example", port: 7, address: "192.0.2.9" }]);
  const [record, ...others] = peers.records();
  assert.deepEqual(others, []);
  assert.equal(record?.registrationsIn30Days, 2);
  assert.equal(record?.lastRegisteredAt, clock.now);
  assert.equal(record?.ttlMs, ttlMs);
});

Deno.test("PeerList.register brings back who ran out of time and who left", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  peers.register(two, undefined, address);
  peers.leave(two.host, "4712");
  clock.now += ttlMs;
  assert.deepEqual(activeHosts(peers), []);
  assert.equal(peers.register(two, "4712", address), "4712");
  assert.equal(peers.register(one, "4711", address), "4711");
  assert.deepEqual(activeHosts(peers), [`${two.host} 50002`, `${one.host} 50001`]);
});

Deno.test("PeerList lets a peer become inactive when its TTL reaches 0", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += ttlMs - 1;
  assert.equal(peers.records()[0]?.ttlMs, 1);
  assert.deepEqual(activeHosts(peers), [`${one.host} 50001`]);
  clock.now += 1;
  assert.deepEqual(activeHosts(peers), []);
  const [record] = peers.records();
  assert.equal(record?.active, false);
  assert.equal(record?.ttlMs, 0);
});

Deno.test("PeerList lets peers expire in the order of their last contacts", pure, () => {
  const { peers, clock } = newList();
  const hosts = ["a", "b", "c"];
  for (const host of hosts) {
    peers.register({ host, port: 1 }, undefined, address);
    clock.now += 1;
  }
  peers.keepAlive("a", "4711");
  clock.now = start + ttlMs + 1;
  assert.deepEqual(activeHosts(peers), ["c 1", "a 1"]);
  clock.now += 1;
  assert.deepEqual(activeHosts(peers), ["a 1"]);
  clock.now += 1;
  assert.deepEqual(activeHosts(peers), []);
  assert.deepEqual(peers.records().map(({ host }) => host), ["b", "c", "a"]);
});

Deno.test("PeerList.keepAlive sets the TTL to full again", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += ttlMs - 1;
  assert.equal(peers.keepAlive("PEER1.example.org", "4711"), true);
  assert.equal(peers.records()[0]?.ttlMs, ttlMs);
  assert.equal(peers.records()[0]?.registrationsIn30Days, 1);
});

Deno.test("PeerList.keepAlive makes active again who ran out of time", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += 3 * ttlMs;
  assert.deepEqual(activeHosts(peers), []);
  assert.equal(peers.keepAlive(one.host, "4711"), true);
  assert.deepEqual(activeHosts(peers), [`${one.host} 50001`]);
});

Deno.test("PeerList.keepAlive refuses who has left, for it brings no port", pure, () => {
  const { peers } = newList();
  peers.register(one, undefined, address);
  peers.leave(one.host, "4711");
  assert.equal(peers.keepAlive(one.host, "4711"), false);
  assert.deepEqual(activeHosts(peers), []);
});

Deno.test("PeerList refuses cookies that are unknown or another host's", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  peers.register(two, undefined, address);
  clock.now += 1;
  for (const [host, cookie] of [[one.host, "4712"], [one.host, "4710"], ["", "4711"]] as const) {
    assert.equal(peers.keepAlive(host, cookie), false);
    assert.equal(peers.recognize(host, cookie), false);
    assert.equal(peers.leave(host, cookie), false);
  }
  assert.deepEqual(peers.records().map(({ active, ttlMs }) => [active, ttlMs]), [
    [true, ttlMs - 1],
    [true, ttlMs - 1],
  ]);
});

Deno.test("PeerList compares hosts without regard to case", pure, () => {
  const { peers } = newList();
  peers.register({ host: "Peer.EXAMPLE", port: 1 }, undefined, address);
  assert.equal(peers.keepAlive("pEER.example", "4711"), true);
  assert.equal(peers.recognize("pEER.example", "4711"), true);
  assert.equal(peers.leave("pEER.example", "4711"), true);
});

Deno.test("PeerList takes a cookie for the host of the last registration", pure, () => {
  const { peers } = newList();
  peers.register(one, undefined, address);
  peers.register(two, "4711", address);
  assert.equal(peers.keepAlive(one.host, "4711"), false);
  assert.equal(peers.keepAlive(two.host, "4711"), true);
});

Deno.test("PeerList.leave makes inactive, drops the port and keeps the record", pure, () => {
  const { peers } = newList();
  peers.register(one, undefined, address);
  assert.equal(peers.leave("PEER1.EXAMPLE.ORG", "4711"), true);
  const [record] = peers.records();
  assert.equal(record?.active, false);
  assert.equal(record?.ttlMs, 0);
  assert.equal(record?.port, undefined);
  assert.equal(record?.registrationsIn30Days, 1);
  assert.equal(peers.leave(one.host, "4711"), true);
});

Deno.test("PeerList.recognize is a contact of an active peer", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += ttlMs - 1;
  assert.equal(peers.recognize(one.host, "4711"), true);
  assert.equal(peers.records()[0]?.ttlMs, ttlMs);
});

Deno.test("PeerList.recognize knows an inactive peer and leaves it so", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  peers.register(two, undefined, address);
  peers.leave(two.host, "4712");
  clock.now += ttlMs;
  assert.equal(peers.recognize(one.host, "4711"), true);
  assert.equal(peers.recognize(two.host, "4712"), true);
  assert.deepEqual(activeHosts(peers), []);
});

Deno.test("PeerList.activePeers leaves out who asks", pure, () => {
  const { peers } = newList();
  peers.register(one, undefined, address);
  peers.register(two, undefined, address);
  assert.deepEqual(activeHosts(peers), [`${one.host} 50001`, `${two.host} 50002`]);
  assert.deepEqual(activeHosts(peers, "4711"), [`${two.host} 50002`]);
  assert.deepEqual(activeHosts(peers, "4712"), [`${one.host} 50001`]);
  assert.equal(activeHosts(peers, "unknown").length, 2);
});

Deno.test("PeerList.activePeers gives the same list until something changes", pure, () => {
  const peers = new PeerList();
  const cookie = peers.register({ host: "a.example", port: 1 }, undefined, "192.0.2.1")!;
  const before = peers.activePeers();
  peers.keepAlive("a.example", cookie);
  assert.equal(peers.activePeers(), before);
  peers.register({ host: "a.example", port: 2 }, cookie, "192.0.2.1");
  assert.deepEqual(activeHosts(peers), ["a.example 2"]);
  peers.leave("a.example", cookie);
  assert.deepEqual(activeHosts(peers), []);
});

Deno.test("PeerList.activePeers names an endpoint once, whatever its cookies", pure, () => {
  const { peers } = newList();
  peers.register(one, undefined, address);
  peers.register({ ...one, host: "PEER1.example.org" }, undefined, address);
  peers.register({ ...one, port: 7 }, undefined, address);
  assert.deepEqual(activeHosts(peers), [`${one.host} 50001`, `${one.host} 7`]);
  assert.deepEqual(activeHosts(peers, "4711"), [`${one.host} 7`]);
  assert.deepEqual(activeHosts(peers, "4712"), [`${one.host} 7`]);
});

Deno.test({
  name:
    "PeerList.nextExpiryMs says when the first becomes inactive, PeerList.expire whether one did",
  permissions: "none",
  fn() {
    const { peers, clock } = newList();
    assert.equal(peers.nextExpiryMs(), undefined);
    peers.register(one, undefined, address);
    clock.now += 1_000;
    peers.register(two, undefined, address);
    assert.equal(peers.nextExpiryMs(), ttlMs - 1_000);
    assert.equal(peers.expire(), false);
    clock.now += ttlMs - 1_000;
    assert.equal(peers.nextExpiryMs(), 0);
    assert.equal(peers.expire(), true);
    assert.equal(peers.expire(), false);
    assert.equal(peers.nextExpiryMs(), 1_000);
  },
});
