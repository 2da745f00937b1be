/**
 * What is to be thought of a document, after what was kept of it and what others say.
 * @module
 */

/**
 * What was found out about a document:
 * - `fine`: it is as it was, or as others have it;
 * - `damaged`: its bytes are others than those that were checked before, although nobody wrote to it, or it cannot be read;
 * - `changed`: somebody wrote to it since;
 * - `differs`: more of the others have another document under its number than have this one;
 * - `unknown`: nothing was kept of it, and nobody says anything.
 */
export type Verdict = "fine" | "damaged" | "changed" | "differs" | "unknown";

/** What is known of a document. Digests are SHA-256 in hexadecimal. */
export interface Evidence {
  /** Of its bytes now; undefined if it cannot be read. */
  readonly now: string | undefined;
  /** Of its bytes when they were last read or written by us, if that was kept. */
  readonly kept: string | undefined;
  /** Whether size and time of the file are still those of then. */
  readonly isUntouched: boolean;
  /** How many others announce which digest. */
  readonly announced: ReadonlyMap<string, number>;
}

/** A verdict, and the digest that the document should have, where that can be said. */
export interface Judgement {
  /** What is to be thought of it. */
  readonly verdict: Verdict;
  /** The digest of what should be there; undefined if nothing has to be brought, or nobody can say what. */
  readonly wanted: string | undefined;
}

/** Judges a document. What others have counts against it only where most of them, it included, agree on something else. */
export function judge({ now, kept, isUntouched, announced }: Evidence): Judgement {
  const most = mostAnnounced(announced);
  if (now === undefined) return { verdict: "damaged", wanted: kept ?? most };
  const agree = announced.get(now) ?? 0;
  if (kept !== undefined && kept !== now) {
    if (isUntouched) return { verdict: "damaged", wanted: kept };
    // It was replaced by what others have, too.
    if (agree > 0 && most === now) return { verdict: "fine", wanted: undefined };
    return { verdict: "changed", wanted: kept };
  }
  const against = most === undefined ? 0 : announced.get(most)!;
  if (most !== now && against > agree) {
    return { verdict: "differs", wanted: against > agree + 1 ? most : undefined };
  }
  return { verdict: kept === undefined && agree === 0 ? "unknown" : "fine", wanted: undefined };
}

/** The digest that most announce; of equals the first of the alphabet, so that it is not left to chance. */
function mostAnnounced(announced: ReadonlyMap<string, number>): string | undefined {
  const [first] = [...announced].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return first?.[0];
}
