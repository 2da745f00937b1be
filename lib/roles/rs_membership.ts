/**
 * A peer's stay with a registration server: registered, kept alive, and registered again after a loss.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import type { CookieJar } from "../files/cookie_jar.ts";
import { growingPauses, pause } from "../net/pause.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { type ClientOptions, RefusedError } from "./client_exchange.ts";
import { describeFailure } from "./failure.ts";
import type { MembershipEvents } from "./membership.ts";
import { ProtocolClock } from "./protocol_clock.ts";
import { type Registration, RsClient } from "./rs_client.ts";

const logger = getLogger(["rfc-exchange", "peer"]);

/** How many signs of life a peer gives in each TTL: two may get lost. */
const keepAlivesPerTtl = 3;

/** Shortest pause between two signs of life, in ms, whatever TTL a server gives: it is not to be flooded. */
const shortestPauseMs = 50;

/** How long leaving may take, in ms: a server that is gone must not keep the peer. */
const leaveMs = 2_000;

/** How a peer stays with a registration server. */
export interface RsMembershipOptions {
  /** The server to stay with. */
  readonly server: Endpoint;
  /** How others reach this peer; undefined takes the address that this machine has towards the server. */
  readonly name: string | undefined;
  /** The port of this peer's RFC server. */
  readonly port: number;
  /** The cookies of earlier runs; the server's new one is put there. */
  readonly cookies: CookieJar;
  /** What its clients are given. */
  readonly client: ClientOptions;
  /** How fast the TTL passes. @default as on the wall */
  readonly clock?: ProtocolClock | undefined;
  /** Is told when the server is lost and when it is back. */
  readonly events: MembershipEvents;
}

/** A peer that is, or is trying to be, registered. */
export class RsMembership implements AsyncDisposable {
  /** Asks the server, for as long as the stay lasts. */
  readonly rs: RsClient;
  readonly #options: RsMembershipOptions;
  readonly #leaving = new AbortController();
  #registration: Registration | undefined;
  #staying: Promise<void> = Promise.resolve();

  private constructor(options: RsMembershipOptions) {
    this.#options = options;
    this.rs = new RsClient(options.server, { ...options.client, signal: this.#leaving.signal });
  }

  /**
   * Registers, as the same peer as last time if the cookie was kept.
   *
   * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if that does not succeed.
   */
  static async join(options: RsMembershipOptions): Promise<RsMembership> {
    const membership = new RsMembership(options);
    const rs = new RsClient(options.server, options.client);
    membership.#registration = await register(options, rs);
    membership.#staying = membership.#stay();
    return membership;
  }

  /** Under which host and cookie the server knows this peer. */
  get registration(): Registration {
    // `join` gives nobody a membership without one.
    return this.#registration!;
  }

  /** This peer as the server knows it. */
  get self(): Endpoint {
    return { host: this.registration.host, port: this.#options.port };
  }

  /** Gives a sign of life now. @throws as `join`. */
  async keepAlive(): Promise<void> {
    await this.rs.keepAlive(this.registration);
  }

  /** Leaves. A server that cannot be told notices when the TTL is over. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#staying;
    const { client, server } = this.#options;
    const signal = AbortSignal.timeout(leaveMs);
    try {
      await new RsClient(server, { ...client, signal }).leave(this.registration);
    } catch {
      // Said all that can be said; the TTL does the rest.
    }
  }

  async #stay(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      await pause(keepAlivePauseMs(this.registration, this.#options.clock), signal);
      if (signal.aborted) return;
      try {
        await this.keepAlive();
      } catch (error) {
        await this.#comeBack(error, signal);
      }
    }
  }

  async #comeBack(reason: unknown, signal: AbortSignal): Promise<void> {
    const { server, events } = this.#options;
    // A server that was started anew knows no cookies: that is mended at once.
    const forgotten = reason instanceof RefusedError;
    if (!forgotten) events.lost("rs", server, reason as Error);
    for (const ms of growingPauses()) {
      if (!forgotten) await pause(ms, signal);
      if (signal.aborted) return;
      try {
        this.#registration = await register(this.#options, this.rs);
        events.joined("rs", server, this.self);
        return;
      } catch {
        if (forgotten) await pause(ms, signal);
      }
    }
  }
}

function keepAlivePauseMs({ ttlMs }: Registration, clock = new ProtocolClock()): number {
  return Math.max(clock.wallMs(ttlMs / keepAlivesPerTtl), shortestPauseMs);
}

async function register(options: RsMembershipOptions, rs: RsClient): Promise<Registration> {
  const { server, name, port, cookies } = options;
  const key = formatEndpoint(server);
  const registration = await rs.register(name, port, cookies.get(key));
  try {
    await cookies.set(key, registration.cookie);
  } catch (error) {
    // Next time this is a new peer to the server, which is no reason not to be one today.
    logger.warn("{failure}", { failure: describeFailure(error) });
  }
  return registration;
}
