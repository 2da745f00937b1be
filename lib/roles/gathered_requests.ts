/**
 * Requests to a central index server that travel together.
 * @module
 */
import type { CiChannel } from "./ci_channel.ts";
import type { CiReply } from "./ci_conversation.ts";

interface Waiting {
  readonly bytes: Uint8Array;
  resolve(reply: CiReply): void;
  reject(error: unknown): void;
}

/**
 * Gathers what is asked while replies to earlier requests are on their way, and sends it in one write: whoever looks up a
 * thousand documents waits some dozen times. Only for servers that are known to take requests so.
 */
export class GatheredRequests {
  readonly #channel: CiChannel;
  /** Those that were not sent yet. */
  readonly #waiting: Waiting[] = [];
  #isSending = false;

  /** Asks nothing yet. */
  constructor(channel: CiChannel) {
    this.#channel = channel;
  }

  /** Asks; refusals are replies too. @throws {ConnectionLostError | ProtocolError} */
  ask(bytes: Uint8Array): Promise<CiReply> {
    const { promise, resolve, reject } = Promise.withResolvers<CiReply>();
    this.#waiting.push({ bytes, resolve, reject });
    if (!this.#isSending) this.#sendAll();
    return promise;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.length > 0) await this.#send();
    this.#isSending = false;
  }

  /** Sends what waits when its turn comes, what is asked until then included. */
  async #send(): Promise<void> {
    const sent: Waiting[] = [];
    try {
      await this.#channel.requestAll(takeAll(this.#waiting, sent), (reply) => {
        sent.shift()?.resolve(reply);
      });
    } catch (error) {
      for (const { reject } of [...sent, ...this.#waiting.splice(0)]) reject(error);
    }
  }
}

function* takeAll(waiting: Waiting[], sent: Waiting[]): Generator<Uint8Array, void, undefined> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    sent.push(next);
    yield next.bytes;
  }
}
