/**
 * What a server answers a request with.
 * @module
 */
import { duplicatesField } from "../protocol/crowd.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { Extensions } from "../protocol/extensions.ts";
import { ndjsonType } from "../protocol/extensions.ts";
import type { Field } from "../protocol/fields.ts";
import type { CiRecord } from "../protocol/ci_record.ts";
import type { ReplyMessage } from "../protocol/reply.ts";
import type { StatusCode } from "../protocol/status.ts";
import type { Protocol } from "../protocol/version.ts";

/** A document, or a part of one, that follows a head. */
export interface DocumentBody extends Disposable {
  /** In bytes. */
  readonly length: number;
  /** The bytes, read into `buffer` chunk by chunk; fails if they cannot all be given. */
  chunks(buffer: Uint8Array): Iterable<Uint8Array>;
}

/** What answers a request; the dialect in which it is written is not its business. */
export interface Answer {
  /** Status line, fields and what they announce. */
  readonly message: ReplyMessage;
  /** What is sent behind the message; disposed of when it was, or could not be. */
  readonly document?: DocumentBody | undefined;
  /** Whether more requests are read from the connection. */
  readonly keepOpen: boolean;
}

/** The field that tells an asker that its connection is kept (RFC 60003 section 5.1). */
export function connectionField({ keepAlive }: Extensions): Field[] {
  return keepAlive ? [["Connection", "keep-alive"]] : [];
}

/** An answer of a head alone. */
export function answerHead(
  protocol: Protocol,
  status: StatusCode,
  fields: readonly Field[],
  keepOpen: boolean,
): Answer {
  return { message: { protocol, status, fields }, keepOpen };
}

/**
 * A refusal: a status line and a blank line; an asker of extensions, who counts on it, is told that there is no
 * content (RFC 60003 sections 5.3 and 6.5).
 */
export function refuse(
  protocol: Protocol,
  status: StatusCode,
  extensions: Extensions,
  keepOpen: boolean,
): Answer {
  const { keepAlive, ndjson } = extensions;
  const fields: Field[] = keepAlive || ndjson ? [["Content-Length", "0"]] : [];
  return answerHead(protocol, status, [...fields, ...connectionField(extensions)], keepOpen);
}

/** A refusal for now, to an asker of extensions: when it may come again, in seconds (RFC 60003 section 8). */
export function refuseForNow(
  protocol: Protocol,
  retryAfterSeconds: number,
  extensions: Extensions,
): Answer {
  const answer = refuse(protocol, 503, extensions, extensions.keepAlive);
  const fields: Field[] = [["Retry-After", String(retryAfterSeconds)], ...answer.message.fields];
  return { ...answer, message: { ...answer.message, fields } };
}

/** As `refuseForNow`, with the names of others who have what was asked for, or are about to (RFC 60003 section 9). */
export function pointElsewhere(
  protocol: Protocol,
  retryAfterSeconds: number,
  holders: readonly Endpoint[],
  extensions: Extensions,
): Answer {
  const answer = refuseForNow(protocol, retryAfterSeconds, extensions);
  const [retryAfter, ...others] = answer.message.fields;
  const fields = [retryAfter!, duplicatesField(holders), ...others];
  return { ...answer, message: { ...answer.message, fields } };
}

/** A 200 with content whose length is told, as text or as NDJSON; `coding` is how that is packed, if it is. */
export function answerContent(
  protocol: Protocol,
  content: Iterable<Uint8Array>,
  extensions: Extensions,
  keepOpen: boolean,
  coding?: string,
): Answer {
  const chunks = [...content];
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const fields: Field[] = [
    ...(extensions.ndjson ? [["Content-Type", ndjsonType]] as Field[] : []),
    ...(coding === undefined ? [] : [["Content-Encoding", coding]] as Field[]),
    ["Content-Length", String(length)],
    ...connectionField(extensions),
  ];
  return { message: { protocol, status: 200, fields, content: chunks }, keepOpen };
}

/** A 200 of the central index server with records. */
export function answerRecords(records: Iterable<CiRecord>, keepOpen = true): Answer {
  return { message: { protocol: "P2P-CI", status: 200, fields: [], records }, keepOpen };
}
