/**
 * Document numbers and ranges of them (RFC 60001 section 3.5.1).
 * @module
 */
import { maxRfcNumber } from "./limits.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** The number that a text spells in decimal digits, or undefined if it is not a document number. */
export function findRfcNumber(text: string): number | undefined {
  // An anchored pattern first: Number() would take "1e3", "0x1f" and " 7 " too.
  if (!/^\d{1,7}$/.test(text)) return undefined;
  const number = Number(text);
  return number >= 1 && number <= maxRfcNumber ? number : undefined;
}

/**
 * The document number that a text spells.
 *
 * @throws {ProtocolError} 400 if it is not one.
 */
export function parseRfcNumber(text: string): number {
  const number = findRfcNumber(text);
  if (number === undefined) {
    throw new ProtocolError(
      400,
      `Cannot parse RFC number: expected 1-${maxRfcNumber} in decimal digits, got ${quoted(text)}`,
    );
  }
  return number;
}
