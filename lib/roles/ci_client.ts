/**
 * The client of a central index server: one connection, kept while the peer is active (RFC 60001 section 4).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import type { AskingForm } from "../protocol/asking_form.ts";
import type { CiRecord } from "../protocol/ci_record.ts";
import { encodeAdd, encodeList, encodeLookup, encodeRemove } from "../protocol/ci_request.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { askInForms, GarbledReplyError, isMisunderstanding } from "./asking.ts";
import { CiConversation, type CiReply } from "./ci_conversation.ts";
import {
  type ClientOptions,
  connect,
  RefusedError,
  replyMs,
  sendRequest,
} from "./client_exchange.ts";

/** What a LOOKUP says of its title when it is not known: the server does not compare it (RFC 60001 section 4.5). */
const unknownTitle = "Unknown";

/** A connection to a central index server. Requests are sent one after the other, each when the last one is answered. */
export class CiClient implements Disposable {
  /** The server, as it was asked for. */
  readonly server: Endpoint;
  /** Resolves, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  readonly #options: ClientOptions;
  readonly #end: (reason: Error) => void;
  #conversation: CiConversation;
  #form: AskingForm | undefined;
  #isFindingForm = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(server: Endpoint, connection: Connection, options: ClientOptions) {
    this.server = server;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#end = resolve;
    this.#form = options.forms?.get(formatEndpoint(server));
    this.#conversation = this.#converse(connection);
  }

  /** Connects to a server. @throws {UnreachableError} if it cannot be reached. */
  static async connect(server: Endpoint, options: ClientOptions): Promise<CiClient> {
    return new CiClient(server, await connect(server, options), options);
  }

  /** The address that this machine has towards the server. */
  get localHost(): string {
    return this.#conversation.connection.local.host;
  }

  /** Announces a document. @throws {RefusedError | ConnectionLostError | ProtocolError} */
  async add(record: CiRecord): Promise<void> {
    await this.#request(encodeAdd(record), true);
  }

  /** Takes an announcement back. @throws as `add`; `RefusedError` with 404 if there was none. */
  async remove(number: number, holder: Endpoint): Promise<void> {
    await this.#request(encodeRemove(number, holder));
  }

  /** Who has a document; none is an empty list. @throws as `add`. */
  async lookup(number: number, asker: Endpoint, title = unknownTitle): Promise<CiRecord[]> {
    try {
      return await this.#request(encodeLookup(number, asker, title));
    } catch (error) {
      if (error instanceof RefusedError && error.status === 404) return [];
      throw error;
    }
  }

  /** Every record of the index, newest first. @throws as `add`. */
  async list(asker: Endpoint): Promise<CiRecord[]> {
    try {
      return await this.#request(encodeList(asker));
    } catch (error) {
      // Some answer so when there is nothing to list.
      if (error instanceof RefusedError && error.status === 404) return [];
      throw error;
    }
  }

  /** Closes the connection: the server then forgets what was announced on it. */
  [Symbol.dispose](): void {
    this.#conversation.connection.close();
  }

  /** @param isRepeated Whether the reply repeats what the request says. */
  #request(bytes: Uint8Array, isRepeated = false): Promise<CiRecord[]> {
    const answered = this.#last.then(async () => {
      if (this.#form === undefined) return await this.#findForm(bytes, isRepeated);
      return (await this.#exchange(bytes, this.#form, replyMs)).records;
    });
    this.#last = answered.catch(() => {});
    return answered;
  }

  /** Asks for the first time: in one form after another, on a new connection each, until one is understood. */
  async #findForm(bytes: Uint8Array, isRepeated: boolean): Promise<CiRecord[]> {
    this.#isFindingForm = true;
    try {
      return await this.#tryForms(bytes, isRepeated);
    } catch (error) {
      if (!(error instanceof GarbledReplyError)) throw error;
      // No other form does better: then one that is misread a little has to do.
      return await this.#tryForms(bytes, false);
    } finally {
      this.#isFindingForm = false;
      const { connection, ended } = this.#conversation;
      if (connection.closed) this.#end(await ended);
    }
  }

  /** @param mustRepeat Whether a form is good only if the reply repeats what it says without a fault. */
  async #tryForms(bytes: Uint8Array, mustRepeat: boolean): Promise<CiRecord[]> {
    return await askInForms(this.server, this.#options, async (form, waitMs, understood) => {
      if (this.#conversation.connection.closed) {
        this.#conversation = this.#converse(await connect(this.server, this.#options));
      }
      try {
        const { records, isGarbled } = await this.#exchange(bytes, form, waitMs);
        if (isGarbled && mustRepeat) throw new GarbledReplyError("The reply has CRs within lines");
        understood();
        this.#form = form;
        return records;
      } catch (error) {
        if (isMisunderstanding(error)) this.#conversation.connection.close();
        else this.#form = form;
        throw error;
      }
    });
  }

  async #exchange(bytes: Uint8Array, form: AskingForm, waitMs: number): Promise<CiReply> {
    const conversation = this.#conversation;
    const answered = conversation.expectReply(form.packing);
    // The connection may fail while the request is being written: then both fail, and one says why.
    answered.catch(() => {});
    await sendRequest(conversation.connection, bytes, this.#options.trace, form, waitMs);
    const answer = await answered;
    if (answer.reply.status !== 200) throw new RefusedError(this.server, answer.reply);
    return answer;
  }

  #converse(connection: Connection): CiConversation {
    const conversation = new CiConversation(connection, this.#options.trace);
    conversation.ended.then((reason) => {
      // While the form is being found, the end of one connection is not the end.
      if (this.#conversation === conversation && !this.#isFindingForm) this.#end(reason);
    });
    return conversation;
  }
}
