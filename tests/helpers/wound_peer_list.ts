/**
 * A peer list whose time passes when a test says so, and two peers to register with it.
 * @module
 */
import { PeerList, type PeerListOptions } from "../../lib/index/peer_list.ts";

/** When the clock begins, in ms since 1970. */
export const start: number = Date.UTC(2026, 10, 21, 12);

/** The TTL that the list gives unless it is told otherwise. */
export const ttlMs = 7_200_000;

export const one = { host: "peer1.example.org", port: 50_001 };
export const two = { host: "peer2.example.org", port: 50_002 };

/** Where registrations come from. */
export const address = "192.0.2.1";

/** A peer list whose clock is wound by hand and whose cookies count up from 4711. */
export function newList(
  options: PeerListOptions = {},
): { peers: PeerList; clock: { now: number } } {
  const clock = { now: start };
  let cookie = 4_711;
  const peers = new PeerList({
    now: () => clock.now,
    newCookie: () => String(cookie++),
    ...options,
  });
  return { peers, clock };
}
