/**
 * The client of other peers' RFC servers: documents and indexes (RFC 60001 section 5.4, RFC 60002 section 5).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { Trace } from "../net/trace.ts";
import { type AskingForm, givenAskingForm } from "../protocol/asking_form.ts";
import type { Packing } from "../protocol/dialect.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import {
  type AnswerHead,
  findAnswerHead,
  findDocumentStart,
  isComplete,
  namesDocument,
} from "../protocol/get_answer.ts";
import { blankLineLength } from "../protocol/head.ts";
import { type IndexRecord, parseIndexRecord } from "../protocol/index_record.ts";
import { findPrefixBytes } from "../protocol/packing.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { contentLength } from "../protocol/reply.ts";
import { encodeGetIndex, encodeGetRfc } from "../protocol/rfc_request.ts";
import type { Protocol } from "../protocol/version.ts";
import { askInForms } from "./asking.ts";
import {
  type ClientOptions,
  connect,
  contentStallMs,
  exchange,
  RefusedError,
  replyMs,
  sendRequest,
} from "./client_exchange.ts";

/** Longest document that is taken from a holder that does not say its length, in bytes: thirty times the longest RFC. */
export const maxUnstatedBytes = 67_108_864;

/** How much is received at once, in bytes. */
const receiveBytes = 131_072;

/** How long nothing must come behind a whole document for it to be the end, in ms, if the holder keeps the connection open. */
const endSilenceMs = 200;

/** Where the bytes of a document go. */
export interface DocumentSink {
  /** Takes the next bytes: a view, valid until the promise resolves. */
  write(bytes: Uint8Array): Promise<void>;
}

/**
 * Fetches a document from a holder into `sink`; a holder that does not understand the given form is asked in others.
 *
 * @returns How many bytes it has.
 * @throws {UnreachableError | ConnectionLostError} if the holder cannot be reached, is lost, stalls for
 *   `contentStallMs`, or sends less than it said.
 * @throws {RefusedError} if it does not have the document.
 * @throws {ProtocolError} if what it sends is not a reply.
 * @throws whatever the sink throws.
 */
export async function getRfc(
  holder: Endpoint,
  number: number,
  protocol: Protocol,
  sink: DocumentSink,
  options: ClientOptions,
): Promise<number> {
  const request = encodeGetRfc(number, protocol, holder.host, options.os);
  if (protocol === "P2P-DI") {
    return await fetchDocument(
      holder,
      { number, protocol },
      request,
      givenAskingForm,
      replyMs,
      sink,
      options,
    );
  }
  return await askInForms(
    holder,
    options,
    (form, waitMs, understood) =>
      fetchDocument(holder, { number, protocol }, request, form, waitMs, sink, options, understood),
  );
}

async function fetchDocument(
  holder: Endpoint,
  wanted: { readonly number: number; readonly protocol: Protocol },
  request: Uint8Array,
  form: AskingForm,
  waitMs: number,
  sink: DocumentSink,
  options: ClientOptions,
  understood: () => void = () => {},
): Promise<number> {
  using connection = await connect(holder, options);
  await sendRequest(connection, request, options.trace, form, waitMs);
  await dropPrefix(connection, form.packing);
  const head = await receiveAnswerHead(connection, options.trace);
  if (head.status !== undefined && head.status !== 200) {
    throw new RefusedError(holder, { status: head.status, phrase: head.phrase });
  }
  if (head.protocol !== undefined && head.protocol !== wanted.protocol) {
    throw new ProtocolError(
      400,
      `Cannot parse reply: expected ${wanted.protocol}, got ${head.protocol}`,
    );
  }
  understood();
  connection.received.consume(head.length);
  const length = contentLength(head.fields);
  if (length !== undefined && length > maxUnstatedBytes) {
    return await streamDocument(connection, length, sink);
  }
  await receiveDocument(connection, head);
  const document = takeDocument(holder, wanted.number, head, connection.received.bytes);
  await sink.write(document);
  return document.length;
}

/** Drops the length in front of a packed answer: where the document ends is found without it. */
async function dropPrefix(connection: Connection, packing: Packing): Promise<void> {
  const { received } = connection;
  for (;;) {
    const prefixBytes = findPrefixBytes(received.bytes, packing);
    if (prefixBytes !== undefined) return received.consume(prefixBytes);
    if (!await connection.fill(receiveBytes)) return;
  }
}

/** What came behind a head, without what stands before the document. */
function takeDocument(
  holder: Endpoint,
  number: number,
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

async function receiveAnswerHead(
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

/** Receives all that belongs to a document into the connection's buffer. */
async function receiveDocument(connection: Connection, head: AnswerHead): Promise<void> {
  const { received, remote } = connection;
  while (received.length <= maxUnstatedBytes) {
    if (isComplete(received.bytes, head)) {
      // Most end the connection now; some leave it open; some sent more than they said, which shows only here.
      if (await connection.fillWithin(endSilenceMs) !== "open") return;
    } else {
      connection.expectWithin(contentStallMs, "the rest of the document");
      if (!await connection.fill(receiveBytes)) return;
    }
  }
  throw new ConnectionLostError(remote, `the document is longer than ${maxUnstatedBytes} bytes`);
}

/** Passes a document on as it comes; one so long is not kept to find out where it begins. */
async function streamDocument(
  connection: Connection,
  length: number,
  sink: DocumentSink,
): Promise<number> {
  connection.received.consume(blankLineLength(connection.received.bytes, 0));
  const buffer = new Uint8Array(receiveBytes);
  for (let got = 0; got < length;) {
    connection.expectWithin(contentStallMs, "the rest of the document");
    const count = await connection.readSome(
      buffer.subarray(0, Math.min(buffer.length, length - got)),
    );
    if (count === null) {
      throw new ConnectionLostError(connection.remote, `it ended after ${got} of ${length} bytes`);
    }
    await sink.write(buffer.subarray(0, count));
    got += count;
  }
  return length;
}

/**
 * Fetches a peer's RFC index and gives each record to `use` as it comes. Lines that are no records are passed over
 * (RFC 60002 section 6.3).
 *
 * @throws as `getRfc`.
 */
export async function getIndex(
  peer: Endpoint,
  use: (record: IndexRecord) => void,
  options: ClientOptions,
): Promise<void> {
  await exchange(
    {
      server: peer,
      protocol: "P2P-DI",
      request: () => encodeGetIndex(peer.host, options.os),
      options,
    },
    async (_reply, lines) => {
      for await (const line of lines) {
        const record = readRecord(line);
        if (record !== undefined) use(record);
      }
    },
  );
}

function readRecord(line: string): IndexRecord | undefined {
  try {
    return parseIndexRecord(line);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
