/**
 * Which documents somebody means who types words of titles or ranges of numbers.
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import { inRanges, parseNumberRanges } from "../protocol/number_ranges.ts";

/** Says of a document whether it is meant. */
export type Wanted = (record: Pick<CiRecord, "number" | "title">) => boolean;

/** Numbers if every argument is a number or a range; else words, all of which the title has; nothing means everything. */
export function parseWanted(texts: readonly string[]): Wanted {
  try {
    const ranges = texts.flatMap(parseNumberRanges);
    return ({ number }) => ranges.length === 0 || inRanges(ranges, number);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return titleHas(texts);
  }
}

/** Whether a title has all of some words, in any case; the words may come in one text or several. */
export function titleHas(texts: readonly string[]): Wanted {
  const words = texts.flatMap((text) => text.toLowerCase().split(/\s+/)).filter(Boolean);
  return ({ title }) => {
    const text = title.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}
