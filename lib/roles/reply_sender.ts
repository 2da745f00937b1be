/**
 * Sending what answers requests: short replies together, a document behind its head in the same write.
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { pause } from "../net/pause.ts";
import { SendBuffers } from "../net/send_buffers.ts";
import type { Trace } from "../net/trace.ts";
import type { Dialect } from "../protocol/dialect.ts";
import { encodeReply, type ReplyMessage, replyText } from "../protocol/reply.ts";
import type { Answer, DocumentBody } from "./answer.ts";

/** From how much text on replies no longer wait for others, in characters: one write, little memory. */
const fullChars = 16_384;

/** How much a buffer for short replies holds, in bytes: those to some thirty requests that came together. */
const shortBufferBytes = 4_096;

const encoder = new TextEncoder();
const buffers = new SendBuffers();
const shortBuffers = new SendBuffers(shortBufferBytes, shortBufferBytes / 4);

/** The replies of one connection on their way out, in order. */
export class ReplySender {
  readonly #connection: Connection;
  readonly #trace: Trace | undefined;
  /** Replies that wait for others to be sent with. */
  #waiting = "";
  /** Whether the next part traced goes on with the one before. */
  #continued = false;

  /** For one connection; `trace` is told of every message. */
  constructor(connection: Connection, trace: Trace | undefined) {
    this.#connection = connection;
    this.#trace = trace;
  }

  /**
   * Takes over an answer. A short reply waits for `flush`, unless much is waiting already.
   *
   * @returns What is to be waited for before the next answer, if anything is.
   * @throws {ConnectionLostError} as `Connection.write`.
   */
  send({ message, document }: Answer, dialect: Dialect): Promise<void> | undefined {
    this.#continued = false;
    if (!dialect.isAnswered) {
      document?.[Symbol.dispose]();
      return undefined;
    }
    if (dialect.packing !== "plain") return this.#sendPacked(message, document, dialect);
    if (document !== undefined) return this.#sendDocument(document, message, dialect);
    const texts = replyText(message, dialect)[Symbol.iterator]();
    for (let next = texts.next(); !next.done; next = texts.next()) {
      this.#add(next.value);
      if (this.#waiting.length >= fullChars) return this.#sendList(texts);
    }
    return message.content && this.#sendContent(message.content);
  }

  /** Sends what waits; undefined if nothing does. @throws {ConnectionLostError} as `Connection.write`. */
  flush(): Promise<void> | undefined {
    if (this.#waiting === "") return undefined;
    const text = this.#waiting;
    this.#waiting = "";
    const buffer = shortBuffers.take();
    const { read, written } = encoder.encodeInto(text, buffer);
    if (read === text.length) return this.#writeShort(buffer, written);
    shortBuffers.giveBack(buffer);
    return this.#connection.write(encoder.encode(text));
  }

  async #writeShort(buffer: Uint8Array<ArrayBuffer>, length: number): Promise<void> {
    try {
      await this.#connection.write(buffer.subarray(0, length));
    } finally {
      shortBuffers.giveBack(buffer);
    }
  }

  #add(text: string, document?: DocumentBody): void {
    this.#waiting += text;
    if (this.#trace !== undefined) this.#tell(encoder.encode(text), document);
  }

  #tell(bytes: Uint8Array, document?: DocumentBody): void {
    this.#trace?.({
      direction: "sent",
      remote: this.#connection.remote,
      bytes,
      continued: this.#continued,
      documentBytes: document?.length,
    });
    this.#continued = true;
  }

  /** Sends what waits and the rest of a long list, as fast as it is read; all of it from the same bytes. */
  async #sendList(rest: Iterator<string>): Promise<void> {
    const buffer = buffers.take();
    try {
      for (;;) {
        await this.#connection.write(buffer.subarray(0, await this.#encodeWaiting(buffer)));
        const next = rest.next();
        if (next.done) return;
        this.#add(next.value);
      }
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Sends what waits, and content behind it; in one write if it is not long. */
  async #sendContent(content: readonly Uint8Array[]): Promise<void> {
    const buffer = buffers.take();
    try {
      let filled = await this.#encodeWaiting(buffer);
      for (const bytes of content) {
        this.#tell(bytes);
        if (filled + bytes.length > buffer.length) {
          await this.#connection.write(buffer.subarray(0, filled));
          filled = 0;
        }
        if (bytes.length > buffer.length) await this.#connection.write(bytes);
        else {
          buffer.set(bytes, filled);
          filled += bytes.length;
        }
      }
      await this.#connection.write(buffer.subarray(0, filled));
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Sends a head and a document behind it, a small one in the same write, unless there is to be a pause between. */
  async #sendDocument(body: DocumentBody, message: ReplyMessage, dialect: Dialect): Promise<void> {
    using document = body;
    for (const text of replyText(message, dialect)) this.#add(text, document);
    if (dialect.pacingMs > 0) await this.#pause(dialect.pacingMs);
    await this.#sendBehindWaiting(document);
  }

  /** A packed reply is one message, whatever it holds; only a document stands behind it. */
  async #sendPacked(
    message: ReplyMessage,
    body: DocumentBody | undefined,
    dialect: Dialect,
  ): Promise<void> {
    using document = body;
    const bytes = encodeReply(message, dialect);
    this.#tell(bytes, document);
    await this.flush();
    await this.#connection.write(bytes);
    if (document === undefined) return;
    if (dialect.pacingMs > 0) await this.#pause(dialect.pacingMs);
    await this.#sendBehindWaiting(document);
  }

  async #pause(ms: number): Promise<void> {
    await this.flush();
    await pause(ms, this.#connection.closing);
  }

  async #sendBehindWaiting(document: DocumentBody): Promise<void> {
    const connection = this.#connection;
    const buffer = buffers.take();
    try {
      const begin = await this.#encodeWaiting(buffer);
      let unsent = begin;
      for (const { length } of document.chunks(buffer.subarray(begin))) {
        await connection.write(buffer.subarray(begin - unsent, begin + length));
        unsent = 0;
      }
      await connection.write(buffer.subarray(0, unsent));
    } finally {
      buffers.giveBack(buffer);
    }
  }

  /** Puts the text that waits at the front of a buffer. What does not fit is sent; returns how many bytes are left. */
  async #encodeWaiting(buffer: Uint8Array): Promise<number> {
    let text = this.#waiting;
    this.#waiting = "";
    for (;;) {
      const { read, written } = encoder.encodeInto(text, buffer);
      if (read === text.length) return written;
      await this.#connection.write(buffer.subarray(0, written));
      text = text.slice(read);
    }
  }
}
