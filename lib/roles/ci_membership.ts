/**
 * A peer's stay with a central index server: connected, everything announced, and again after a loss.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { growingPauses, pause } from "../net/pause.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { CiClient } from "./ci_client.ts";
import { type ClientOptions, RefusedError } from "./client_exchange.ts";
import { describeFailure } from "./failure.ts";
import type { Announcement, MembershipEvents } from "./membership.ts";

/** How a peer stays with a central index server. */
export interface CiMembershipOptions {
  /** The server to stay with. */
  readonly server: Endpoint;
  /** How others reach this peer; undefined takes the address that this machine has towards the server. */
  readonly name: string | undefined;
  /** The port of this peer's RFC server. */
  readonly port: number;
  /** Everything to be announced, now. */
  readonly announcements: () => Iterable<Announcement>;
  /** What its clients are given. */
  readonly client: ClientOptions;
  /** Is told when the server is lost and when it is back. */
  readonly events: MembershipEvents;
}

/** From how many documents on it is worth finding out whether the server takes them faster. */
const manyDocuments = 64;

const logger = getLogger(["rfc-exchange", "peer"]);

/** A peer that is, or is trying to be, connected to a central index server. */
export class CiMembership implements AsyncDisposable {
  readonly #options: CiMembershipOptions;
  readonly #leaving = new AbortController();
  #client: CiClient;
  #connected = true;
  #staying: Promise<void>;

  private constructor(options: CiMembershipOptions, client: CiClient) {
    this.#options = options;
    this.#client = client;
    this.#staying = Promise.resolve();
  }

  /**
   * Connects and announces everything.
   *
   * @throws {UnreachableError | ConnectionLostError} if the server cannot be reached or is lost meanwhile.
   */
  static async join(options: CiMembershipOptions): Promise<CiMembership> {
    const membership = new CiMembership(
      options,
      await CiClient.connect(options.server, options.client),
    );
    try {
      await membership.#announceAll();
    } catch (error) {
      membership.#client[Symbol.dispose]();
      throw error;
    }
    membership.#staying = membership.#stay();
    return membership;
  }

  /** The connection to the server, if there is one just now. */
  get client(): CiClient | undefined {
    return this.#connected ? this.#client : undefined;
  }

  /** This peer as the server knows it. */
  get self(): Endpoint {
    const { name, port } = this.#options;
    return { host: name ?? this.#client.localHost, port };
  }

  /** Announces a document. While the server is lost there is nothing to do: everything is announced when it is back. */
  async announce(announcement: Announcement): Promise<void> {
    if (!this.#connected) return;
    try {
      await this.#client.add({ ...announcement, ...this.self });
    } catch (error) {
      this.#note(error);
    }
  }

  /** Announces sizes and digests of documents that are announced already, if the server takes them. */
  async announceDetails(announcements: readonly Announcement[]): Promise<void> {
    const [first] = announcements;
    if (!this.#connected || first === undefined) return;
    const client = this.#client;
    try {
      const { connections } = client;
      const givesDetails = await client.learnDetails(this.self, first.number);
      if (client.connections > connections) return await this.#announceAll();
      if (!givesDetails) return;
      const records = announcements.map((each) => ({ ...each, ...this.self }));
      await client.addAll(records, (error) => this.#note(error));
    } catch (error) {
      this.#note(error);
    }
  }

  /** Takes an announcement back. */
  async withdraw(number: number): Promise<void> {
    if (!this.#connected) return;
    try {
      await this.#client.remove(number, this.self);
    } catch (error) {
      this.#note(error);
      // The handout has no word for this. A server that does not know ours forgets everything when we hang up.
      const unknownWord = error instanceof RefusedError && error.status !== 404;
      if (unknownWord) this.#client[Symbol.dispose]();
    }
  }

  /** Hangs up: the server then forgets what this peer announced. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    this.#client[Symbol.dispose]();
    await this.#staying;
  }

  async #stay(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      const reason = await this.#client.ended;
      this.#connected = false;
      if (signal.aborted) return;
      this.#options.events.lost("ci", this.#options.server, reason);
      await this.#comeBack(signal);
    }
  }

  async #comeBack(signal: AbortSignal): Promise<void> {
    const { server, client, events } = this.#options;
    for (const ms of growingPauses()) {
      await pause(ms, signal);
      if (signal.aborted) return;
      try {
        this.#client = await CiClient.connect(server, { ...client, signal });
        this.#connected = true;
        await this.#announceAll();
        events.joined("ci", server, this.self);
        return;
      } catch (error) {
        this.#connected = false;
        this.#client[Symbol.dispose]();
        logger.debug("{failure}", { failure: describeFailure(error) });
      }
    }
  }

  async #announceAll(): Promise<void> {
    const all = Array.from(this.#options.announcements(), (each) => ({ ...each, ...this.self }));
    const [first, ...rest] = all;
    if (first === undefined) return;
    const client = this.#client;
    // One document that the server does not want is no reason to keep back the others.
    const refused = (error: RefusedError) => this.#note(error);
    await client.addAll([first], refused);
    const isWorthAsking = all.length > manyDocuments ||
      all.some(({ sha256 }) => sha256 !== undefined);
    const { connections } = client;
    const givesDetails = isWorthAsking && await client.learnDetails(this.self, first.number);
    const isAnnounced = !givesDetails && client.connections === connections;
    await client.addAll(isAnnounced ? rest : all, refused);
  }

  #note(error: unknown): void {
    if (this.#leaving.signal.aborted) return;
    const server = formatEndpoint(this.#options.server);
    logger.warn("{server}: {failure}", { server, failure: describeFailure(error) });
  }
}
