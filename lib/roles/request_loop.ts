/**
 * Requests and replies on one connection: what the three servers have in common.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import type { Connection } from "../net/connection.ts";
import type { Trace } from "../net/trace.ts";
import { type Dialect, givenDialect } from "../protocol/dialect.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { type Extensions, givenForm, readExtensions } from "../protocol/extensions.ts";
import { type Head, parseHead } from "../protocol/head.ts";
import type { Ending } from "../protocol/liberal_request.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { type ReadRequest, RequestReader } from "../protocol/request_reader.ts";
import type { Protocol } from "../protocol/version.ts";
import type { Vocabulary } from "../protocol/words.ts";
import { type Answer, answerHead, refuse } from "./answer.ts";
import { ReplySender } from "./reply_sender.ts";

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
  readonly decode: (head: Head) => unknown;
  /**
   * Answers one request.
   *
   * @throws {ProtocolError} to refuse it.
   */
  answer(request: ServedRequest): Answer | Promise<Answer>;
  /** Told when a connection was served to its end, whatever that was. */
  ended?(connection: Connection): void;
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
  try {
    const reader = new RequestReader({
      strict: service.strict,
      vocabulary: service.vocabulary,
      remoteHost: connection.remote.host,
      decode: service.decode,
    });
    const sender = new ReplySender(connection, service.trace);
    let idleMs = service.persistent ? Infinity : requestMs;
    for (;;) {
      const request = takeRequest(connection, reader, "open") ??
        await receiveRequest(connection, reader, idleMs, sender);
      if (request === undefined) return;
      service.trace?.({
        direction: "received",
        remote: connection.remote,
        bytes: request.bytes,
        dialect: request.dialect.name,
      });
      const answering = answerRequest(connection, request, service);
      const answer = answering instanceof Promise
        ? await flushMeanwhile(answering, sender)
        : answering;
      const sending = sender.send(answer, service.mirrorsDialect ? request.dialect : givenDialect);
      if (sending !== undefined) await sending;
      if (!answer.keepOpen) {
        await sender.flush();
        return await connection.finish();
      }
      if (!service.persistent) idleMs = keptIdleMs;
    }
  } finally {
    service.ended?.(connection);
  }
}

/** An answer that takes time does not keep back those before it. */
async function flushMeanwhile(answering: Promise<Answer>, sender: ReplySender): Promise<Answer> {
  const flushing = sender.flush();
  // Waited for below; until then a failure is nobody's.
  flushing?.catch(() => {});
  const answer = await answering;
  try {
    await flushing;
    return answer;
  } catch (error) {
    answer.document?.[Symbol.dispose]();
    throw error;
  }
}

function answerRequest(
  connection: Connection,
  request: ReadRequest,
  service: Service,
): Answer | Promise<Answer> {
  const { head, dialect } = request;
  let extensions = givenForm;
  const refuseFor = (error: unknown) => refuseRequest(error, connection, extensions, service);
  try {
    if (head instanceof ProtocolError) {
      extensions = extensionsOfRefused(request.bytes);
      throw head;
    }
    extensions = readExtensions(head.fields);
    const answer = service.answer({ head, extensions, dialect, connection });
    return answer instanceof Promise ? answer.catch(refuseFor) : answer;
  } catch (error) {
    return refuseFor(error);
  }
}

function refuseRequest(
  error: unknown,
  connection: Connection,
  extensions: Extensions,
  service: Service,
): Answer {
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

/**
 * Waits for the next request, of which perhaps a part is there. What was answered goes out first.
 *
 * @returns undefined if the other side ended the connection before one was whole.
 */
async function receiveRequest(
  connection: Connection,
  reader: RequestReader,
  idleMs: number,
  sender: ReplySender,
): Promise<ReadRequest | undefined> {
  const { received } = connection;
  await sender.flush();
  let begun = false;
  for (;;) {
    // What seemed to begin one may have been a late end of the one before.
    if (received.length === 0) begun = false;
    if (!begun) {
      begun = received.length > 0;
      const waitMs = begun ? Math.min(requestMs, idleMs) : idleMs;
      if (waitMs === Infinity) connection.relax();
      else connection.expectWithin(waitMs, "a request");
    }
    const ending = await connection.fillWithin(reader.silenceMs);
    const request = takeRequest(connection, reader, ending);
    if (request !== undefined) {
      connection.relax();
      return request;
    }
    if (ending === "ended") return undefined;
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
