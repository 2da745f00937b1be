/**
 * Dates as they stand in fields: IMF-fixdate (RFC 9110 section 5.6.7).
 * @module
 */

/** A point in time, in ms since 1970, as a field value: `Wed, 12 Feb 2009 15:12:05 GMT`. */
export function formatHttpDate(epochMs: number): string {
  return new Date(epochMs).toUTCString();
}
