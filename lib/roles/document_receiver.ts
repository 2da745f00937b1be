/**
 * Receiving a document from a holder in whatever form it sends one: with or without a head, a blank line, a length
 * (RFC 60001 sections 5.4 and 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { Trace } from "../net/trace.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { type AnswerHead, findAnswerHead } from "../protocol/answer_head.ts";
import { findDocumentStart, isComplete, namesDocument } from "../protocol/get_answer.ts";
import { blankLineLength } from "../protocol/head.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { contentLength } from "../protocol/reply.ts";
import type { Protocol } from "../protocol/version.ts";
import { contentStallMs, RefusedError } from "./client_exchange.ts";
import { SpeedWatch } from "./speed_watch.ts";

/** Longest document that is taken from a holder that does not say its length, in bytes: thirty times the longest RFC. */
export const maxUnstatedBytes = 67_108_864;

/** How much is received at once, in bytes: enough that what each receiving costs does not count, little enough to stay in the processor's cache. */
export const receiveBytes = 262_144;

/** How long nothing must come behind a whole document for it to be the end, in ms, if the holder keeps the connection open. */
const endSilenceMs = 200;

/** Where the bytes of a document go. */
export interface DocumentSink {
  /** Told the length of the document before its first bytes. */
  begin?(length: number): Promise<void>;
  /** Takes the next bytes: a view, valid until the promise resolves. */
  write(bytes: Uint8Array): Promise<void> | void;
}

/** What was asked for, and of whom. */
export interface WantedDocument {
  /** Who was asked. */
  readonly holder: Endpoint;
  /** Number of the document. */
  readonly number: number;
  /** What it was asked for in. */
  readonly protocol: Protocol;
}

/**
 * Receives the head of an answer to a GET, which stays in the connection's buffer; the deadline is the caller's.
 *
 * @throws {ConnectionLostError} if nothing comes.
 * @throws {ProtocolError} if it is too long.
 */
export async function receiveAnswerHead(
  connection: Connection,
  trace: Trace | undefined,
): Promise<AnswerHead> {
  const { received, remote } = connection;
  for (let isAll = false;;) {
    const head = findAnswerHead(received.bytes, isAll);
    if (head !== undefined) {
      const isEmpty = isAll && received.length === 0;
      if (isEmpty) throw new ConnectionLostError(remote, "it ended without a reply");
      trace?.({
        direction: "received",
        remote,
        bytes: received.bytes.subarray(
          0,
          head.length + blankLineLength(received.bytes, head.length),
        ),
        documentBytes: contentLength(head.fields),
      });
      return head;
    }
    isAll = !await connection.fill(receiveBytes);
  }
}

/**
 * Checks that an answer is one to what was asked.
 *
 * @throws {RefusedError} if it says that there is no such document.
 * @throws {ProtocolError} if it is in another protocol.
 */
export function assertAnswers(head: AnswerHead, { holder, protocol }: WantedDocument): void {
  if (head.status !== undefined && head.status !== 200) {
    throw new RefusedError(holder, { status: head.status, phrase: head.phrase });
  }
  if (head.protocol !== undefined && head.protocol !== protocol) {
    throw new ProtocolError(400, `Cannot parse reply: expected ${protocol}, got ${head.protocol}`);
  }
}

/**
 * Receives the document behind the head of an answer into `sink`.
 *
 * @returns How many bytes it has.
 * @throws {ConnectionLostError} if the connection ends early, stalls for `contentStallMs`, or is too slow.
 * @throws {ProtocolError} if it is longer than stated, or does not say which document it is.
 * @throws whatever the sink throws.
 */
export async function receiveDocument(
  connection: Connection,
  head: AnswerHead,
  wanted: WantedDocument,
  sink: DocumentSink,
): Promise<number> {
  connection.received.consume(head.length);
  const length = contentLength(head.fields);
  if (length !== undefined && length > maxUnstatedBytes) {
    await sink.begin?.(length);
    return await streamDocument(connection, length, sink);
  }
  await collectDocument(connection, head);
  const document = takeDocument(wanted, head, connection.received.bytes);
  await sink.begin?.(document.length);
  await sink.write(document);
  return document.length;
}

/** Receives all that belongs to a document into the connection's buffer. */
async function collectDocument(connection: Connection, head: AnswerHead): Promise<void> {
  const { received, remote } = connection;
  const speed = new SpeedWatch();
  while (received.length <= maxUnstatedBytes) {
    const before = received.length;
    if (isComplete(received.bytes, head)) {
      // Most end the connection now; some leave it open; some sent more than they said, which shows only here.
      if (await connection.fillWithin(endSilenceMs) !== "open") return;
    } else {
      connection.expectWithin(contentStallMs, "the rest of the document");
      if (!await connection.fill(receiveBytes)) return;
    }
    speed.note(received.length - before, connection);
  }
  throw new ConnectionLostError(remote, `the document is longer than ${maxUnstatedBytes} bytes`);
}

/** What came behind a head, without what stands before the document. */
function takeDocument(
  { holder, number }: WantedDocument,
  head: AnswerHead,
  rest: Uint8Array,
): Uint8Array {
  const length = contentLength(head.fields);
  const start = findDocumentStart(rest, head);
  if (start === undefined) {
    const got = rest.length - blankLineLength(rest, 0);
    throw new ConnectionLostError(holder, `it ended after ${got} of ${length} bytes`);
  }
  const document = rest.subarray(start);
  if (document.length === 0 && length !== 0) {
    throw new ConnectionLostError(holder, "it ended before the document");
  }
  if (head.status === undefined && !namesDocument(document, number)) {
    throw new ProtocolError(
      400,
      `Cannot parse reply: it has no status line, and does not say that it is RFC ${number}`,
    );
  }
  return document;
}

/** Passes a document on as it comes; one so long is not kept to find out where it begins. */
async function streamDocument(
  connection: Connection,
  length: number,
  sink: DocumentSink,
): Promise<number> {
  connection.received.consume(blankLineLength(connection.received.bytes, 0));
  const buffer = new Uint8Array(receiveBytes);
  const speed = new SpeedWatch();
  for (let got = 0; got < length;) {
    connection.expectWithin(contentStallMs, "the rest of the document");
    const count = await connection.readSome(
      buffer.subarray(0, Math.min(buffer.length, length - got)),
    );
    if (count === null) {
      throw new ConnectionLostError(connection.remote, `it ended after ${got} of ${length} bytes`);
    }
    speed.note(count, connection);
    await sink.write(buffer.subarray(0, count));
    got += count;
  }
  return length;
}
