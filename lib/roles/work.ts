/**
 * What is asked of one holder at a time, and who does the asking.
 * @module
 */
import type { CrowdAsker } from "../protocol/crowd.ts";
import type { Holder } from "./finder.ts";
import type { DocumentOrder } from "./holder_session.ts";
import type { DocumentFetch } from "./document_fetch.ts";

/** One holder, as those who give work see it. */
export interface Fetcher {
  /** Who it is. */
  readonly holder: Holder;
  /** Whether it gives no extensions: neither parts nor digests. */
  readonly givesWholeOnly: boolean;
  /** Whether it said that it is busy, and is left alone for a while. */
  readonly isResting: boolean;
  /** When the last bytes came from it, on the clock of `performance.now`. */
  readonly lastProgressAt: number;
  /** How fast it was so far; undefined if that is not known yet. */
  readonly bytesPerSecond: number | undefined;
  /** What it may be told of this side, if this side passes on what it gets. */
  readonly crowd: CrowdAsker | undefined;
  /** Whether this side's own limit may be what keeps it from being faster. */
  readonly isHeldBack: boolean;
}

/** Stands in a work for no piece: a single byte is asked for, to learn the digest of the whole. */
export const noPiece: number = -1;

/** A document, or a part of one, that is being fetched from one holder. */
export interface Work {
  /** The document it belongs to. */
  readonly document: DocumentFetch;
  /** Who fetches it. */
  readonly fetcher: Fetcher;
  /** Which piece; 0 if it is the whole document; `noPiece`. */
  readonly piece: number;
  /** What is asked for. */
  readonly order: DocumentOrder;
  /** How many bytes will come, as far as anybody can tell; exact when they are accepted. */
  expectedBytes: number;
  /** When it was asked for, on the clock of `performance.now`. */
  readonly askedAt: number;
  /** "asked" until its first bytes are accepted; "over" when they are not wanted any more, or all there. */
  state: "asked" | "receiving" | "over";
  /** Whether all of the document comes, whatever was asked for. */
  isWhole: boolean;
  /** When its first bytes were accepted, on the same clock. */
  acceptedAt?: number;
  /** How many bytes of it came. */
  receivedBytes: number;
}

/** Thrown where a work is found not to be wanted any more. */
export class WorkOverError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "WorkOverError";
}
