/**
 * Contents of P2P-DI replies: peer lists and RFC indexes (RFC 60002 sections 4.6 and 5.1).
 * @module
 */
import { type Endpoint, findPort, parseHost } from "./endpoint.ts";
import { formatIndexRecord, type IndexRecord } from "./index_record.ts";
import { crlfLines, encodeLines } from "./lines.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** The line of an active peer, without its line end. */
export function formatPeer({ host, port }: Endpoint): string {
  return `${host} ${port}`;
}

/**
 * The peer that a line of a PQuery's reply names.
 *
 * @throws {ProtocolError} 400 if it names none.
 */
export function parsePeer(line: string): Endpoint {
  const [host, portText, ...rest] = line.trim().split(/ +/);
  const port = findPort(portText ?? "");
  if (host === undefined || port === undefined || rest.length > 0) {
    throw new ProtocolError(400, `Cannot parse peer: expected "host port", got ${quoted(line)}`);
  }
  return { host: parseHost(host), port };
}

/** What others write around host and port. */
const peerLabels = /\b(?:Host ?(?:name)?|Port)\s*[:=]\s*|[,;]/gi;

/** As `parsePeer` of a line in any spelling: `h 1`, `h, 1`, `Host: h Port: 1`; undefined if it names no peer. */
export function findPeer(line: string): Endpoint | undefined {
  try {
    return parsePeer(line.replaceAll(peerLabels, " "));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** The content of a PQuery's reply, in chunks. */
export function encodePeers(
  peers: Iterable<Endpoint>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  return encodeLines("", crlfLines(peers, formatPeer), "");
}

/** The content of a reply to GET RFC-Index, in chunks. */
export function encodeIndex(
  records: Iterable<IndexRecord>,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  return encodeLines("", crlfLines(records, formatIndexRecord), "");
}
