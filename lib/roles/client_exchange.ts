/**
 * Requests and replies as a client sees them: what the clients of the three servers have in common.
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { dial } from "../net/dial.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { RateLimiter } from "../net/rate_limiter.ts";
import type { Trace } from "../net/trace.ts";
import { type AskingForm, givenAskingForm } from "../protocol/asking_form.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { isGzip } from "../protocol/extensions.ts";
import { parseHead, takeHead, takeLine } from "../protocol/head.ts";
import { maxLineBytes } from "../protocol/limits.ts";
import { contentLength, decodeReply, type Reply } from "../protocol/reply.ts";
import type { Protocol } from "../protocol/version.ts";
import { packedPieceBytes, unpackLines } from "./gzip_content.ts";

/** How long a server or holder may take for its reply, in ms (RFC 60001 section 6.3). */
export const replyMs = 10_000;

/** How long a content may make no progress, in ms: as much silence as before a reply. */
export const contentStallMs = 10_000;

const lineFeed = 10;

/** What every client is given. */
export interface ClientOptions {
  /** Is told of every message. */
  readonly trace?: Trace | undefined;
  /** What the `OS` field says. */
  readonly os: string;
  /** The forms in which others were found to understand us, by host and port; kept by who asks more than once. */
  readonly forms?: Map<string, AskingForm> | undefined;
  /** Whether index servers were found to give lists with details (RFC 60003 section 6), by host and port. */
  readonly details?: Map<string, boolean> | undefined;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Limits what all of them receive together. @default no limit */
  readonly downloadLimiter?: RateLimiter | undefined;
}

/** The other side answered, but not with what was asked for. */
export class RefusedError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "RefusedError";
  /** The three digits, e.g. 404. */
  readonly status: number;

  /** `endpoint` is who refused. */
  constructor(readonly endpoint: Endpoint, { status, phrase }: Pick<Reply, "status" | "phrase">) {
    super(`${formatEndpoint(endpoint)} answered ${status} ${phrase}`);
    this.status = status;
  }
}

/** Connects to a server or holder; aborting the signal ends the connection too. */
export async function connect(endpoint: Endpoint, options: ClientOptions): Promise<Connection> {
  const { signal } = options;
  const connection = await dial(endpoint, { signal });
  connection.speedLimits = { receive: options.downloadLimiter };
  const close = () => connection.close();
  if (signal?.aborted) close();
  signal?.addEventListener("abort", close);
  connection.onClose = () => signal?.removeEventListener("abort", close);
  return connection;
}

/** Sends a request in a form, in one write; its reply is waited for `waitMs`. */
export async function sendRequest(
  connection: Connection,
  request: Uint8Array,
  trace: Trace | undefined,
  form: AskingForm = givenAskingForm,
  waitMs: number = replyMs,
): Promise<void> {
  const bytes = form.write(request);
  trace?.({ direction: "sent", remote: connection.remote, bytes, dialect: form.name });
  await connection.write(bytes);
  connection.expectWithin(waitMs, "the reply");
}

/**
 * Receives the head of a reply; the deadline is the caller's. The trace is told how long a document is that follows.
 *
 * @returns undefined if the connection ended in good order before a reply began.
 * @throws {ConnectionLostError} if it ends within one.
 * @throws {ProtocolError} if what comes is not a reply.
 */
export async function receiveReply(
  connection: Connection,
  protocol: Protocol,
  trace: Trace | undefined,
  hasDocument = false,
): Promise<Reply | undefined> {
  for (;;) {
    const bytes = takeHead(connection.received);
    if (bytes === undefined) {
      if (await connection.fill()) continue;
      if (connection.received.length === 0) return undefined;
      throw new ConnectionLostError(connection.remote, "it ended within a reply");
    }
    const reply = decodeReply(parseHead(bytes), protocol);
    trace?.({
      direction: "received",
      remote: connection.remote,
      bytes,
      documentBytes: hasDocument && reply.status < 300 ? contentLength(reply.fields) : undefined,
    });
    return reply;
  }
}

/** As `receiveReply`, but there must be one. */
export async function expectReply(
  ...parameters: Parameters<typeof receiveReply>
): Promise<Reply> {
  const reply = await receiveReply(...parameters);
  if (reply === undefined) {
    throw new ConnectionLostError(parameters[0].remote, "it ended without a reply");
  }
  return reply;
}

/**
 * Receives the lines of a content.
 *
 * @param length How many bytes it has; undefined reads until the connection ends.
 * @throws {ConnectionLostError} if it ends early or stalls for `contentStallMs`.
 * @throws {ProtocolError} if a line is too long or not text.
 */
export async function* receiveLines(
  connection: Connection,
  length: number | undefined,
  trace: Trace | undefined,
): AsyncGenerator<string, void, undefined> {
  const { received, remote } = connection;
  let left = length ?? Infinity;
  while (left > 0) {
    connection.expectWithin(contentStallMs, "the rest of a reply");
    if (received.length === left && received.bytes.at(-1) !== lineFeed) {
      // The last line has no end but that of the content.
      received.append(Uint8Array.of(lineFeed));
      left++;
    }
    const pending = received.bytes;
    const line = takeLine(received);
    if (line !== undefined) {
      const taken = pending.length - received.length;
      trace?.({
        direction: "received",
        remote,
        bytes: pending.subarray(0, taken),
        continued: true,
      });
      left -= taken;
      if (left < 0) throw new ConnectionLostError(remote, "its content is longer than it said");
      yield line;
    } else if (!await connection.fill(maxLineBytes)) {
      if (length === undefined && received.length === 0) return;
      throw new ConnectionLostError(remote, "it ended within a list");
    }
  }
  connection.relax();
}

/** Receives a content of `length` bytes in small pieces, to be unpacked. @throws {ConnectionLostError} as `receiveLines`. */
async function* receivePieces(
  connection: Connection,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (let left = length; left > 0;) {
    const piece = new Uint8Array(Math.min(left, packedPieceBytes));
    connection.expectWithin(contentStallMs, "the rest of a reply");
    const count = await connection.readSome(piece);
    if (count === null) throw new ConnectionLostError(connection.remote, "it ended within a list");
    left -= count;
    yield piece.subarray(0, count);
  }
  connection.relax();
}

/** One exchange on a connection of its own: P2P-DI's way. */
export interface Exchange {
  /** Who is asked. */
  readonly server: Endpoint;
  /** What the reply must be in. */
  readonly protocol: Protocol;
  /** Makes the request, given the address that this machine has towards the server. */
  readonly request: (localHost: string) => Uint8Array;
  /** Trace, signal, and what `OS` says. */
  readonly options: ClientOptions;
}

/**
 * Makes one exchange and gives its reply and the lines of its content to `use`.
 *
 * @throws {UnreachableError} if the server cannot be reached.
 * @throws {RefusedError} if the reply is not a success.
 * @throws {ConnectionLostError | ProtocolError} as `receiveReply` and `receiveLines`.
 */
export async function exchange<T>(
  { server, protocol, request, options }: Exchange,
  use: (reply: Reply, lines: AsyncIterable<string>, localHost: string) => Promise<T> | T,
): Promise<T> {
  using connection = await connect(server, options);
  const localHost = connection.local.host;
  await sendRequest(connection, request(localHost), options.trace);
  const reply = await expectReply(connection, protocol, options.trace);
  if (reply.status !== 200) throw new RefusedError(server, reply);
  const length = contentLength(reply.fields);
  const lines = isGzip(reply.fields)
    ? unpackLines(receivePieces(connection, length ?? 0), length ?? 0)
    : receiveLines(connection, length, options.trace);
  return await use(reply, lines, localHost);
}
