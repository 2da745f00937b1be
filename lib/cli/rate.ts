/**
 * Limits of speed as people type them.
 * @module
 */

/** Smallest limit, in bytes per second: a peer that is slower is given up by those who download from it. */
export const minBytesPerSecond = 1_024;

/** Units of bytes, small ones first. */
const units = {
  "B": 1,
  "kB": 1_000,
  "KiB": 1_024,
  "MB": 1_000_000,
  "MiB": 1_048_576,
  "GB": 1_000_000_000,
  "GiB": 1_073_741_824,
} as const;

const ratePattern = /^(\d{1,9}(?:\.\d{1,3})?) ?(B|kB|KiB|MB|MiB|GB|GiB)\/s$/;

/**
 * Reads a limit: `1MiB/s`, `500kB/s`, or `none`.
 *
 * @returns Bytes per second; undefined for no limit.
 * @throws {RangeError} if it is no limit, or a smaller one than `minBytesPerSecond`.
 */
export function parseRate(text: string): number | undefined {
  if (text === "none") return undefined;
  const [, number, unit] = ratePattern.exec(text) ?? [];
  const rate = Math.round(Number(number) * units[unit as keyof typeof units]);
  if (rate >= minBytesPerSecond) return rate;
  throw new RangeError(
    `Cannot parse a limit: expected a number with B/s, kB/s, KiB/s, MB/s or MiB/s, at least 1KiB/s, or none, got ${
      JSON.stringify(text)
    }`,
  );
}

/** Writes a limit so that it can be read again, in the largest unit that divides it. */
export function formatRate(bytesPerSecond: number | undefined): string {
  if (bytesPerSecond === undefined) return "none";
  const [unit, bytes] =
    Object.entries(units).findLast(([, bytes]) => bytesPerSecond % bytes === 0) ?? ["B", 1];
  return `${bytesPerSecond / bytes}${unit}/s`;
}
