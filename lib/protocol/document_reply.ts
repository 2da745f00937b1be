/**
 * Replies to a GET that asks for extensions, as a client reads them (RFC 60003 sections 4 and 8). What contradicts
 * itself, or what was asked for, is not a reply.
 * @module
 */
import { type ByteRange, parseContentRange } from "./byte_range.ts";
import { readDuplicates } from "./crowd.ts";
import { findSha256 } from "./digest.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Fields } from "./fields.ts";
import { ProtocolError } from "./protocol_error.ts";
import { contentLength } from "./reply.ts";

/** Longest time that a busy holder is waited for on its word, in ms; one that asks for more is as good as gone. */
export const maxRetryAfterMs = 120_000;

/**
 * How long a busy holder is left alone at least, in ms, also if it does not say for how long: one that says 0 would be
 * asked again and again without a pause.
 */
const minRetryAfterMs = 1_000;

/** Some or all bytes of a document follow the head. */
export interface BytesReply {
  /** Tells it from other replies. */
  readonly kind: "bytes";
  /** Offset of the first byte that follows. */
  readonly first: number;
  /** How many bytes follow. */
  readonly length: number;
  /** Of the whole document, in bytes. */
  readonly size: number;
  /** Names the state of the holder's copy. */
  readonly etag: string | undefined;
  /** SHA-256 of the bytes that follow, in hexadecimal. */
  readonly contentSha256: string | undefined;
  /** SHA-256 of the whole document, in hexadecimal. */
  readonly reprSha256: string | undefined;
}

/** Not now. */
export interface BusyReply {
  /** Tells it from other replies. */
  readonly kind: "busy";
  /** After how long it may be asked again, in ms. */
  readonly retryAfterMs: number;
  /** Others who have the document, or are about to; with any, only this document is not to be had here now. */
  readonly elsewhere: readonly Endpoint[];
}

/** What a holder answers to a GET. */
export type DocumentReply =
  | BytesReply
  | { readonly kind: "beyond end"; readonly size: number | undefined }
  | BusyReply
  | { readonly kind: "refused" };

/** The parts of a reply that say what it is. */
export interface ReplyHead {
  /** Undefined if there is no status line. */
  readonly status: number | undefined;
  /** What stands below it. */
  readonly fields: Fields;
}

/** Whether a reply shows that its sender implements extensions (RFC 60003 section 3.5). */
export function showsExtensions({ status, fields }: ReplyHead): boolean {
  return status === 206 || status === 416 || status === 503 ||
    extensionFields.some((name) => fields.get(name) !== undefined) || keepsOpen(fields);
}

const extensionFields = ["etag", "accept-ranges", "content-digest", "repr-digest"] as const;

/** Whether more replies will follow on the connection. */
export function keepsOpen(fields: Fields): boolean {
  return /(?:^|,)\s*keep-alive\s*(?:,|$)/i.test(fields.get("connection") ?? "");
}

/**
 * What a reply says.
 *
 * @param asked The part that was asked for; undefined if it was the whole document.
 * @throws {ProtocolError} if it contradicts itself or what was asked for.
 */
export function readDocumentReply(
  { status, fields }: ReplyHead,
  asked: ByteRange | undefined,
): DocumentReply {
  switch (status) {
    case 200:
      return bytesReply(fields, undefined);
    case 206:
      return bytesReply(fields, readPart(fields, asked));
    case 416:
      return { kind: "beyond end", size: sizeBehindStar(fields) };
    case 503:
      return {
        kind: "busy",
        retryAfterMs: retryAfterMs(fields),
        elsewhere: readDuplicates(fields),
      };
    default:
      return { kind: "refused" };
  }
}

function bytesReply(
  fields: Fields,
  part: ReturnType<typeof parseContentRange> | undefined,
): BytesReply {
  const length = contentLength(fields);
  if (length === undefined) {
    throw new ProtocolError(400, "Cannot take document: its length is not stated");
  }
  if (part !== undefined && part.last - part.first + 1 !== length) {
    throw new ProtocolError(
      400,
      `Cannot take part: Content-Range tells ${part.last - part.first + 1} bytes, ` +
        `Content-Length ${length}`,
    );
  }
  return {
    kind: "bytes",
    first: part?.first ?? 0,
    length,
    size: part?.size ?? length,
    etag: fields.get("etag"),
    contentSha256: findSha256(fields.get("content-digest") ?? ""),
    reprSha256: findSha256(fields.get("repr-digest") ?? ""),
  };
}

function readPart(fields: Fields, asked: ByteRange | undefined) {
  const text = fields.get("content-range") ?? "";
  const part = parseContentRange(text);
  const isAsked = asked !== undefined && part.first === asked.first &&
    part.last === Math.min(asked.last, part.size - 1);
  if (isAsked) return part;
  const wanted = asked === undefined ? "no part" : `bytes ${asked.first}-${asked.last}`;
  throw new ProtocolError(400, `Cannot take part: asked for ${wanted}, got ${text}`);
}

function sizeBehindStar(fields: Fields): number | undefined {
  const match = /^bytes \*\/(\d{1,15})$/i.exec(fields.get("content-range") ?? "");
  return match === null ? undefined : Number(match[1]);
}

function retryAfterMs(fields: Fields): number {
  const text = fields.get("retry-after") ?? "";
  return /^\d{1,9}$/.test(text) ? Math.max(Number(text) * 1_000, minRetryAfterMs) : minRetryAfterMs;
}
