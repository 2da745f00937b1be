/**
 * What records tell of a document: most holders tell the same, which is kept once.
 * @module
 */
import type { DocumentDetails } from "../protocol/listed_record.ts";

/** What a record tells of the document itself. */
export interface Description {
  /** The title. */
  readonly title: string;
  /** What the holder told besides, if anything. */
  readonly details: DocumentDetails | undefined;
}

/**
 * How many of those that others told are looked at for one to share: with details and without, under the title of each of
 * some programs. To look at more would let somebody who makes up titles keep the server busy.
 */
const maxLookedAt = 8;

/** A description to keep: an equal one, if it is among the last of `told`, or one with a title of its own. */
export function shareDescription(
  told: readonly Description[],
  description: Description,
): Description {
  const first = Math.max(0, told.length - maxLookedAt);
  for (let i = told.length - 1; i >= first; i--) {
    if (isSame(told[i]!, description)) return told[i]!;
  }
  return { ...description, title: ownText(description.title) };
}

function isSame(a: Description, b: Description): boolean {
  return a.title === b.title && a.details?.size === b.details?.size &&
    a.details?.sha256 === b.details?.sha256;
}

/**
 * A text with characters of its own. One that was cut out of another or put together keeps that alive as long as itself:
 * a title would keep all that came in with it.
 */
export function ownText(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
