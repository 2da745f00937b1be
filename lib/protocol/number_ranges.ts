/**
 * Sets of document numbers as people type them: `8600`, `8600-8605`, `1,2,8600-8605`.
 * @module
 */
import { maxRfcNumber } from "./limits.ts";
import { quoted } from "./protocol_error.ts";
import { findRfcNumber } from "./rfc_number.ts";

/** A number of documents in a row. */
export interface NumberRange {
  /** The lowest number, included. */
  readonly first: number;
  /** The highest number, included. */
  readonly last: number;
}

/**
 * Ranges out of a text: numbers and `first-last` pairs, separated by commas.
 *
 * @throws {RangeError} if a part is neither, or a range runs backwards.
 */
export function parseNumberRanges(text: string): NumberRange[] {
  return text.split(",").map((part) => {
    const [from, to, ...rest] = part.trim().replace(/^rfc ?/i, "").split("-");
    const first = findRfcNumber(from ?? "");
    const last = to === undefined ? first : findRfcNumber(to);
    if (first === undefined || last === undefined || rest.length > 0 || last < first) {
      throw new RangeError(
        `Cannot parse RFC numbers: expected 1-${maxRfcNumber} or a range such as 8600-8605, got ${
          quoted(part)
        }`,
      );
    }
    return { first, last };
  });
}

/** Whether a number is in one of the ranges. */
export function inRanges(ranges: readonly NumberRange[], number: number): boolean {
  return ranges.some(({ first, last }) => first <= number && number <= last);
}

/** Every number of the ranges once, in the order given. */
export function* numbersOf(ranges: readonly NumberRange[]): Generator<number> {
  const seen: NumberRange[] = [];
  for (const range of ranges) {
    for (let number = range.first; number <= range.last; number++) {
      if (!inRanges(seen, number)) yield number;
    }
    seen.push(range);
  }
}
