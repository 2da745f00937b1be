/**
 * One connection to a central index server: its replies, in whatever form they come (RFC 60001 sections 4.3 and 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { Trace } from "../net/trace.ts";
import type { CiRecord } from "../protocol/ci_record.ts";
import type { Packing } from "../protocol/dialect.ts";
import { decodeLiberally, takeLine } from "../protocol/head.ts";
import { findRecord, isEndMark, parseStatusLine } from "../protocol/liberal_reply.ts";
import { dropPadding } from "../protocol/liberal_request.ts";
import { findPrefixBytes, takePacked } from "../protocol/packing.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { ReceiveBuffer } from "../protocol/receive_buffer.ts";
import type { Reply } from "../protocol/reply.ts";
import { contentStallMs } from "./client_exchange.ts";

/** How long a server must be silent for its reply to be over, in ms, if it does not end replies with a blank line. */
const replySilenceMs = 300;

/** The same in ms for a reply that begins as the handout has it, whose blank line at the end may just be late. */
const givenSilenceMs = 2_000;

/** How many lines of one reply are read: some servers never stop. */
const maxReplyLines = 2_000_000;

/** Longest packed reply that is taken, in bytes: half a million records. */
const maxPackedBytes = 67_108_864;

/** A reply of the central index server. */
export interface CiReply {
  /** Its status line. */
  readonly reply: Pick<Reply, "status" | "phrase">;
  /** The records in it, as they came. */
  readonly records: CiRecord[];
  /** Whether there are CRs within its lines: some repeat what they were sent with the line ends that they do not know. */
  readonly isGarbled: boolean;
}

interface Waiting {
  resolve(reply: CiReply): void;
  reject(error: unknown): void;
}

/** Reads replies for as long as the connection lasts, so that its end is noticed at once. */
export class CiConversation {
  /** Resolves, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  readonly #trace: Trace | undefined;
  #waiting: Waiting | undefined;
  #packing: Packing = "plain";
  /** Whether this server was seen to end a reply as the handout does: then nothing else ends one. */
  #isGiven = false;

  /** Begins to read at once. */
  constructor(readonly connection: Connection, trace: Trace | undefined) {
    this.#trace = trace;
    this.ended = this.#readReplies();
  }

  /** The next reply, to a request that was packed like this. There must be no other that is waited for. */
  expectReply(packing: Packing): Promise<CiReply> {
    this.#packing = packing;
    const { promise, resolve, reject } = Promise.withResolvers<CiReply>();
    if (this.connection.closed) reject(this.#lost("closed by the server"));
    else this.#waiting = { resolve, reject };
    return promise;
  }

  async #readReplies(): Promise<Error> {
    let reason: Error;
    try {
      for (;;) {
        const reply = await this.#readReply();
        this.connection.relax();
        const waiting = this.#waiting;
        this.#waiting = undefined;
        waiting?.resolve(reply);
      }
    } catch (error) {
      reason = error instanceof Error ? error : new Error(String(error));
    }
    this.connection.close();
    this.#waiting?.reject(reason);
    return reason;
  }

  async #readReply(): Promise<CiReply> {
    const lines = new ReplyLines(this.connection, () => this.#packing, this.#trace);
    let first: Awaited<ReturnType<ReplyLines["next"]>>;
    do {
      first = await lines.next(this.#isGiven ? undefined : replySilenceMs);
      if (typeof first !== "string") throw this.#lost("closed by the server");
      // A reply that was taken to be over may have been slow: the rest of it belongs to no request.
    } while (this.#waiting === undefined || findRecord(first) !== undefined);
    lines.begin();
    const reply = parseStatusLine(first);
    const records = await this.#readRecords(lines, reply.status);
    lines.show();
    // A few send an error's number with what was asked for.
    const succeeded = reply.status === 200 || (reply.status === 505 && records.length > 0);
    return {
      reply: succeeded ? { status: 200, phrase: "OK" } : reply,
      records,
      isGarbled: lines.isGarbled,
    };
  }

  /** The records behind a status line. In the given form blank lines stand around them; others end in silence. */
  async #readRecords(lines: ReplyLines, status: number): Promise<CiRecord[]> {
    const records: CiRecord[] = [];
    let blankFirst = false;
    for (let count = 0; count < maxReplyLines; count++) {
      const silenceMs = blankFirst ? givenSilenceMs : replySilenceMs;
      const line = await lines.next(this.#isGiven ? undefined : silenceMs);
      if (typeof line !== "string" || isEndMark(line)) return records;
      if (line !== "") {
        const record = findRecord(line);
        if (record !== undefined) records.push(record);
      } else if (count === 0) {
        blankFirst = lines.endsInCrlf;
        if (status !== 200) return records;
      } else if (blankFirst) {
        this.#isGiven = true;
        return records;
      }
    }
    throw new ProtocolError(400, `Cannot take reply: longer than ${maxReplyLines} lines`);
  }

  #lost(reason: string): ConnectionLostError {
    return new ConnectionLostError(this.connection.remote, reason);
  }
}

/** The lines of one reply as they come, traced as they are taken. */
class ReplyLines {
  readonly #connection: Connection;
  readonly #packing: () => Packing;
  readonly #trace: Trace | undefined;
  /** The text of a packed reply. */
  #unpacked: ReceiveBuffer | undefined;
  /** Bytes that were taken and not shown yet. */
  readonly #unshown = new ReceiveBuffer();
  #isShown = false;
  #hasBegun = false;
  #isGarbled = false;
  #endsInCrlf = false;

  /** @param packing How the reply is packed; asked when it comes. */
  constructor(connection: Connection, packing: () => Packing, trace: Trace | undefined) {
    this.#connection = connection;
    this.#packing = packing;
    this.#trace = trace;
  }

  /** Whether a line had a CR within. */
  get isGarbled(): boolean {
    return this.#isGarbled;
  }

  /** Whether the last line ended as the handout has it. */
  get endsInCrlf(): boolean {
    return this.#endsInCrlf;
  }

  /** Says that the first line has been found: from now on silence and blank lines have a meaning. */
  begin(): void {
    this.#hasBegun = true;
  }

  /**
   * The next line, blank ones before the first left out.
   *
   * @param silenceMs After how long of nothing the reply is taken to be over; undefined waits for the deadline.
   * @returns "silent" and "ended" as objects, so that no line can be mistaken for them.
   */
  async next(
    silenceMs: number | undefined,
  ): Promise<string | { readonly over: "silent" | "ended" }> {
    for (;;) {
      const line = this.#take();
      if (line !== undefined) {
        const text = dropPadding(line.trimEnd());
        if (text.includes("\r")) this.#isGarbled = true;
        if (text !== "" || this.#hasBegun) return text;
      } else if (this.#unpacked !== undefined && this.#hasBegun) {
        return { over: "ended" };
      } else {
        this.#unpacked = undefined;
        this.show();
        if (this.#hasBegun) this.#connection.expectWithin(contentStallMs, "the rest of a reply");
        const more = await this.#connection.fillWithin(this.#mayBeOver ? silenceMs : undefined);
        if (more === "open") continue;
        const rest = this.#takeUnended();
        if (rest || this.#hasBegun || more === "ended") return rest || { over: more };
      }
    }
  }

  /** Whether what has come can be all of a reply. */
  get #mayBeOver(): boolean {
    return this.#hasBegun ||
      (this.#packing() === "plain" && this.#connection.received.length > 0);
  }

  #take(): string | undefined {
    this.#unpacked ??= this.#unpack();
    if (this.#unpacked !== undefined) return takeLine(this.#unpacked, decodeLiberally);
    const { received } = this.#connection;
    if (!this.#hasBegun && findPrefixBytes(received.bytes, this.#packing()) !== 0) return undefined;
    const pending = received.bytes;
    const line = takeLine(received, decodeLiberally);
    if (line !== undefined) {
      const bytes = pending.subarray(0, pending.length - received.length);
      this.#endsInCrlf = bytes.at(-2) === 13;
      this.#note(bytes);
    }
    return line;
  }

  /** The text of a packed reply, once it has come whole, with a line end behind it. */
  #unpack(): ReceiveBuffer | undefined {
    const packing = this.#packing();
    const { received } = this.#connection;
    if (packing === "plain" || this.#hasBegun || !findPrefixBytes(received.bytes, packing)) {
      return undefined;
    }
    const packed = takePacked(received, packing, maxPackedBytes);
    if (packed === undefined) return undefined;
    this.#note(packed.bytes);
    const unpacked = new ReceiveBuffer(packed.text.length + 1);
    unpacked.append(packed.text);
    unpacked.append(Uint8Array.of(10));
    return unpacked;
  }

  /** Shows what was taken since the last time: several lines that came at once are one part of a message. */
  show(): void {
    const { bytes } = this.#unshown;
    if (bytes.length === 0) return;
    const { remote } = this.#connection;
    this.#trace?.({ direction: "received", remote, bytes, continued: this.#isShown });
    this.#unshown.consume(bytes.length);
    this.#isShown = true;
  }

  /** Blank lines before a reply are no part of it. */
  #note(bytes: Uint8Array): void {
    const isPart = this.#isShown || this.#unshown.length > 0 || bytes.some((byte) => byte > 32);
    if (this.#trace !== undefined && isPart) this.#unshown.append(bytes);
  }

  /** A last line whose end does not come. */
  #takeUnended(): string | undefined {
    const { received } = this.#connection;
    if (received.length === 0) return undefined;
    this.#note(received.bytes);
    received.append(Uint8Array.of(10));
    const line = takeLine(received, decodeLiberally);
    return line && dropPadding(line.trimEnd());
  }
}
