/**
 * Records of a peer's RFC index: `RFC n title host port ttl`, one a line (RFC 60002 section 5.1).
 * @module
 */
import { type CiRecord, formatCiRecord, parseCiRecord } from "./ci_record.ts";
import type { DocumentDetails } from "./listed_record.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** A record of an RFC index: who holds which document, and for how long that is believed. */
export interface IndexRecord extends CiRecord, DocumentDetails {
  /** Seconds that the record is still believed, as on the wire. */
  readonly ttlSeconds: number;
}

/** The line of a record, without its line end. */
export function formatIndexRecord(record: IndexRecord): string {
  return `${formatCiRecord(record)} ${record.ttlSeconds}`;
}

/**
 * The record that a line holds.
 *
 * @throws {ProtocolError} 400 if the line is not a record.
 */
export function parseIndexRecord(line: string): IndexRecord {
  const match = /^(.*) (\d{1,9})$/.exec(line);
  if (match === null) {
    throw new ProtocolError(
      400,
      `Cannot parse index record: expected "RFC n title host port ttl", got ${quoted(line)}`,
    );
  }
  return { ...parseCiRecord(match[1]!), ttlSeconds: Number(match[2]) };
}
