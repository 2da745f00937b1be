/**
 * A kept connection to one holder, on which GETs are pipelined (RFC 60003 section 5).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import { type ByteRange, formatRange } from "../protocol/byte_range.ts";
import { keepsOpen, showsExtensions } from "../protocol/document_reply.ts";
import { type CrowdAsker, crowdFields } from "../protocol/crowd.ts";
import type { Field, Fields } from "../protocol/fields.ts";
import type { AnswerHead } from "../protocol/answer_head.ts";
import { blankLineLength } from "../protocol/head.ts";
import { joinBytes } from "../protocol/packing.ts";
import { contentLength } from "../protocol/reply.ts";
import { encodeGetRfc } from "../protocol/rfc_request.ts";
import { type ClientOptions, connect, contentStallMs, receiveReply } from "./client_exchange.ts";
import { receiveAnswerHead, receiveBytes } from "./document_receiver.ts";
import type { Holder } from "./finder.ts";
import { SpeedWatch } from "./speed_watch.ts";

/** How much of a reply that is not wanted is read so that the connection can be kept, in bytes: less than a new one costs. */
export const maxSkippedBytes = 65_536;

/** A GET of a document or a part of it. */
export interface DocumentOrder {
  /** Number of the document. */
  readonly number: number;
  /** The part that is wanted; undefined for all of it. */
  readonly range: ByteRange | undefined;
  /** The tag of the state that the part must be of, if the holder told one before. */
  readonly ifRange: string | undefined;
  /** Whether the digest of the part is wanted. */
  readonly wantsContentDigest: boolean;
  /** What is said of this side, if it passes on what it gets. */
  readonly crowd: CrowdAsker | undefined;
}

/** The head of a reply on a kept connection. */
export interface SessionReply {
  /** Undefined if there is no status line. */
  readonly status: number | undefined;
  /** What stands behind the status, for people. */
  readonly phrase: string;
  /** What stands below it. */
  readonly fields: Fields;
  /** The same as it came, if its sender shows no extension: then the document behind it is in any form. */
  readonly other: AnswerHead | undefined;
}

/** A connection to a holder. Replies come in the order of the requests; who uses it keeps count. */
export class HolderSession implements Disposable {
  /** The connection. */
  readonly connection: Connection;
  readonly #holder: Holder;
  readonly #options: ClientOptions;
  readonly #speed = new SpeedWatch();
  #isFirst = true;

  private constructor(connection: Connection, holder: Holder, options: ClientOptions) {
    this.connection = connection;
    this.#holder = holder;
    this.#options = options;
  }

  /** Connects to a holder. @throws {UnreachableError} if it cannot be reached. */
  static async open(holder: Holder, options: ClientOptions): Promise<HolderSession> {
    return new HolderSession(await connect(holder, options), holder, options);
  }

  /** Asks for documents, all in one write. @throws {ConnectionLostError} if the connection is lost. */
  async send(orders: readonly DocumentOrder[]): Promise<void> {
    const { connection } = this;
    const { trace, os } = this.#options;
    const { protocol, host } = this.#holder;
    const requests = orders.map((order) =>
      encodeGetRfc(order.number, protocol, host, os, extensionFields(order))
    );
    for (const bytes of requests) {
      trace?.({ direction: "sent", remote: connection.remote, bytes, dialect: "given" });
    }
    await connection.write(requests.length === 1 ? requests[0]! : joinBytes(...requests));
    this.#speed.restart();
  }

  /**
   * Receives the head of the next reply.
   *
   * @param waitMs How long the holder may be silent, in ms.
   * @throws {ConnectionLostError} if it is, or the connection ends.
   * @throws {ProtocolError} if what comes is not a reply.
   */
  async receiveHead(waitMs: number): Promise<SessionReply> {
    const { connection } = this;
    connection.expectWithin(waitMs, "the reply");
    if (this.#isFirst) return await this.#receiveFirstHead();
    const { trace } = this.#options;
    const reply = await receiveReply(connection, this.#holder.protocol, trace, true);
    if (reply === undefined) {
      throw new ConnectionLostError(connection.remote, "it ended without a reply");
    }
    return { status: reply.status, phrase: reply.phrase, fields: reply.fields, other: undefined };
  }

  /**
   * Receives what follows a head.
   *
   * @param use Is given the bytes as they come, each a view, to be used at once.
   * @throws {ConnectionLostError} if the connection ends early, or the holder is silent or slow.
   */
  async receiveContent(length: number, use: (bytes: Uint8Array) => void): Promise<void> {
    const { connection } = this;
    const { received } = connection;
    for (let left = length; left > 0;) {
      if (received.length === 0) await this.#fill(length - left, length);
      const chunk = received.bytes.subarray(0, Math.min(left, received.length));
      use(chunk);
      received.consume(chunk.length);
      left -= chunk.length;
    }
  }

  /** Receives what follows a head that is not wanted. @returns false if it is so much that the connection is better ended. */
  async skipContent(length: number): Promise<boolean> {
    if (length > maxSkippedBytes) return false;
    await this.receiveContent(length, () => {});
    return true;
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.connection.close();
  }

  /** The first reply shows what its sender is: it is read in any form. */
  async #receiveFirstHead(): Promise<SessionReply> {
    const { received } = this.connection;
    const head = await receiveAnswerHead(this.connection, this.#options.trace);
    const { status, phrase, fields } = head;
    if (!head.isGiven || !showsExtensions(head)) return { status, phrase, fields, other: head };
    this.#isFirst = false;
    received.consume(head.length + blankLineLength(received.bytes, head.length));
    return { status, phrase, fields, other: undefined };
  }

  async #fill(got: number, length: number): Promise<void> {
    const { connection } = this;
    connection.expectWithin(contentStallMs, "the rest of the document");
    if (!await connection.fill(receiveBytes)) {
      throw new ConnectionLostError(connection.remote, `it ended after ${got} of ${length} bytes`);
    }
    this.#speed.note(connection.received.length, connection);
  }
}

/** How much follows the head of a reply that is not a success, and whether the connection goes on behind it. */
export function contentToSkip({ fields }: SessionReply): number | undefined {
  if (!keepsOpen(fields)) return undefined;
  return contentLength(fields) ?? 0;
}

function extensionFields(order: DocumentOrder): Field[] {
  const { range, ifRange, wantsContentDigest, crowd } = order;
  const fields: Field[] = crowd === undefined ? [] : crowdFields(crowd);
  if (range !== undefined) fields.push(["Range", formatRange(range)]);
  if (range !== undefined && ifRange !== undefined) fields.push(["If-Range", ifRange]);
  if (wantsContentDigest) fields.push(["Want-Content-Digest", "sha-256=1"]);
  fields.push(["Want-Repr-Digest", "sha-256=1"], ["Connection", "keep-alive"]);
  return fields;
}
