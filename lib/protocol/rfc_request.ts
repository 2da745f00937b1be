/**
 * Requests to an RFC server, the part of a peer that uploads (RFC 60001 section 5, RFC 60002 section 5).
 * @module
 */
import { gzipCoding } from "./extensions.ts";
import type { Field } from "./fields.ts";
import type { Head } from "./head.ts";
import { type ListForm, listFormFields } from "./listed_record.ts";
import {
  decodeByMethod,
  encodeRequest,
  expectDocument,
  parseRfcDocument,
  type RequestDecoder,
} from "./request.ts";
import type { Protocol } from "./version.ts";

/** A request to an RFC server: a document, or the peer's RFC index. */
export type RfcRequest =
  | { readonly method: "GET RFC"; readonly protocol: Protocol; readonly number: number }
  | { readonly method: "GET RFC-Index"; readonly protocol: "P2P-DI" };

const decoders = new Map<string, RequestDecoder<RfcRequest>>([
  ["P2P-CI GET", readGetRfc],
  ["P2P-DI GET", (line, head) => {
    if (!/^RFC-Index(?: |$)/.test(line.document)) return readGetRfc(line, head);
    expectDocument(line, "RFC-Index");
    return { method: "GET RFC-Index", protocol: "P2P-DI" };
  }],
]);

function readGetRfc(line: Parameters<RequestDecoder<RfcRequest>>[0], _head: Head): RfcRequest {
  return { method: "GET RFC", protocol: line.protocol, number: parseRfcDocument(line) };
}

/**
 * The request that a head makes to an RFC server.
 *
 * @throws {ProtocolError} 400 or 505 if it makes none.
 */
export function decodeRfcRequest(head: Head): RfcRequest {
  return decodeByMethod(head, decoders);
}

/** The bytes of a GET of a document. `host` is the one asked, as in HTTP; `extensions` stand behind the given fields. */
export function encodeGetRfc(
  number: number,
  protocol: Protocol,
  host: string,
  os: string,
  extensions: readonly Field[] = [],
): Uint8Array<ArrayBuffer> {
  return encodeRequest(`GET RFC ${number}`, protocol, [["Host", host], ["OS", os], ...extensions]);
}

/** The bytes of a GET of a peer's RFC index; `mayBePacked` says that a detailed one may come compressed. */
export function encodeGetIndex(
  host: string,
  os: string,
  form: ListForm = "given",
  mayBePacked = false,
): Uint8Array<ArrayBuffer> {
  const fields: Field[] = [["Host", host], ["OS", os], ...listFormFields(form)];
  if (form === "detailed" && mayBePacked) fields.push(["Accept-Encoding", gzipCoding]);
  return encodeRequest("GET RFC-Index", "P2P-DI", fields);
}
