/**
 * How long and how many peers the peer list remembers.
 */
import assert from "node:assert/strict";
import { maxPeers, rememberMs } from "../../lib/index/peer_list.ts";
import { pure } from "../helpers/permissions.ts";
import { address, newList, one, start, ttlMs, two } from "../helpers/wound_peer_list.ts";

Deno.test("PeerList counts the registrations of the last 30 days", pure, () => {
  const { peers, clock } = newList();
  const dayMs = 24 * 3_600_000;
  const counts: (number | undefined)[] = [];
  for (let day = 0; day < 40; day += 10) {
    clock.now = start + day * dayMs;
    peers.register(one, "4711", address);
    counts.push(peers.records()[0]?.registrationsIn30Days);
  }
  assert.deepEqual(counts, [1, 2, 3, 3]);
});

Deno.test("PeerList forgets a peer 30 days after its time ran out", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  clock.now += ttlMs + rememberMs - 1;
  assert.equal(peers.records().length, 1);
  clock.now += 1;
  assert.deepEqual(peers.records(), []);
  assert.equal(peers.recognize(one.host, "4711"), false);
  assert.equal(peers.register(one, "4711", address), "4712");
});

Deno.test("PeerList forgets a peer 30 days after it left", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  peers.leave(one.host, "4711");
  clock.now += rememberMs - 1;
  assert.equal(peers.recognize(one.host, "4711"), true);
  clock.now += 1;
  assert.equal(peers.recognize(one.host, "4711"), false);
});

Deno.test("PeerList does not forget who stays active", pure, () => {
  const { peers, clock } = newList();
  peers.register(one, undefined, address);
  for (const end = start + 2 * rememberMs; clock.now < end; clock.now += ttlMs / 2) {
    assert.equal(peers.keepAlive(one.host, "4711"), true);
  }
});

Deno.test("PeerList refuses one more peer when it is full of active ones", pure, () => {
  const { peers, clock } = newList({ maxPeers: 2 });
  peers.register(one, undefined, address);
  peers.register(two, undefined, address);
  assert.equal(peers.register({ host: "c", port: 3 }, undefined, address), undefined);
  assert.equal(peers.records().length, 2);
  assert.equal(peers.register(one, "4711", address), "4711");
  clock.now += ttlMs;
  assert.notEqual(peers.register({ host: "c", port: 3 }, undefined, address), undefined);
});

Deno.test("PeerList, when full, forgets who has been inactive for longest", pure, () => {
  const { peers, clock } = newList({ maxPeers: 3 });
  for (const host of ["a", "b", "c"]) peers.register({ host, port: 1 }, undefined, address);
  for (const [host, cookie] of [["b", "4712"], ["a", "4711"]] as const) {
    clock.now += 1;
    peers.leave(host, cookie);
  }
  peers.register({ host: "d", port: 1 }, undefined, address);
  assert.deepEqual(peers.records().map(({ host }) => host), ["c", "d", "a"]);
});

Deno.test("PeerList remembers as many peers as its documentation says", pure, () => {
  const { peers } = newList();
  for (let i = 0; i < maxPeers; i++) peers.register(one, undefined, address);
  assert.equal(peers.records().length, maxPeers);
  assert.equal(peers.register(one, undefined, address), undefined);
});
