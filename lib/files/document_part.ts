/**
 * What those who bring documents need to know of where the bytes go: parts that become documents when they are whole.
 * @module
 */

/** Length of a piece, in bytes: documents of this size and more travel in pieces, from several holders. */
export const pieceBytes = 1_048_576;

/** What is known of a document before it comes. */
export interface WantedDocument {
  /** In bytes; undefined if no holder said. */
  readonly size?: number | undefined;
  /** In hexadecimal; undefined if nobody said. */
  readonly sha256?: string | undefined;
}

/** A document in the making. Disposing of it keeps what a later run can go on with, and removes the rest. */
export interface DocumentPart extends Disposable {
  /** Where the document will be. */
  readonly path: string;
  /** Of the document, in bytes; undefined if no holder said. Then it has to be written in order, from the start. */
  readonly size: number | undefined;
  /** The pieces that are there whole, those of an earlier run included. Grows with what is written. */
  readonly received: ReadonlySet<number>;
  /**
   * Whether its pieces have to come in order, from one holder at a time, because they go on from here at once.
   *
   * @default false
   */
  readonly isSequential?: boolean;
  /** How many bytes of a piece are there, counted from its start: where to go on with it. */
  receivedBytes(piece: number): number;
  /**
   * Adds bytes. Those of one piece come in order: from where the piece ends so far, or from its start, which begins it
   * anew. They may reach into the next piece. What a later run needs is recorded by the way.
   *
   * @param offset In the document, in bytes.
   * @throws {FileError} if the disk does not take them, or the folder is gone.
   * @throws {RangeError} if they leave a gap in a piece or go beyond the document's size.
   */
  write(offset: number, bytes: Uint8Array): void;
  /** A piece is there whole and was checked, as far as a piece can be checked alone. */
  accepted?(piece: number): void;
  /** The bytes of a piece were found to be wrong: it has to come anew. @throws {FileError} as `write`. */
  forget(piece: number): void;
  /**
   * Makes it the document: checks that it is whole and has this digest, brings it to the disk, gives it its name.
   * Only what was not written in order is read again for it. Returns the SHA-256 in hexadecimal.
   *
   * @param sha256 What it has to be, in hexadecimal; undefined if nobody said.
   * @throws {WrongDigestError} if it is another; the part stays as it is.
   * @throws {RangeError} if bytes are missing.
   * @throws {FileError} if the disk fails, or the folder is gone.
   */
  finish(sha256: string | undefined): Promise<string>;
  /** Throws away all of it, unless it has its name already. */
  discard(): void;
}

/** A document that was begun. */
export interface BegunDocument {
  /** In bytes. */
  readonly size: number;
  /** What it has to be, in hexadecimal. */
  readonly sha256: string;
}

/** Where documents go: a folder, one file, standard output. */
export interface DocumentStore {
  /**
   * Begins a document, or goes on with what an earlier run received of the same one.
   *
   * @throws {FileError} if nothing can be stored.
   */
  open(number: number, wanted: WantedDocument): Promise<DocumentPart>;
  /** What an earlier run was to bring under a number, if `open` can go on with it. */
  findEarlier(number: number): BegunDocument | undefined;
}

/** What was received is whole, but not what it should be. */
export class WrongDigestError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "WrongDigestError";

  /** Both digests are SHA-256 in hexadecimal; `path` is the document's. */
  constructor(path: string, readonly expected: string, readonly actual: string) {
    super(`Cannot finish ${path}: expected SHA-256 ${expected}, got ${actual}`);
  }
}
