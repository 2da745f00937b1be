/**
 * The registration server: who is active (RFC 60002 section 4).
 * @module
 */
import { getLogger } from "@logtape/logtape";
import {
  type ActivePeer,
  PeerList,
  type PeerListOptions,
  type PeerRecord,
} from "../index/peer_list.ts";
import type { Connection } from "../net/connection.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import type { Trace } from "../net/trace.ts";
import { encodePeers } from "../protocol/di_reply.ts";
import { decodeDiRequest, type DiRequest } from "../protocol/di_request.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { Extensions } from "../protocol/extensions.ts";
import type { Field } from "../protocol/fields.ts";
import { formatHttpDate } from "../protocol/http_date.ts";
import { encodeNdjson } from "../protocol/ndjson.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { registrationServerWords } from "../protocol/words.ts";
import {
  type Answer,
  answerContent,
  answerHead,
  connectionField,
  refuse,
  refuseForNow,
} from "./answer.ts";
import { describeFailure } from "./failure.ts";
import { ProtocolClock } from "./protocol_clock.ts";
import { type ServedRequest, serveRequests, type Service } from "./request_loop.ts";

/** How a registration server is set up. */
export interface RegistrationServerOptions extends ListenOptions, PeerListOptions {
  /** Whether only the given form is understood. @default false */
  readonly strict?: boolean | undefined;
  /** Is told of every message. */
  readonly trace?: Trace | undefined;
  /** How much faster than the wall's the protocol's time runs. @default 1 */
  readonly timeScale?: number | undefined;
  /** Called after each request that changed the peer list, and when a peer becomes inactive. */
  readonly changed?: (() => void) | undefined;
}

/** When a peer that found the peer list full may try again, in seconds. */
const retryAfterSeconds = 60;

const logger = getLogger(["rfc-exchange", "rs"]);

/** A running registration server. */
export class RegistrationServer implements AsyncDisposable {
  readonly #listener: Listener;
  #encoded: { readonly peers: unknown; readonly content: readonly Uint8Array[] } | undefined;
  readonly #peers: PeerList;
  readonly #changed: () => void;
  readonly #clock: ProtocolClock;
  #expiryTimer: ReturnType<typeof setTimeout> | undefined;

  /** Listens and serves from now on. @throws {ListenError} if it cannot listen where it was told to. */
  constructor(options: RegistrationServerOptions) {
    this.#clock = new ProtocolClock(options.timeScale, options.now);
    this.#peers = new PeerList({ ...options, now: this.#clock.now });
    this.#changed = options.changed ?? (() => {});
    this.#listener = new Listener(options);
    const service: Service = {
      protocol: "P2P-DI",
      persistent: false,
      strict: options.strict ?? false,
      vocabulary: registrationServerWords,
      mirrorsDialect: false,
      decode: decodeDiRequest,
      trace: options.trace,
      answer: (request) => this.#answer(request),
    };
    this.#listener.start({
      serve: (connection) => serveRequests(connection, service),
      failed: (error, remote) =>
        logger.info("{failure}", { failure: describeFailure(error, remote) }),
    });
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#listener.endpoint;
  }

  /** The peer list, active peers first. */
  peers(): PeerRecord[] {
    return this.#peers.records();
  }

  /** Closes every connection and the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.close();
    clearTimeout(this.#expiryTimer);
  }

  #noteChange(): void {
    this.#changed();
    this.#expectExpiry();
  }

  /** Looks at the peers again when the first may have become inactive; signs of life only move that further away. */
  #expectExpiry(): void {
    const ms = this.#peers.nextExpiryMs();
    if (this.#expiryTimer !== undefined || ms === undefined) return;
    this.#expiryTimer = setTimeout(() => {
      this.#expiryTimer = undefined;
      if (this.#peers.expire()) this.#changed();
      this.#expectExpiry();
    }, Math.ceil(this.#clock.wallMs(ms)));
  }

  #answer({ head, extensions, connection }: ServedRequest): Answer {
    const request = decodeDiRequest(head);
    this.#listener.prove(connection);
    switch (request.method) {
      case "Register":
        return this.#register(request, extensions, connection);
      case "KeepAlive":
        this.#expectKnown(request, this.#peers.keepAlive(request.host, request.cookie));
        this.#noteChange();
        return succeed(extensions, [["TTL", this.#ttl]]);
      case "Leave":
        this.#expectKnown(request, this.#peers.leave(request.host, request.cookie));
        this.#noteChange();
        return succeed(extensions, []);
      case "PQuery":
        return this.#query(request, extensions);
    }
  }

  get #ttl(): string {
    return String(Math.round(this.#peers.ttlMs / 1_000));
  }

  #register(
    { endpoint, cookie: known }: DiRequest & { method: "Register" },
    extensions: Extensions,
    connection: Connection,
  ): Answer {
    const cookie = this.#peers.register(endpoint, known, connection.remote.host);
    if (cookie === undefined) {
      logger.warn("Cannot register one more peer: the peer list is full");
      return overloaded(extensions);
    }
    this.#noteChange();
    return succeed(extensions, [
      ["Date", formatHttpDate(this.#clock.now())],
      ["Cookie", cookie],
      ["TTL", this.#ttl],
    ]);
  }

  #query({ host, cookie }: DiRequest & { method: "PQuery" }, extensions: Extensions): Answer {
    if (cookie !== undefined) {
      this.#expectKnown({ method: "PQuery", host }, this.#peers.recognize(host, cookie));
    }
    const peers = this.#peers.activePeers(cookie);
    if (peers.length === 0) return refuse("P2P-DI", 404, extensions, extensions.keepAlive);
    const content = extensions.ndjson
      ? encodeNdjson(peers.map(({ host, port, address }) => ({ host, port, address })))
      : cookie === undefined
      ? this.#encodeOnce(peers)
      : encodePeers(peers);
    return answerContent("P2P-DI", content, extensions, extensions.keepAlive);
  }

  /** Everybody who is not registered is told the same, until a peer comes, goes or moves. */
  #encodeOnce(peers: readonly ActivePeer[]): readonly Uint8Array[] {
    if (this.#encoded?.peers !== peers) {
      this.#encoded = { peers, content: [...encodePeers(peers)] };
    }
    return this.#encoded.content;
  }

  #expectKnown({ method, host }: { method: string; host: string }, known: boolean): void {
    if (known) return;
    throw new ProtocolError(403, `Cannot serve ${method}: the cookie is not one of ${host}`, {
      protocol: "P2P-DI",
    });
  }
}

/** A 200 of fields alone. */
function succeed(extensions: Extensions, fields: readonly Field[]): Answer {
  const all = [...fields, ...connectionField(extensions)];
  return answerHead("P2P-DI", 200, all, extensions.keepAlive);
}

/** No place: who asked for extensions is told when to try again, others are hung up on (RFC 60003 section 8). */
function overloaded(extensions: Extensions): Answer {
  if (!extensions.asked) throw new Error("All places of the peer list are taken");
  return refuseForNow("P2P-DI", retryAfterSeconds, extensions);
}
