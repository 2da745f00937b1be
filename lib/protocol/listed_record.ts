/**
 * Records of lists as JSON, one a line (RFC 60003 section 6).
 * @module
 */
import type { CiRecord } from "./ci_record.ts";
import { parseHost } from "./endpoint.ts";
import { ndjsonType } from "./extensions.ts";
import type { Field } from "./fields.ts";
import { maxLineBytes, maxRfcNumber, maxTitleChars } from "./limits.ts";
import type { NdjsonObject } from "./ndjson.ts";
import { ProtocolError } from "./protocol_error.ts";
import { parseTitle } from "./title.ts";

/** What a holder may tell of a document beyond the course's fields (RFC 60003 section 7). */
export interface DocumentDetails {
  /** In bytes. */
  readonly size?: number | undefined;
  /** SHA-256, in hexadecimal. */
  readonly sha256?: string | undefined;
}

/** A record of a list with what else is known of it. */
export interface ListedRecord extends CiRecord, DocumentDetails {
  /** The address that the server saw the holder at. */
  readonly address?: string | undefined;
  /** Seconds that the record is still believed; in RFC indexes only. */
  readonly ttlSeconds?: number | undefined;
}

/** How a list is wanted: as the base protocols have it, or as JSON with all that is known. */
export type ListForm = "given" | "detailed";

/** The fields by which a request asks for a list in a form. */
export function listFormFields(form: ListForm): Field[] {
  return form === "detailed" ? [["Accept", ndjsonType]] : [];
}

/** The object of a record in a list; members that are not known are left out. */
export function listedObject(record: ListedRecord): NdjsonObject {
  const { number, title, host, port, address, ttlSeconds, size, sha256 } = record;
  const digest = sha256 === undefined ? undefined : `sha-256:${sha256}`;
  return { rfc: number, title, host, port, address, ttl: ttlSeconds, size, digest };
}

/**
 * The record that a line of a list holds.
 *
 * @returns undefined if it is no JSON object, or has not the members that a record needs (RFC 60003 section 6.6). A
 *   member that says more and cannot be read is as good as not there.
 */
export function findListedRecord(line: string): ListedRecord | undefined {
  const { rfc, title, host, port, address, ttl, size, digest } = findObject(line) ?? {};
  const holder = findHost(host);
  if (holder === undefined || !isWithin(rfc, 1, maxRfcNumber) || !isWithin(port, 1, 65_535)) {
    return undefined;
  }
  const seenAt = findHost(address);
  const sha256 = findDigest(digest);
  return {
    number: rfc,
    title: findTitle(title),
    host: holder,
    port,
    ...(seenAt === undefined ? {} : { address: seenAt }),
    ...(isWithin(ttl, 0, maxTtlSeconds) ? { ttlSeconds: ttl } : {}),
    ...(isWithin(size, 0, Number.MAX_SAFE_INTEGER) ? { size } : {}),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** Highest TTL that is believed to be one, in seconds: nine digits, as in the base form. */
const maxTtlSeconds = 999_999_999;

function findObject(line: string): Readonly<Record<string, unknown>> | undefined {
  if (line.length > maxLineBytes) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(value: unknown, lowest: number, highest: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= lowest &&
    value <= highest;
}

function findHost(value: unknown): string | undefined {
  try {
    return typeof value === "string" ? parseHost(value) : undefined;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

/** JSON can spell line ends and other controls, which have no place in a title. */
function findTitle(value: unknown): string {
  if (typeof value !== "string" || value.length > maxTitleChars) return "";
  return parseTitle(value.replaceAll(/\p{Cc}/gu, " "));
}

function findDigest(value: unknown): string | undefined {
  const match = typeof value === "string" ? /^sha-256:([0-9a-f]{64})$/i.exec(value) : null;
  return match?.[1]?.toLowerCase();
}
