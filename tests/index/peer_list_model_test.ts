/**
 * The peer list against a model of it that looks at every peer each time.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { PeerList, rememberMs } from "../../lib/index/peer_list.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { pure } from "../helpers/permissions.ts";

const ttlMs = 7_200_000;
const cookieCount = 4;

interface ModelPeer extends Endpoint {
  readonly cookie: string;
  left: boolean;
  /** When it became or becomes inactive. */
  inactiveAt: number;
}

class Model {
  now = Date.UTC(2026, 10, 21, 12);
  #peers: ModelPeer[] = [];

  register(endpoint: Endpoint, cookie: string, newCookie: string): string {
    const known = this.#find(cookie);
    const peer = known ?? { ...endpoint, cookie: newCookie, left: false, inactiveAt: 0 };
    if (known === undefined) this.#peers.push(peer);
    Object.assign(peer, endpoint, { left: false, inactiveAt: this.now + ttlMs });
    return peer.cookie;
  }

  keepAlive(host: string, cookie: string): boolean {
    const peer = this.#find(cookie, host);
    if (peer === undefined || peer.left) return false;
    peer.inactiveAt = this.now + ttlMs;
    return true;
  }

  recognize(host: string, cookie: string): boolean {
    const peer = this.#find(cookie, host);
    if (peer !== undefined && this.#isActive(peer)) peer.inactiveAt = this.now + ttlMs;
    return peer !== undefined;
  }

  leave(host: string, cookie: string): boolean {
    const peer = this.#find(cookie, host);
    if (peer === undefined) return false;
    peer.left = true;
    peer.inactiveAt = this.now;
    return true;
  }

  /** What is known of every peer that is not forgotten: cookie, host, port, whether it is active, TTL; sorted. */
  known(): string[] {
    return this.#remembered().map((peer) => {
      const active = this.#isActive(peer);
      const port = peer.left ? undefined : peer.port;
      return describe(
        peer.cookie,
        peer.host,
        port,
        active,
        active ? peer.inactiveAt - this.now : 0,
      );
    }).sort();
  }

  /** The endpoints that somebody is told who asks with a cookie, sorted. */
  told(asker: string): string[] {
    const active = this.#remembered().filter((peer) => this.#isActive(peer));
    const own = active.find(({ cookie }) => cookie === asker);
    const endpoints = active.map(({ host, port }) => `${host} ${port}`);
    return [...new Set(endpoints)].filter((text) => text !== `${own?.host} ${own?.port}`).sort();
  }

  #isActive(peer: ModelPeer): boolean {
    return !peer.left && peer.inactiveAt > this.now;
  }

  #remembered(): ModelPeer[] {
    return this.#peers.filter(({ inactiveAt }) => inactiveAt + rememberMs > this.now);
  }

  #find(cookie: string, host?: string): ModelPeer | undefined {
    return this.#remembered().find((peer) =>
      peer.cookie === cookie && (host === undefined || peer.host === host)
    );
  }
}

function describe(...facts: unknown[]): string {
  return facts.join(" ");
}

const cookies = fc.nat({ max: cookieCount }).map(String);
const endpoints = fc.record({ host: fc.constantFrom("a", "b"), port: fc.constantFrom(1, 2) });
const pauses = fc.oneof(
  fc.constantFrom(1, ttlMs - 1, ttlMs, ttlMs / 2, rememberMs - ttlMs, rememberMs - 1, rememberMs),
  fc.integer({ min: 0, max: 2 * ttlMs }),
);
const steps = fc.oneof(
  fc.record({ method: fc.constant("register"), endpoint: endpoints, cookie: cookies }),
  fc.record({
    method: fc.constantFrom("keepAlive", "recognize", "leave"),
    host: fc.constantFrom("a", "b"),
    cookie: cookies,
  }),
  fc.record({ method: fc.constant("wait"), ms: pauses }),
);

Deno.test("PeerList knows who is active and who is forgotten, whatever happens", pure, () => {
  fc.assert(
    fc.property(fc.array(steps, { size: "+1" }), (steps) => {
      const model = new Model();
      let lastCookie = 0;
      const peers = new PeerList({
        now: () => model.now,
        newCookie: () => String(++lastCookie),
        ttlMs,
      });
      for (const step of steps) {
        if (step.method === "wait") model.now += step.ms;
        else if (step.method === "register") {
          const expected = model.register(step.endpoint, step.cookie, String(lastCookie + 1));
          assert.equal(peers.register(step.endpoint, step.cookie, "192.0.2.1"), expected);
        } else {
          const { method, host, cookie } = step;
          assert.equal(peers[method](host, cookie), model[method](host, cookie));
        }
        const known = peers.records().map(({ cookie, host, port, active, ttlMs }) =>
          describe(cookie, host, port, active, ttlMs)
        );
        assert.deepEqual(known.sort(), model.known());
        const told = peers.activePeers("1").map(({ host, port }) => `${host} ${port}`);
        assert.deepEqual(told.sort(), model.told("1"));
      }
    }),
    { numRuns: 500 },
  );
});
