/**
 * Requests of both protocols: `method [document] version` and fields (RFC 60001 section 3.2).
 * @module
 */
import type { Field } from "./fields.ts";
import { encodeHead, type Head } from "./head.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { parseRfcNumber } from "./rfc_number.ts";
import { parseVersion, type Protocol, protocolVersion } from "./version.ts";

/** A request line, split. */
export interface RequestLine {
  /** The first word, in its exact form: methods are case-sensitive. */
  readonly method: string;
  /** What stands between method and version: `RFC 123`, `ALL`, `RFC-Index`, or nothing. */
  readonly document: string;
  /** The number in a document `RFC 123`, where it is known already; `document` is just `RFC` then. */
  readonly number?: number | undefined;
  /** The protocol that the version names. */
  readonly protocol: Protocol;
}

/**
 * Splits a request line.
 *
 * @throws {ProtocolError} 400 if it is not one, 505 if its version is not spoken.
 */
export function parseRequestLine(line: string): RequestLine {
  const methodEnd = line.indexOf(" ");
  const versionStart = line.lastIndexOf(" ") + 1;
  if (methodEnd < 1 || line.includes("  ")) {
    throw new ProtocolError(
      400,
      `Cannot parse request line: expected METHOD [DOCUMENT] VERSION, got ${quoted(line)}`,
    );
  }
  return {
    method: line.slice(0, methodEnd),
    document: line.slice(methodEnd + 1, Math.max(methodEnd + 1, versionStart - 1)),
    protocol: parseVersion(line.slice(versionStart)),
  };
}

/**
 * The number in the document `RFC n`.
 *
 * @throws {ProtocolError} 400 if they are something else.
 */
export function parseRfcDocument({ method, document, number: known }: RequestLine): number {
  if (known !== undefined) return known;
  const number = document.slice("RFC ".length);
  if (!document.startsWith("RFC ") || number.includes(" ")) {
    throw new ProtocolError(
      400,
      `Cannot serve ${quoted(method)}: expected the document RFC n, got ${quoted(document)}`,
    );
  }
  return parseRfcNumber(number);
}

/**
 * Checks that nothing (or just `only`) stands between method and version.
 *
 * @throws {ProtocolError} 400 if something else does.
 */
export function expectDocument({ method, document }: RequestLine, only: string): void {
  if (document !== only) {
    throw new ProtocolError(
      400,
      `Cannot serve ${quoted(method)}: expected ${quoted(only)} before the version, got ${
        quoted(document)
      }`,
    );
  }
}

/** The bytes of a request in the given form; `words` are method and document, e.g. `ADD RFC 123`. */
export function encodeRequest(
  words: string,
  protocol: Protocol,
  fields: readonly Field[],
): Uint8Array<ArrayBuffer> {
  return encodeHead(`${words} ${protocol}/${protocolVersion}`, fields);
}

/** Gives the request of one method its meaning. */
export type RequestDecoder<Request> = (line: RequestLine, head: Head) => Request;

/**
 * Decodes a head by the decoder of its protocol and method; the keys are the two, e.g. `P2P-CI ADD`.
 *
 * @throws {ProtocolError} 400 or 505 if the request line is not one or the protocol has no such method, or whatever
 *   the decoder throws; it carries the protocol that the request named, and the framing is lost if it has content.
 */
export function decodeByMethod<Request>(
  head: Head,
  decoders: ReadonlyMap<string, RequestDecoder<Request>>,
): Request {
  try {
    return decodeLine(head.line ?? parseRequestLine(head.startLine), head, decoders);
  } catch (error) {
    // Whatever else is wrong with it, the next request cannot be told from its content (RFC 60001 section 3.1).
    throw error instanceof ProtocolError && hasContent(head) ? error.withFramingLost() : error;
  }
}

function decodeLine<Request>(
  line: RequestLine,
  head: Head,
  decoders: ReadonlyMap<string, RequestDecoder<Request>>,
): Request {
  try {
    const decode = decoders.get(`${line.protocol} ${line.method}`);
    if (decode === undefined) {
      throw new ProtocolError(
        400,
        `Cannot serve method ${quoted(line.method)} of ${line.protocol}: expected ${
          [...decoders.keys()].join(", ")
        }`,
      );
    }
    if (hasContent(head)) {
      throw new ProtocolError(
        400,
        `Cannot serve request: expected no content, got Content-Length ${
          quoted(head.fields.get("content-length") ?? "")
        }`,
      );
    }
    return decode(line, head);
  } catch (error) {
    throw error instanceof ProtocolError ? error.withProtocol(line.protocol) : error;
  }
}

/** Whether a request has content, which none may have: a length other than 0 says so, readable or not. */
function hasContent({ fields }: Head): boolean {
  return !fields.areHandouts && (fields.get("content-length") ?? "0") !== "0";
}
