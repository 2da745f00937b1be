/**
 * The client of a registration server: a connection for each exchange (RFC 60002 section 4).
 * @module
 */
import { findPeer, parsePeer } from "../protocol/di_reply.ts";
import { encodeContact, encodeRegister } from "../protocol/di_request.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { defaultTtlMs } from "../index/peer_list.ts";
import type { Fields } from "../protocol/fields.ts";
import { ProtocolError, quoted } from "../protocol/protocol_error.ts";
import { type ClientOptions, exchange, RefusedError } from "./client_exchange.ts";

/** What a registration gives. */
export interface Registration {
  /** The host under which the peer is known. */
  readonly host: string;
  /** What the server recognizes the peer by. */
  readonly cookie: string;
  /** How long the peer counts as active, in ms. */
  readonly ttlMs: number;
}

/** Asks one registration server. Every call may throw as `exchange` does. */
export class RsClient {
  /** Connects to nobody yet: each exchange makes a connection of its own. */
  constructor(readonly server: Endpoint, readonly options: ClientOptions) {}

  /**
   * Registers this peer's RFC server.
   *
   * @param host How others reach it; undefined takes the address that this machine has towards the server.
   */
  register(
    host: string | undefined,
    port: number,
    cookie: string | undefined,
  ): Promise<Registration> {
    const { os } = this.options;
    return this.#exchange(
      (local) => encodeRegister({ host: host ?? local, port }, os, cookie),
      ({ fields }, _lines, local) => {
        const given = findCookie(fields);
        if (given === undefined || given === "") {
          throw new ProtocolError(400, "Cannot use registration: the reply has no Cookie");
        }
        return { host: host ?? local, cookie: given, ttlMs: parseTtl(fields) };
      },
    );
  }

  /** Stays active. Returns for how long, in ms. */
  keepAlive({ host, cookie }: Registration): Promise<number> {
    return this.#exchange(
      () => encodeContact("KeepAlive", host, cookie),
      ({ fields }) => parseTtl(fields),
    );
  }

  /** Becomes inactive. */
  leave({ host, cookie }: Registration): Promise<void> {
    return this.#exchange(() => encodeContact("Leave", host, cookie), () => {});
  }

  /** The active peers but this one; who is not registered asks without a registration. */
  async peers(
    registration: Pick<Registration, "host" | "cookie"> | undefined,
  ): Promise<Endpoint[]> {
    try {
      return await this.#exchange(
        (local) => encodeContact("PQuery", registration?.host ?? local, registration?.cookie),
        async (_reply, lines) => {
          const peers: Endpoint[] = [];
          for await (const line of lines) {
            if (!isHeading(line)) peers.push(findPeer(line) ?? parsePeer(line));
          }
          return peers;
        },
      );
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return [];
      throw error;
    }
  }

  #exchange<T>(
    request: (localHost: string) => Uint8Array,
    use: Parameters<typeof exchange<T>>[1],
  ): Promise<T> {
    return exchange({
      server: this.server,
      protocol: "P2P-DI",
      request,
      options: this.options,
    }, use);
  }
}

/** Whether a line of a list names no peer but what follows: some write `Peer Details:`. */
function isHeading(line: string): boolean {
  return /^\s*$|:\s*$/.test(line);
}

/** The names under which registration servers give a cookie, ours first. */
const cookieNames = ["cookie", "cookie_id", "cookieid", "rscookie", "set-cookie"] as const;

function findCookie(fields: Fields): string | undefined {
  for (const name of cookieNames) {
    const cookie = fields.get(name);
    if (cookie !== undefined) return cookie;
  }
  return undefined;
}

/** The TTL that a reply gives, in ms; that of the course if it gives none. */
function parseTtl(fields: Fields): number {
  const text = fields.get("ttl");
  if (text === undefined) return defaultTtlMs;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new ProtocolError(
      400,
      `Cannot use registration: expected a TTL in seconds, got ${quoted(text)}`,
    );
  }
  return Number(text) * 1_000;
}
