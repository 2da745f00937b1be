/**
 * Asking a central index server, one request after another or many at once, in the form that it understands
 * (RFC 60001 section 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import { type AskingForm, givenAskingForm } from "../protocol/asking_form.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { joinBytes } from "../protocol/packing.ts";
import { askInForms, GarbledReplyError, isMisunderstanding, probeMs } from "./asking.ts";
import { CiConversation, type CiReply } from "./ci_conversation.ts";
import {
  type ClientOptions,
  connect,
  RefusedError,
  replyMs,
  sendRequest,
} from "./client_exchange.ts";

/**
 * How many requests are sent at once to a server that takes them so: some 14 kB, which the buffers of both sockets
 * hold, replies and all.
 */
const batchLength = 64;

/** The way to a server: a connection, and another while it is being found out how to speak with it. */
export class CiChannel implements Disposable {
  /** Resolves, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  readonly #options: ClientOptions;
  readonly #end: (reason: Error) => void;
  #conversation: CiConversation;
  #form: AskingForm | undefined;
  #connections = 1;
  #isChanging = false;
  #isDisposed = false;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    /** The server, as it was asked for. */
    readonly server: Endpoint,
    connection: Connection,
    options: ClientOptions,
  ) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#end = resolve;
    this.#form = options.forms?.get(formatEndpoint(server));
    this.#conversation = this.#converse(connection);
  }

  /** Connects to a server. @throws {UnreachableError} if it cannot be reached. */
  static async connect(server: Endpoint, options: ClientOptions): Promise<CiChannel> {
    return new CiChannel(server, await connect(server, options), options);
  }

  /** The address that this machine has towards the server. */
  get localHost(): string {
    return this.#conversation.connection.local.host;
  }

  /** How many connections there were: with each but the first, what was announced on the one before is forgotten. */
  get connections(): number {
    return this.#connections;
  }

  /** Whether the server was seen to take requests, and to reply, in the given form. */
  get speaksGiven(): boolean {
    return this.#form === givenAskingForm && this.#conversation.speaksGiven;
  }

  /**
   * Asks when all before it is answered.
   *
   * @param isRepeated Whether the reply repeats what the request says.
   * @throws {RefusedError | ConnectionLostError | ProtocolError}
   */
  request(bytes: Uint8Array, isRepeated = false): Promise<CiReply> {
    return this.#inTurn(async () => {
      if (this.#form === undefined) return await this.#findForm(bytes, isRepeated);
      return await this.#exchange(bytes, this.#form, replyMs);
    });
  }

  /**
   * Asks what may not be understood. A server that takes it amiss is connected to anew; whatever depended on the
   * connection is then lost.
   *
   * @returns undefined if there was no answer to speak of.
   */
  probe(bytes: Uint8Array): Promise<CiReply | undefined> {
    return this.#inTurn(() =>
      this.#changingConnections(async () => {
        try {
          return await this.#ask(bytes, givenAskingForm, probeMs);
        } catch (error) {
          if (!isMisunderstanding(error)) throw error;
          this.#conversation.connection.close();
          await this.#reconnect();
          return undefined;
        }
      })
    );
  }

  /**
   * Asks many things at once, a batch while the replies to the one before are coming, and gives each reply to `use`,
   * refusals too. Only for servers that are known to take requests so.
   *
   * @throws {ConnectionLostError | ProtocolError}
   */
  requestAll(requests: Iterable<Uint8Array>, use: (reply: CiReply) => void): Promise<void> {
    return this.#inTurn(async () => {
      let before: Promise<CiReply[]> = Promise.resolve([]);
      for (const batch of inBatches(requests, batchLength)) {
        const replies = await this.#sendBatch(batch);
        for (const reply of await before) use(reply);
        before = replies.all;
      }
      for (const reply of await before) use(reply);
    });
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#conversation.connection.close();
  }

  /** Sends requests in one write. @returns Their replies, not waited for. */
  async #sendBatch(batch: readonly Uint8Array[]): Promise<{ readonly all: Promise<CiReply[]> }> {
    const conversation = this.#conversation;
    const { connection } = conversation;
    const all = Promise.all(batch.map(() => conversation.expectReply("plain")));
    // Fails where it is waited for; the connection may fail earlier.
    all.catch(() => {});
    for (const bytes of batch) {
      this.#options.trace?.({ direction: "sent", remote: connection.remote, bytes });
    }
    await connection.write(joinBytes(...batch));
    connection.expectWithin(replyMs, "the reply");
    return { all };
  }

  /** Does something when all before it is done. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }

  /** Asks for the first time: in one form after another, on a new connection each, until one is understood. */
  async #findForm(bytes: Uint8Array, isRepeated: boolean): Promise<CiReply> {
    return await this.#changingConnections(async () => {
      try {
        return await this.#tryForms(bytes, isRepeated);
      } catch (error) {
        if (!(error instanceof GarbledReplyError)) throw error;
        // No other form does better: then one that is misread a little has to do.
        return await this.#tryForms(bytes, false);
      }
    });
  }

  /** While the form is being found, the end of one connection is not the end. */
  async #changingConnections<T>(work: () => Promise<T>): Promise<T> {
    this.#isChanging = true;
    try {
      return await work();
    } finally {
      this.#isChanging = false;
      const { connection, ended } = this.#conversation;
      if (connection.closed) this.#end(await ended);
    }
  }

  /** @param mustRepeat Whether a form is good only if the reply repeats what it says without a fault. */
  async #tryForms(bytes: Uint8Array, mustRepeat: boolean): Promise<CiReply> {
    return await askInForms(this.server, this.#options, async (form, waitMs, understood) => {
      if (this.#conversation.connection.closed) await this.#reconnect();
      try {
        const answer = await this.#exchange(bytes, form, waitMs);
        if (answer.isGarbled && mustRepeat) {
          throw new GarbledReplyError("The reply has CRs within lines");
        }
        understood();
        this.#form = form;
        return answer;
      } catch (error) {
        if (isMisunderstanding(error)) this.#conversation.connection.close();
        else this.#form = form;
        throw error;
      }
    });
  }

  async #reconnect(): Promise<void> {
    if (this.#isDisposed) throw new ConnectionLostError(this.server, "closed on this side");
    this.#conversation = this.#converse(await connect(this.server, this.#options));
    this.#connections++;
    if (this.#isDisposed) this.#conversation.connection.close();
  }

  async #exchange(bytes: Uint8Array, form: AskingForm, waitMs: number): Promise<CiReply> {
    const answer = await this.#ask(bytes, form, waitMs);
    if (answer.reply.status !== 200) throw new RefusedError(this.server, answer.reply);
    return answer;
  }

  async #ask(bytes: Uint8Array, form: AskingForm, waitMs: number): Promise<CiReply> {
    const conversation = this.#conversation;
    const answered = conversation.expectReply(form.packing);
    // The connection may fail while the request is being written: then both fail, and one says why.
    answered.catch(() => {});
    await sendRequest(conversation.connection, bytes, this.#options.trace, form, waitMs);
    return await answered;
  }

  #converse(connection: Connection): CiConversation {
    const conversation = new CiConversation(connection, this.#options.trace);
    conversation.ended.then((reason) => {
      if (this.#conversation === conversation && !this.#isChanging) this.#end(reason);
    });
    return conversation;
  }
}

function* inBatches<T>(items: Iterable<T>, length: number): Generator<T[], void, undefined> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length === length) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
