/**
 * Beginning the part of a document for the digest that counts, and anew when another one counts.
 * @module
 */
import { type DocumentStore, pieceBytes } from "../files/document_part.ts";
import type { Assembly } from "./assembly.ts";
import type { Candidates } from "./candidates.ts";

/** Is told of it. */
export interface OpeningEvents {
  /** The length is known, and how much of it an earlier run has brought; both in bytes. */
  sized(bytes: number, kept: number): void;
  /** There may be something to do for somebody, or all pieces are there. */
  changed(): void;
  /** The document cannot be stored, whoever gives it. */
  cannotStore(error: unknown): void;
}

/** Begins the part of one document. */
export class PartOpening {
  readonly #number: number;
  readonly #store: DocumentStore;
  readonly #candidates: Candidates;
  readonly #assembly: Assembly;
  readonly #events: OpeningEvents;
  /** The digest that the part was begun for. */
  #intended: string | undefined;
  #hasLookedBack = false;
  #isOver = false;

  /** Nothing is begun yet. */
  constructor(
    number: number,
    store: DocumentStore,
    candidates: Candidates,
    assembly: Assembly,
    events: OpeningEvents,
  ) {
    this.#number = number;
    this.#store = store;
    this.#candidates = candidates;
    this.#assembly = assembly;
    this.#events = events;
  }

  /** What an earlier run was told of the document holds until somebody tells more: it need not come again to be known. */
  lookBack(): void {
    if (this.#hasLookedBack) return;
    this.#hasLookedBack = true;
    const earlier = this.#store.findEarlier(this.#number);
    if (earlier === undefined) return;
    this.#candidates.assume(earlier.sha256);
    if (this.#candidates.sha256 === earlier.sha256) this.prepare(earlier.size);
  }

  /** What an earlier run was told is no longer so: begins anew. */
  assumeNothing(): void {
    this.#candidates.assume(undefined);
    this.check();
  }

  /** A long document is begun before anybody is asked: what an earlier run has brought need not come again. */
  prepare(size: number | undefined): void {
    const { part, works } = this.#assembly;
    if (size === undefined || size < pieceBytes || part !== undefined || works.size > 0) return;
    this.open(size).catch((error) => this.#events.cannotStore(error));
  }

  /** Begins the part, or goes on with one of an earlier run. @throws {FileError} if it cannot be stored. */
  async open(size: number): Promise<void> {
    const assembly = this.#assembly;
    if (assembly.isOpening) return await assembly.open(size, this.#intended);
    const { sha256 } = this.#candidates;
    this.#intended = sha256;
    await assembly.open(size, sha256);
    if (this.#isOver) return assembly.close();
    if (sha256 !== undefined && sha256 !== this.#candidates.sha256) return this.restart();
    this.#events.sized(size, assembly.receivedBytes);
    this.#events.changed();
  }

  /** Begins anew if what was heard makes another document the right one. */
  check(): void {
    const isForAnother = this.#intended !== undefined && this.#intended !== this.#candidates.sha256;
    if (isForAnother) this.restart();
  }

  /** Begins anew, with nothing. */
  restart(): void {
    this.#assembly.restart();
    this.#intended = undefined;
    this.#events.changed();
  }

  /** Nothing is to be begun any more. */
  close(): void {
    this.#isOver = true;
    this.#assembly.close();
  }
}
