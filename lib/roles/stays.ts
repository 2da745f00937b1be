/**
 * How long peers stay in the central index: as long as their connection, or, for programs that open one for each
 * request, until they leave or are not heard of for too long (RFC 60001 sections 4.10 and 8).
 * @module
 */
import type { CentralIndex } from "../index/central_index.ts";
import { Session } from "../index/holder.ts";
import type { Endpoint } from "../protocol/endpoint.ts";

/** How long a peer without a connection stays after each sign of life, in ms: the TTL of the other system. */
export const lastingMs = 7_200_000;

/** How many peers without a connection are kept. */
export const maxLasting = 10_000;

/** A peer that stays although it has no connection. */
interface Lasting {
  readonly session: Session;
  expiresAt: number;
}

/** One connection's stay. */
export class Stay {
  /** What was announced on the connection. */
  readonly session: Session;
  /** The peer that said REGISTER on this connection. */
  registered: string | undefined;
  #requests = 0;

  /** A stay of somebody at this address. */
  constructor(address: string) {
    this.session = new Session(address);
  }

  /** Counts a request of this connection. */
  countRequest(): void {
    this.#requests++;
  }

  /** Whether this connection is used as the course means it: for more than one request. */
  get isKept(): boolean {
    return this.#requests > 1;
  }
}

/** The stays of all peers with one central index. */
export class Stays {
  readonly #index: CentralIndex;
  readonly #now: () => number;
  /** By holder and address, the longest without a sign of life first. */
  readonly #lasting = new Map<string, Lasting>();

  /** `now` is the clock, in ms since 1970. */
  constructor(index: CentralIndex, now: () => number = Date.now) {
    this.#index = index;
    this.#now = now;
  }

  /** A connection from an address begins. */
  begin(address: string): Stay {
    return new Stay(address);
  }

  /** A connection ends; returns whether records may have gone with it. */
  end(stay: Stay): boolean {
    const hadRecords = stay.session.holders.length > 0;
    this.#index.endSession(stay.session);
    if (stay.registered === undefined || !stay.isKept) return hadRecords;
    // It registered and went on with the same connection: then this was its stay, whatever its words.
    return this.#drop(stay.registered) || hadRecords;
  }

  /** A peer says that it is there, and may say more on other connections. */
  register(stay: Stay, holder: Endpoint): void {
    stay.registered = this.#keyOf(stay, holder);
    this.#touch(stay, holder);
  }

  /**
   * The session that records of a holder belong to: that of the connection, unless the holder registered or `lasting`
   * says that its program opens a connection for each request.
   */
  sessionFor(stay: Stay, holder: Endpoint, lasting: boolean): Session {
    const isRegistered = this.#lasting.has(this.#keyOf(stay, holder));
    return lasting || isRegistered ? this.#touch(stay, holder) : stay.session;
  }

  /** A peer says that it leaves: what was announced on this connection goes, and what its holder left to stay. */
  leave(stay: Stay, holder: Endpoint | undefined): void {
    this.#index.endSession(stay.session);
    if (holder !== undefined) this.#drop(this.#keyOf(stay, holder));
  }

  #touch(stay: Stay, holder: Endpoint): Session {
    const key = this.#keyOf(stay, holder);
    const session = this.#lasting.get(key)?.session ?? new Session(stay.session.address);
    this.#lasting.delete(key);
    if (this.#lasting.size >= maxLasting) {
      const [oldest] = this.#lasting.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
    this.#lasting.set(key, { session, expiresAt: this.#now() + lastingMs });
    return session;
  }

  /** Lets go of peers that were not heard of for too long. */
  expire(): void {
    if (this.#lasting.size === 0) return;
    const now = this.#now();
    for (const [key, { expiresAt }] of this.#lasting) {
      if (expiresAt > now) return;
      this.#drop(key);
    }
  }

  #drop(key: string): boolean {
    const lasting = this.#lasting.get(key);
    if (lasting === undefined) return false;
    this.#lasting.delete(key);
    this.#index.endSession(lasting.session);
    return true;
  }

  /** Only the same address may go on with, or end, what it began: a name in a request proves nothing. */
  #keyOf({ session }: Stay, { host, port }: Endpoint): string {
    return `${session.address} ${port} ${host.toLowerCase()}`;
  }
}
