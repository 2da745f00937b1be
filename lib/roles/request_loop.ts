/**
 * Requests and replies on one connection: what the three servers have in common.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import type { Connection } from "../net/connection.ts";
import { pause } from "../net/pause.ts";
import type { Trace } from "../net/trace.ts";
import { type Dialect, givenDialect } from "../protocol/dialect.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { type Extensions, givenForm, readExtensions } from "../protocol/extensions.ts";
import { type Head, parseHead } from "../protocol/head.ts";
import type { Ending } from "../protocol/liberal_request.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { encodeReply } from "../protocol/reply.ts";
import { type ReadRequest, RequestReader } from "../protocol/request_reader.ts";
import type { Protocol } from "../protocol/version.ts";
import type { Vocabulary } from "../protocol/words.ts";
import { type Answer, answerHead, refuse } from "./answer.ts";

/** How long a request may take to arrive once it has begun, in ms (RFC 60001 section 6.3). */
export const requestMs = 10_000;

/** How long a connection that was asked to be kept may wait for its next request, in ms (RFC 60003 section 5.4). */
export const keptIdleMs = 30_000;

/** How one server answers requests. */
export interface Service {
  /** Refusals are in this protocol unless the request named the other one. */
  readonly protocol: Protocol;
  /** Whether connections last without being asked to (RFC 60001 section 4.1). */
  readonly persistent: boolean;
  /** Whether only the given form is understood. */
  readonly strict: boolean;
  /** The words of other programs that it understands. */
  readonly vocabulary: Vocabulary;
  /** Whether it replies in the dialect it was asked in, or always in the given form. */
  readonly mirrorsDialect: boolean;
  /** Is told of every message. */
  readonly trace: Trace | undefined;
  /** What a head asks for; throws a `ProtocolError` if that is nothing. */
  decode(head: Head): unknown;
  /**
   * Answers one request.
   *
   * @throws {ProtocolError} to refuse it.
   */
  answer(request: ServedRequest): Answer | Promise<Answer>;
}

/** A request that a service is to answer. */
export interface ServedRequest {
  /** What it says. */
  readonly head: Head;
  /** What it asks for beyond the given form. */
  readonly extensions: Extensions;
  /** The form it came in. */
  readonly dialect: Dialect;
  /** Where it came from. */
  readonly connection: Connection;
}

const lineFeed = 10;
const logger = getLogger(["rfc-exchange", "server"]);

/**
 * Reads requests from a connection and answers them in order, until either side is done.
 *
 * @throws {ConnectionLostError} if the connection breaks or a deadline passes.
 */
export async function serveRequests(connection: Connection, service: Service): Promise<void> {
  const reader = new RequestReader({
    strict: service.strict,
    vocabulary: service.vocabulary,
    remoteHost: connection.remote.host,
    decode: (head) => service.decode(head),
  });
  let idleMs = service.persistent ? Infinity : requestMs;
  for (;;) {
    const request = await receiveRequest(connection, reader, idleMs);
    if (request === undefined) return;
    service.trace?.({
      direction: "received",
      remote: connection.remote,
      bytes: request.bytes,
      dialect: request.dialect.name,
    });
    const answer = await answerRequest(connection, request, service);
    const dialect = service.mirrorsDialect ? request.dialect : givenDialect;
    await sendAnswer(connection, answer, dialect, service.trace);
    if (!answer.keepOpen) return await connection.finish();
    if (!service.persistent) idleMs = keptIdleMs;
  }
}

async function answerRequest(
  connection: Connection,
  { head, dialect, bytes }: ReadRequest,
  service: Service,
): Promise<Answer> {
  let extensions = givenForm;
  try {
    if (head instanceof ProtocolError) {
      extensions = extensionsOfRefused(bytes);
      throw head;
    }
    extensions = readExtensions(head.fields);
    return await service.answer({ head, extensions, dialect, connection });
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    logger.warn("{client}: {status}: {reason}", {
      client: formatEndpoint(connection.remote),
      status: error.status,
      reason: error.message,
    });
    const protocol = error.protocol ?? service.protocol;
    if (error.framingLost) return answerHead(protocol, error.status, [], false);
    return refuse(protocol, error.status, extensions, service.persistent || extensions.keepAlive);
  }
}

/** What a request asks for beyond the given form although it is refused; nothing if its fields cannot be read. */
function extensionsOfRefused(bytes: Uint8Array): Extensions {
  if (bytes.at(-1) !== lineFeed) return givenForm;
  try {
    return readExtensions(parseHead(bytes).fields);
  } catch (error) {
    if (error instanceof ProtocolError) return givenForm;
    throw error;
  }
}

async function sendAnswer(
  connection: Connection,
  answer: Answer,
  dialect: Dialect,
  trace: Trace | undefined,
): Promise<void> {
  using document = answer.document;
  let continued = false;
  for (const bytes of encodeReply(answer.message, dialect)) {
    const documentBytes = document?.length;
    trace?.({ direction: "sent", remote: connection.remote, bytes, continued, documentBytes });
    continued = true;
    await connection.write(bytes);
  }
  if (document === undefined) return;
  if (dialect.pacingMs > 0) await pause(dialect.pacingMs, connection.closing);
  for await (const chunk of document.chunks()) await connection.write(chunk);
}

/**
 * Receives the next request.
 *
 * @returns undefined if the other side ended the connection before one was whole.
 */
async function receiveRequest(
  connection: Connection,
  reader: RequestReader,
  idleMs: number,
): Promise<ReadRequest | undefined> {
  let begun = false;
  let ending: Ending = "open";
  for (;;) {
    const request = takeRequest(connection, reader, ending);
    if (request !== undefined) {
      connection.relax();
      return request;
    }
    if (ending === "ended") return undefined;
    // What seemed to begin one may have been a late end of the one before.
    if (connection.received.length === 0) begun = false;
    if (!begun) {
      begun = connection.received.length > 0;
      const waitMs = begun ? Math.min(requestMs, idleMs) : idleMs;
      if (waitMs === Infinity) connection.relax();
      else connection.expectWithin(waitMs, "a request");
    }
    ending = await connection.fillWithin(reader.silenceMs);
  }
}

/** A head that cannot be read is a request to be refused, in whatever form. */
function takeRequest(
  connection: Connection,
  reader: RequestReader,
  ending: Ending,
): ReadRequest | undefined {
  try {
    return reader.take(connection.received, ending);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { bytes: connection.received.bytes, dialect: givenDialect, head: error };
  }
}
