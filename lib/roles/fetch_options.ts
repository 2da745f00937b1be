/**
 * What is to be fetched, where to, and who is told of it.
 * @module
 */
import type { DocumentStore } from "../files/document_part.ts";
import type { Holder } from "./finder.ts";
import type { OpeningEvents } from "./part_opening.ts";
import type { Fetcher } from "./work.ts";

/** Is told how it goes. What is told of a holder is a clause: "its RFC 1 …". */
export interface FetchEvents extends OpeningEvents {
  /** Bytes came. */
  received(holder: Holder, bytes: number): void;
  /** A holder has another document; it is not asked as long as it is outvoted. */
  passedOver(fetcher: Fetcher, what: string): void;
  /** A holder is of no use for this document; it has to be removed. */
  excluded(fetcher: Fetcher, what: string): void;
  /** A holder is found to be wrong; it has to be removed. */
  wrong(fetcher: Fetcher, what: string): void;
}

/** What is to be fetched, and where to. */
export interface FetchOptions {
  /** Number of the document. */
  readonly number: number;
  /** The SHA-256 that it must have, in hexadecimal, if somebody asked for one. */
  readonly pinned: string | undefined;
  /** Where it goes. */
  readonly store: DocumentStore;
}
