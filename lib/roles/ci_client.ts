/**
 * The client of a central index server: one connection, kept while the peer is active (RFC 60001 section 4).
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import {
  encodeAdd,
  encodeBareList,
  encodeList,
  encodeLookup,
  encodeRemove,
} from "../protocol/ci_request.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { DocumentDetails, ListedRecord } from "../protocol/listed_record.ts";
import { CiChannel } from "./ci_channel.ts";
import type { CiReply } from "./ci_conversation.ts";
import { type ClientOptions, RefusedError } from "./client_exchange.ts";
import { GatheredRequests } from "./gathered_requests.ts";

/** What a LOOKUP says of its title when it is not known: the server does not compare it (RFC 60001 section 4.5). */
const unknownTitle = "Unknown";

/** What is asked for to see how a server replies. */
const anyNumber = 1;

/**
 * A connection to a central index server. Requests are sent one after the other, each when the last one is answered; those
 * that look something up travel together if the server implements RFC 60003.
 */
export class CiClient implements Disposable {
  /** Resolves, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  readonly #channel: CiChannel;
  readonly #gathered: GatheredRequests;
  readonly #details: Map<string, boolean> | undefined;
  #givesDetails: boolean | undefined;
  #learning: Promise<boolean> | undefined;

  private constructor(channel: CiChannel, options: ClientOptions) {
    this.#channel = channel;
    this.#gathered = new GatheredRequests(channel);
    this.ended = channel.ended;
    this.#details = options.details;
    this.#givesDetails = options.details?.get(formatEndpoint(channel.server));
  }

  /** Connects to a server. @throws {UnreachableError} if it cannot be reached. */
  static async connect(server: Endpoint, options: ClientOptions): Promise<CiClient> {
    return new CiClient(await CiChannel.connect(server, options), options);
  }

  /** The server, as it was asked for. */
  get server(): Endpoint {
    return this.#channel.server;
  }

  /** The address that this machine has towards the server. */
  get localHost(): string {
    return this.#channel.localHost;
  }

  /** How many connections there were: with each but the first, what was announced on the one before is forgotten. */
  get connections(): number {
    return this.#channel.connections;
  }

  /** Whether the server gives lists with details, and takes them in announcements; undefined until `learnDetails`. */
  get givesDetails(): boolean | undefined {
    return this.#givesDetails;
  }

  /**
   * Announces a document, with size and digest if the server is known to take them.
   *
   * @throws {RefusedError | ConnectionLostError | ProtocolError}
   */
  async add(announcement: CiRecord & DocumentDetails): Promise<void> {
    const bytes = encodeAdd(announcement, this.#givesDetails ? announcement : undefined);
    await this.#channel.request(bytes, true);
  }

  /**
   * Announces many documents, in order: as fast as the connection takes them if the server implements RFC 60003, one
   * after another otherwise, since most others take what comes at once for one request.
   *
   * @param refused Told of each document that the server does not want; the others are announced all the same.
   * @throws {ConnectionLostError | ProtocolError}
   */
  async addAll(
    announcements: Iterable<CiRecord & DocumentDetails>,
    refused: (error: RefusedError) => void,
  ): Promise<void> {
    if (this.#givesDetails) {
      const requests = encodeEach(announcements);
      return await this.#channel.requestAll(requests, ({ reply }) => {
        if (reply.status !== 200) refused(new RefusedError(this.server, reply));
      });
    }
    for (const announcement of announcements) {
      try {
        await this.add(announcement);
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error;
        refused(error);
      }
    }
  }

  /** Takes an announcement back. @throws as `add`; `RefusedError` with 404 if there was none. */
  async remove(number: number, holder: Endpoint): Promise<void> {
    await this.#channel.request(encodeRemove(number, holder));
  }

  /** Who has a document; none is an empty list. @throws as `add`. */
  async lookup(number: number, asker: Endpoint, title = unknownTitle): Promise<CiRecord[]> {
    const records = (await this.#list(encodeLookup(number, asker, title)))?.records ?? [];
    const mayCompare = title === unknownTitle && !this.#channel.speaksGiven;
    if (records.length > 0 || !mayCompare) return records;
    // Some other servers find nothing if the title is not the one that was announced: their list tells.
    return (await this.list(asker)).filter((record) => record.number === number);
  }

  /** Every record of the index, newest first. @throws as `add`. */
  async list(asker: Endpoint): Promise<CiRecord[]> {
    try {
      return (await this.#list(encodeList(asker)))?.records ?? [];
    } catch (error) {
      const mayKnowLess = error instanceof RefusedError && !this.#channel.speaksGiven;
      if (!mayKnowLess) throw error;
      return (await this.#list(encodeBareList(asker)))?.records ?? [];
    }
  }

  /** As `lookup`, with all that the server knows of each record, if it gives that. @throws as `add`. */
  async lookupDetailed(
    number: number,
    asker: Endpoint,
    title: string = unknownTitle,
  ): Promise<ListedRecord[]> {
    if (!await this.learnDetails(asker, number)) return await this.lookup(number, asker, title);
    const request = encodeLookup(number, asker, title, "detailed");
    const { reply, records } = await this.#gathered.ask(request);
    if (reply.status === 404) return [];
    if (reply.status !== 200) throw new RefusedError(this.server, reply);
    return records;
  }

  /** As `list`, with all that the server knows of each record, if it gives that. @throws as `add`. */
  async listDetailed(asker: Endpoint): Promise<ListedRecord[]> {
    if (!await this.learnDetails(asker)) return await this.list(asker);
    return (await this.#list(encodeList(asker, "detailed")))?.records ?? [];
  }

  /**
   * Finds out whether the server gives details, unless that is known: by a LOOKUP, and only if it was seen to speak
   * the given form to the letter, as few but those that implement RFC 60003 do. What was announced on this connection
   * before may be lost if it takes that amiss: it then is connected to anew.
   *
   * @throws as `add`.
   */
  async learnDetails(asker: Endpoint, number: number = anyNumber): Promise<boolean> {
    if (this.#givesDetails !== undefined) return this.#givesDetails;
    this.#learning ??= this.#learn(asker, number).finally(() => this.#learning = undefined);
    return await this.#learning;
  }

  /** Closes the connection: the server then forgets what was announced on it. */
  [Symbol.dispose](): void {
    this.#channel[Symbol.dispose]();
  }

  /** Some answer 404 when there is nothing to list. */
  async #list(bytes: Uint8Array): Promise<CiReply | undefined> {
    try {
      return await this.#channel.request(bytes);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Looks something up to see how the server replies; one that refuses to does so as it does. */
  async #seeReply(number: number, asker: Endpoint): Promise<void> {
    try {
      await this.#list(encodeLookup(number, asker, unknownTitle));
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  }

  async #learn(asker: Endpoint, number: number): Promise<boolean> {
    if (!this.#channel.speaksGiven) await this.#seeReply(number, asker);
    const request = encodeLookup(number, asker, unknownTitle, "detailed");
    const reply = this.#channel.speaksGiven ? await this.#channel.probe(request) : undefined;
    const gives = reply?.isDetailed ?? false;
    this.#givesDetails = gives;
    this.#details?.set(formatEndpoint(this.server), gives);
    return gives;
  }
}

function* encodeEach(
  announcements: Iterable<CiRecord & DocumentDetails>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (const announcement of announcements) yield encodeAdd(announcement, announcement);
}
