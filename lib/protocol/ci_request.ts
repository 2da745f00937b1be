/**
 * Requests to the central index server (RFC 60001 section 4).
 * @module
 */
import type { CiRecord } from "./ci_record.ts";
import { findSha256, formatDigestField } from "./digest.ts";
import { type Endpoint, parseHost, parsePort } from "./endpoint.ts";
import type { Field } from "./fields.ts";
import type { Head } from "./head.ts";
import { type DocumentDetails, type ListForm, listFormFields } from "./listed_record.ts";
import {
  decodeByMethod,
  encodeRequest,
  expectDocument,
  parseRfcDocument,
  type RequestDecoder,
} from "./request.ts";
import { parseTitle } from "./title.ts";

/** A request to the central index server. */
export type CiRequest =
  | {
    readonly method: "ADD";
    readonly record: CiRecord;
    /** What the holder tells besides (RFC 60003 section 7). */
    readonly details: DocumentDetails | undefined;
  }
  | { readonly method: "LOOKUP"; readonly number: number }
  | { readonly method: "LIST" }
  | { readonly method: "REMOVE"; readonly number: number; readonly holder: Endpoint }
  | { readonly method: "REGISTER"; readonly holder: Endpoint }
  | { readonly method: "EXIT"; readonly holder: Endpoint | undefined };

const decoders = new Map<string, RequestDecoder<CiRequest>>([
  ["P2P-CI ADD", (line, { fields }) => ({
    method: "ADD",
    record: {
      number: parseRfcDocument(line),
      title: parseTitle(fields.require("title")),
      ...readHolder({ fields }),
    },
    details: readDetails({ fields }),
  })],
  ["P2P-CI LOOKUP", (line, { fields }) => {
    fields.expectHost();
    return { method: "LOOKUP", number: parseRfcDocument(line) };
  }],
  ["P2P-CI LIST", (line, { fields }) => {
    expectDocument(line, "ALL");
    fields.expectHost();
    return { method: "LIST" };
  }],
  ["P2P-CI REMOVE", (line, { fields }) => ({
    method: "REMOVE",
    number: parseRfcDocument(line),
    holder: readHolder({ fields }),
  })],
  ["P2P-CI REGISTER", (line, { fields }) => {
    expectDocument(line, "");
    return { method: "REGISTER", holder: readHolder({ fields }) };
  }],
  ["P2P-CI EXIT", (line, { fields }) => {
    expectDocument(line, "");
    const isNamed = fields.get("host") !== undefined && fields.get("port") !== undefined;
    return { method: "EXIT", holder: isNamed ? readHolder({ fields }) : undefined };
  }],
]);

function readHolder({ fields }: Pick<Head, "fields">): Endpoint {
  return { host: parseHost(fields.require("host")), port: parsePort(fields.require("port")) };
}

function readDetails(
  { fields }: Pick<Head, "fields">,
): DocumentDetails | undefined {
  const size = fields.get("size");
  const sha256 = findSha256(fields.get("repr-digest") ?? "");
  if (size === undefined && sha256 === undefined) return undefined;
  return {
    ...(size !== undefined && /^\d{1,15}$/.test(size) ? { size: Number(size) } : {}),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/**
 * The request that a head makes to the central index server.
 *
 * @throws {ProtocolError} 400 or 505 if it makes none.
 */
export function decodeCiRequest(head: Head): CiRequest {
  return decodeByMethod(head, decoders);
}

/** The bytes of an ADD: `holder` has the document `number`. The details are for servers that know them (RFC 60003 section 7). */
export function encodeAdd(
  { number, title, host, port }: CiRecord,
  { size, sha256 }: DocumentDetails = {},
): Uint8Array<ArrayBuffer> {
  const fields: Field[] = [...holderFields({ host, port }), ["Title", title]];
  if (size !== undefined) fields.push(["Size", String(size)]);
  if (sha256 !== undefined) fields.push(["Repr-Digest", formatDigestField(sha256)]);
  return encodeRequest(`ADD RFC ${number}`, "P2P-CI", fields);
}

/** The bytes of a LOOKUP: who has the document `number`? The title is not compared, but the given form has one. */
export function encodeLookup(
  number: number,
  asker: Endpoint,
  title: string,
  form: ListForm = "given",
): Uint8Array<ArrayBuffer> {
  const fields: Field[] = [...holderFields(asker), ["Title", title], ...listFormFields(form)];
  return encodeRequest(`LOOKUP RFC ${number}`, "P2P-CI", fields);
}

/** The bytes of a LIST ALL. */
export function encodeList(asker: Endpoint, form: ListForm = "given"): Uint8Array<ArrayBuffer> {
  return encodeRequest("LIST ALL", "P2P-CI", [...holderFields(asker), ...listFormFields(form)]);
}

/** As `encodeList` for servers of other programs that know no word behind LIST (RFC 60001 section 8). */
export function encodeBareList(asker: Endpoint): Uint8Array<ArrayBuffer> {
  return encodeRequest("LIST", "P2P-CI", holderFields(asker));
}

/** The bytes of a REMOVE: `holder` no longer has the document `number`. */
export function encodeRemove(number: number, holder: Endpoint): Uint8Array<ArrayBuffer> {
  return encodeRequest(`REMOVE RFC ${number}`, "P2P-CI", holderFields(holder));
}

function holderFields({ host, port }: Endpoint): Field[] {
  return [["Host", host], ["Port", String(port)]];
}
