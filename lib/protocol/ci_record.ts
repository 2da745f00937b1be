/**
 * Records of the central index: `RFC n title host port`, one a line (RFC 60001 section 4.3).
 * @module
 */
import { findPort, parseHost } from "./endpoint.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";
import { findRfcNumber } from "./rfc_number.ts";

/** Who holds which document, as the central index lists it. */
export interface CiRecord {
  /** Number of the document. */
  readonly number: number;
  /** One line of text, single blanks; empty if the line of a record has none. */
  readonly title: string;
  /** Host of the holder's RFC server, IPv6 without brackets. */
  readonly host: string;
  /** Port of the holder's RFC server. */
  readonly port: number;
}

/** The line of a record, without its line end; `prefix` is what a dialect has before the number. */
export function formatCiRecord({ number, title, host, port }: CiRecord, prefix = "RFC "): string {
  return `${prefix}${number} ${title} ${host} ${port}`;
}

/**
 * The record that a line holds. A title may hold anything, numbers and host names too, so that the line is
 * read from both ends: the number from the left, port and host from the right.
 *
 * @throws {ProtocolError} 400 if the line is not a record.
 */
export function parseCiRecord(line: string): CiRecord {
  const match = /^RFC (\d{1,7}) (?:(.*) )?(\S+) (\d{1,5})$/.exec(line);
  const number = findRfcNumber(match?.[1] ?? "");
  const port = findPort(match?.[4] ?? "");
  if (match === null || number === undefined || port === undefined) {
    throw new ProtocolError(
      400,
      `Cannot parse record: expected "RFC n title host port", got ${quoted(line)}`,
    );
  }
  return { number, title: (match[2] ?? "").trim(), host: parseHost(match[3]!), port };
}
