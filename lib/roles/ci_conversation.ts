/**
 * One connection to a central index server: its replies, in whatever form they come (RFC 60001 sections 4.3 and 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { Trace } from "../net/trace.ts";
import type { Packing } from "../protocol/dialect.ts";
import { isNdjson } from "../protocol/extensions.ts";
import { type Fields, FieldTable } from "../protocol/fields.ts";
import { findRecord, isEndMark, parseStatusLine } from "../protocol/liberal_reply.ts";
import { findListedRecord, type ListedRecord } from "../protocol/listed_record.ts";
import { contentLength, type Reply } from "../protocol/reply.ts";
import { EndlessReplyError } from "./asking.ts";
import { replyMs } from "./client_exchange.ts";
import { ReplyLines } from "./reply_lines.ts";

/** How long a server must be silent for its reply to be over, in ms, if it does not end replies with a blank line. */
const replySilenceMs = 300;

/** The same in ms for a reply that begins as the handout has it, whose blank line at the end may just be late. */
const givenSilenceMs = 2_000;

/** How many lines of one reply are read: some servers never stop. */
const maxReplyLines = 2_000_000;

/** How many bytes of one reply are read: as many lines with records of usual length. All of them are kept in memory. */
const maxReplyBytes = 268_435_456;

/** A field that stands between status line and records if details were asked for. */
const contentField = /^(Content-(?:Type|Length)):[ \t]*(.*)$/i;

/** A reply of the central index server. */
export interface CiReply {
  /** Its status line. */
  readonly reply: Pick<Reply, "status" | "phrase">;
  /** The records in it, as they came. */
  readonly records: ListedRecord[];
  /** Whether it is the answer of a server that was asked for details and gives them (RFC 60003 sections 6.1 and 6.5). */
  readonly isDetailed: boolean;
  /** Whether there are CRs within its lines: some repeat what they were sent with the line ends that they do not know. */
  readonly isGarbled: boolean;
}

type RecordsOfReply = Pick<CiReply, "records" | "isDetailed">;

interface Waiting {
  resolve(reply: CiReply): void;
  reject(error: unknown): void;
}

/** Reads replies for as long as the connection lasts, so that its end is noticed at once. */
export class CiConversation {
  /** Resolves, with the reason, when the connection is over. */
  readonly ended: Promise<Error>;
  readonly #trace: Trace | undefined;
  /** Those whose replies are to come, in the order in which they asked. */
  readonly #waiting: Waiting[] = [];
  #packing: Packing = "plain";
  /** Whether this server was seen to end a reply as the handout does: then nothing else ends one. */
  #isGiven = false;
  /** Whether it was seen to refuse as the handout does. */
  #refusesAsGiven = false;

  /** Begins to read at once. */
  constructor(readonly connection: Connection, trace: Trace | undefined) {
    this.#trace = trace;
    this.ended = this.#readReplies();
  }

  /** Whether this server was seen to reply in the given form. */
  get speaksGiven(): boolean {
    return this.#isGiven || this.#refusesAsGiven;
  }

  /** The next reply that nobody waits for yet, to a request that was packed like this. */
  expectReply(packing: Packing): Promise<CiReply> {
    this.#packing = packing;
    const { promise, resolve, reject } = Promise.withResolvers<CiReply>();
    if (this.connection.closed) reject(this.#lost("closed by the server"));
    else this.#waiting.push({ resolve, reject });
    return promise;
  }

  async #readReplies(): Promise<Error> {
    let reason: Error;
    try {
      for (;;) {
        const reply = await this.#readReply();
        this.connection.relax();
        this.#waiting.shift()?.resolve(reply);
        if (this.#waiting.length > 0) this.connection.expectWithin(replyMs, "the reply");
      }
    } catch (error) {
      reason = error instanceof Error ? error : new Error(String(error));
    }
    this.connection.close();
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
    return reason;
  }

  async #readReply(): Promise<CiReply> {
    const lines = new ReplyLines(this.connection, () => this.#packing, this.#trace);
    let first: Awaited<ReturnType<ReplyLines["next"]>>;
    do {
      first = await lines.next(this.#isGiven ? undefined : replySilenceMs);
      if (typeof first !== "string") throw this.#lost("closed by the server");
      // A reply that was taken to be over may have been slow: the rest of it belongs to no request.
    } while (this.#waiting.length === 0 || findRecord(first) !== undefined);
    lines.begin();
    const reply = parseStatusLine(first);
    const { records, isDetailed } = await this.#readRecords(lines, reply.status);
    lines.show();
    // A few send an error's number with what was asked for.
    const succeeded = reply.status === 200 || (reply.status === 505 && records.length > 0);
    return {
      reply: succeeded ? { status: 200, phrase: "OK" } : reply,
      records,
      isDetailed,
      isGarbled: lines.isGarbled,
    };
  }

  /** The records behind a status line. In the given form blank lines stand around them; others end in silence. */
  async #readRecords(lines: ReplyLines, status: number): Promise<RecordsOfReply> {
    const records: ListedRecord[] = [];
    const plain = { records, isDetailed: false };
    const fields = new FieldTable();
    let fieldCount = 0;
    let blankFirst = false;
    for (let count = 0; count < maxReplyLines; count++) {
      assertEnds(lines);
      const silenceMs = blankFirst ? givenSilenceMs : replySilenceMs;
      const line = await lines.next(this.#isGiven ? undefined : silenceMs);
      if (typeof line !== "string" || isEndMark(line)) return plain;
      if (line !== "") {
        const field = contentField.exec(line);
        const record = findRecord(line);
        if (field !== null && fieldCount === count) {
          fields.set(field[1]!, field[2]!);
          fieldCount++;
        } else if (record !== undefined) records.push(record);
      } else if (count > 0 && fieldCount === count) {
        const length = findDetailedLength(fields, status);
        if (length !== undefined) return await this.#readDetailed(lines, length);
      } else if (count === 0) {
        blankFirst = lines.endsInCrlf;
        if (status !== 200) {
          this.#refusesAsGiven = blankFirst;
          return plain;
        }
      } else if (blankFirst) {
        this.#isGiven = true;
        return plain;
      }
    }
    throw new EndlessReplyError(`${maxReplyLines} lines`);
  }

  /** The records of a content that tells its length. */
  async #readDetailed(lines: ReplyLines, length: number): Promise<RecordsOfReply> {
    const records: ListedRecord[] = [];
    const end = lines.takenBytes + length;
    for (let count = 0; lines.takenBytes < end; count++) {
      if (count === maxReplyLines) throw new EndlessReplyError(`${maxReplyLines} lines`);
      assertEnds(lines);
      const line = await lines.next(undefined);
      if (typeof line !== "string") throw this.#lost("it ended within a list");
      const record = findListedRecord(line);
      if (record !== undefined) records.push(record);
    }
    return { records, isDetailed: true };
  }

  #lost(reason: string): ConnectionLostError {
    return new ConnectionLostError(this.connection.remote, reason);
  }
}

/** The length of a list in NDJSON, or of what stands for an empty one; undefined if it is something else. */
function findDetailedLength(fields: Fields, status: number): number | undefined {
  if (isNdjson(fields)) return contentLength(fields);
  return status !== 200 && fields.get("content-length") === "0" ? 0 : undefined;
}

function assertEnds(lines: ReplyLines): void {
  if (lines.takenBytes > maxReplyBytes) throw new EndlessReplyError(`${maxReplyBytes} bytes`);
}
