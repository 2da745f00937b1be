/**
 * Dates as they stand in fields: IMF-fixdate (RFC 9110 section 5.6.7).
 * @module
 */

/** A point in time, in ms since 1970, as a field value: `Wed, 12 Feb 2009 15:12:05 GMT`. */
export function formatHttpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}

/** The point in time of a field value in ms since 1970, or undefined if it is not an IMF-fixdate. */
export function findHttpDate(value: string): number | undefined {
  const match = /^[A-Z][a-z]{2}, (\d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)$/.exec(value);
  if (match === null) return undefined;
  // The day of the week is not looked at: programs get it wrong (the course's own example does).
  const epochMs = Date.parse(match[1]!);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
