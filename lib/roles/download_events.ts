/**
 * What a downloader tells of its work.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";

/** A holder, and how many bytes of a document it gave. */
export interface Source extends Endpoint {
  /** Bytes that became a part of the document. */
  readonly bytes: number;
}

/** A document that came. */
export interface Downloaded {
  /** Number of the document. */
  readonly number: number;
  /** Where it is stored. */
  readonly path: string;
  /** Its length. */
  readonly bytes: number;
  /** From the first search for holders to the document having its name, in ms. */
  readonly ms: number;
  /** Who gave it, the one that gave most first; less than the whole if an earlier run had brought some. */
  readonly sources: readonly Source[];
  /** Whether its bytes were compared with a digest; if not, nobody told one. */
  readonly verified: boolean;
}

/** A digest of a document, and the holders that say it is that. */
export interface Vote {
  /** In hexadecimal. */
  readonly sha256: string;
  /** Who says so. */
  readonly holders: readonly Endpoint[];
}

/** Is told how downloads go. */
export interface DownloadEvents {
  /** The length of a document is known, and how much of it an earlier run has brought; both in bytes. */
  sized(number: number, bytes: number, kept: number): void;
  /** Bytes came; they count even if they turn out to be wrong later. */
  received(number: number, holder: Endpoint, bytes: number): void;
  /** A document is whole and has its name. */
  downloaded(document: Downloaded): void;
  /** Nobody gave a document; the reason is a sentence. */
  failed(number: number, reason: string): void;
  /** A holder or a way to find holders failed; others are tried. The number is undefined if it is about every document. */
  passedOver(number: number | undefined, reason: string): void;
  /** A holder sent wrong bytes: it is not asked again. */
  dropped(holder: Endpoint, reason: string): void;
  /** Holders tell different digests of a document; the most of them decide, or who asked for it. */
  disagreement(number: number, votes: readonly Vote[], chosen: string): void;
}
