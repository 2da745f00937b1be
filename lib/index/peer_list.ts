/**
 * The peer list of the registration server: who is active (RFC 60002 section 4.1).
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import { RecentCount } from "./recent_count.ts";

/** How long a peer counts as active after each contact, in ms (RFC 60002 section 4.3). */
export const defaultTtlMs = 7_200_000;

/** How long a peer is remembered after it became inactive, in ms: the 30 days of its registration count. */
export const rememberMs = 30 * 24 * 3_600_000;

/** How many peers are remembered; beyond that the one inactive for longest is forgotten. Some 300 bytes each. */
export const maxPeers = 100_000;

/** A peer as the registration server knows it, with the course's seven fields. */
export interface PeerRecord {
  /** The host that it registered under. */
  readonly host: string;
  /** What it is recognized by. */
  readonly cookie: string;
  /** Whether others are told of it. */
  readonly active: boolean;
  /** Until it becomes inactive, in ms; 0 when it is. */
  readonly ttlMs: number;
  /** The port of its RFC server; undefined after it left. */
  readonly port: number | undefined;
  /** Today's and those of the 29 days before (UTC). */
  readonly registrationsIn30Days: number;
  /** In ms since 1970. */
  readonly lastRegisteredAt: number;
}

/** What a peer list needs from outside. */
export interface PeerListOptions {
  /** How long a peer counts as active after each contact, in ms. @default defaultTtlMs */
  readonly ttlMs?: number | undefined;
  /** The clock, in ms since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Makes a cookie that nobody can guess. @default 63 random bits */
  readonly newCookie?: (() => string) | undefined;
  /** How many peers are remembered. @default maxPeers */
  readonly maxPeers?: number | undefined;
}

/** An active peer as others are told of it. */
export interface ActivePeer extends Endpoint {
  /** The address that it registered from. */
  readonly address: string;
}

interface Peer {
  host: string;
  port: number | undefined;
  address: string;
  readonly cookie: string;
  expiresAt: number;
  lastRegisteredAt: number;
  readonly registrations: RecentCount;
}

/** Everybody who registered lately, found by cookie. Every operation but listing takes constant time. */
export class PeerList {
  /**
   * Active peers, the longest without contact first: with one TTL for all this is the order in which they expire.
   * Then the inactive ones, the longest inactive first.
   */
  readonly #active = new Map<string, Peer>();
  readonly #inactive = new Map<string, Peer>();
  /** The active peers as they are told to others; undefined if they have changed since. */
  #listed: readonly ActivePeer[] | undefined;
  readonly #ttlMs: number;
  readonly #now: () => number;
  readonly #newCookie: () => string;
  readonly #maxPeers: number;

  /** An empty list. */
  constructor(options: PeerListOptions = {}) {
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
    this.#now = options.now ?? Date.now;
    this.#newCookie = options.newCookie ?? randomCookie;
    this.#maxPeers = options.maxPeers ?? maxPeers;
  }

  /** The time that every contact gives a peer, in ms. */
  get ttlMs(): number {
    return this.#ttlMs;
  }

  /**
   * Registers a peer: a known cookie gets its record back, another or none a new record.
   *
   * @param address Where the registration came from.
   * @returns The peer's cookie, or undefined if the list is full of active peers.
   */
  register(endpoint: Endpoint, cookie: string | undefined, address: string): string | undefined {
    const now = this.#expire();
    const peer = this.#find(cookie) ?? this.#newPeer(endpoint);
    if (peer === undefined) return undefined;
    this.#listed = undefined;
    peer.host = endpoint.host;
    peer.port = endpoint.port;
    peer.address = address;
    peer.lastRegisteredAt = now;
    peer.registrations.count(now);
    this.#touch(peer, now);
    return peer.cookie;
  }

  /** Takes a sign of life. False if the cookie is not one of this host's, or its peer has left. */
  keepAlive(host: string, cookie: string): boolean {
    const now = this.#expire();
    const peer = this.#find(cookie);
    if (peer === undefined || !isNamed(peer, host) || peer.port === undefined) return false;
    this.#touch(peer, now);
    return true;
  }

  /** Makes a peer inactive. False if the cookie is not one of this host's. */
  leave(host: string, cookie: string): boolean {
    const now = this.#expire();
    const peer = this.#find(cookie);
    if (peer === undefined || !isNamed(peer, host)) return false;
    peer.port = undefined;
    peer.expiresAt = now;
    this.#deactivate(peer);
    return true;
  }

  /** Whether a cookie is one of this host's; if its peer is active, this is a contact. */
  recognize(host: string, cookie: string): boolean {
    const now = this.#expire();
    const peer = this.#find(cookie);
    if (peer === undefined || !isNamed(peer, host)) return false;
    if (this.#active.has(cookie)) this.#touch(peer, now);
    return true;
  }

  /**
   * The endpoints of the active peers, but that of `exceptCookie`, each once. Without an exception it is the same list
   * as long as nothing has changed.
   */
  activePeers(exceptCookie?: string): readonly ActivePeer[] {
    this.#expire();
    const all = this.#listed ??= this.#list();
    const asker = exceptCookie === undefined ? undefined : this.#active.get(exceptCookie);
    if (asker === undefined) return all;
    const key = keyOf(asker);
    return all.filter((peer) => peer.port !== asker.port || keyOf(peer) !== key);
  }

  #list(): ActivePeer[] {
    const peers = new Map<string, ActivePeer>();
    for (const { host, port, address } of this.#active.values()) {
      const key = keyOf({ host, port });
      if (port !== undefined && !peers.has(key)) peers.set(key, { host, port, address });
    }
    return [...peers.values()];
  }

  /** Every record, active peers first. */
  records(): PeerRecord[] {
    const now = this.#expire();
    const toRecord = (peer: Peer, active: boolean): PeerRecord => ({
      host: peer.host,
      cookie: peer.cookie,
      active,
      ttlMs: active ? peer.expiresAt - now : 0,
      port: peer.port,
      registrationsIn30Days: peer.registrations.total(now),
      lastRegisteredAt: peer.lastRegisteredAt,
    });
    return [
      ...Array.from(this.#active.values(), (peer) => toRecord(peer, true)),
      ...Array.from(this.#inactive.values(), (peer) => toRecord(peer, false)),
    ];
  }

  /** How long until the first active peer becomes inactive if none gives a sign of life, in ms; undefined without any. */
  nextExpiryMs(): number | undefined {
    const [peer] = this.#active.values();
    return peer && Math.max(0, peer.expiresAt - this.#now());
  }

  /** Makes those inactive whose time has run out, as every other operation does first. Whether there were any. */
  expire(): boolean {
    const before = this.#active.size;
    this.#expire();
    return this.#active.size < before;
  }

  #find(cookie: string | undefined): Peer | undefined {
    if (cookie === undefined) return undefined;
    return this.#active.get(cookie) ?? this.#inactive.get(cookie);
  }

  #newPeer({ host, port }: Endpoint): Peer | undefined {
    if (this.#active.size + this.#inactive.size >= this.#maxPeers) {
      const [forgotten] = this.#inactive.keys();
      if (forgotten === undefined) return undefined;
      this.#inactive.delete(forgotten);
    }
    return {
      host,
      port,
      address: "",
      cookie: this.#newCookie(),
      expiresAt: 0,
      lastRegisteredAt: 0,
      registrations: new RecentCount(),
    };
  }

  #touch(peer: Peer, now: number): void {
    peer.expiresAt = now + this.#ttlMs;
    if (this.#inactive.delete(peer.cookie)) this.#listed = undefined;
    this.#active.delete(peer.cookie);
    this.#active.set(peer.cookie, peer);
  }

  #deactivate(peer: Peer): void {
    this.#listed = undefined;
    this.#active.delete(peer.cookie);
    this.#inactive.delete(peer.cookie);
    this.#inactive.set(peer.cookie, peer);
  }

  /** Moves whose time has run out, forgets who has been inactive for too long, and returns the time. */
  #expire(): number {
    const now = this.#now();
    for (const peer of this.#active.values()) {
      if (peer.expiresAt > now) break;
      this.#deactivate(peer);
    }
    for (const peer of this.#inactive.values()) {
      if (peer.expiresAt + rememberMs > now) break;
      this.#inactive.delete(peer.cookie);
    }
    return now;
  }
}

function keyOf({ host, port }: Pick<Peer, "host" | "port">): string {
  return `${port} ${host.toLowerCase()}`;
}

/** Whether a host is a peer's: the one that it named, or the address that it registered from. */
function isNamed(peer: Peer, host: string): boolean {
  return peer.host.toLowerCase() === host.toLowerCase() || peer.address === host;
}

/** 63 random bits in decimal: programs of the course keep a cookie in a signed 64-bit number (RFC 60002 section 4.2). */
function randomCookie(): string {
  const [bits] = crypto.getRandomValues(new BigUint64Array(1));
  return String(bits! >> 1n);
}
