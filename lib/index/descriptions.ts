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
 * How many descriptions of a document are looked through for one that can be shared: with details and without, under a
 * title of each of two programs. Looking through more would let somebody who makes up titles keep the server busy.
 */
const maxLately = 4;

/** What was told of one document lately. */
export class Descriptions {
  /** What was told last stands first. */
  #lately: Description[] = [];

  /** An equal description that others have too, if there is one. */
  share(description: Description): Description {
    const { title, details } = description;
    const known = this.#lately.find((lately) => isSame(lately, description));
    if (known !== undefined) return known;
    const shared = { title: ownText(title), details };
    this.#lately = [shared, ...this.#lately.slice(0, maxLately - 1)];
    return shared;
  }
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
