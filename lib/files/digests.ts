/**
 * SHA-256 digests of documents, computed once for each state of a file.
 * @module
 */
import type { Catalogue, FileState } from "./catalogue.ts";
import { DocumentChangedError, OpenDocument } from "./open_document.ts";

/**
 * How many files are read at a time to compute their digests: one that waits for the disk does not keep the processor
 * idle, and a long document does not hold up all short ones.
 */
const maxReadAtOnce = 4;

/** The digests of the documents of a folder, kept in its catalogue as long as size and time of the file stay as they are. */
export class Digests {
  readonly #catalogue: Catalogue;
  readonly #signal: AbortSignal | undefined;
  /** Those being computed. */
  readonly #pending = new Map<string, Promise<string>>();
  /** Those who wait for their turn to read. */
  readonly #queue: (() => void)[] = [];
  #reading = 0;

  /**
   * `catalogue` is where digests are looked up and noted; it stays the caller's to save.
   *
   * @param signal Ends what is being computed.
   */
  constructor(catalogue: Catalogue, signal?: AbortSignal) {
    this.#catalogue = catalogue;
    this.#signal = signal;
  }

  /** The SHA-256 of a document in hexadecimal, if it is known; the disk is not asked. */
  find(document: FileState): string | undefined {
    return this.#catalogue.find(document)?.sha256;
  }

  /**
   * The SHA-256 of a document in hexadecimal, read piece by piece if it is not known.
   *
   * @throws {FileError} if it cannot be read.
   * @throws {DocumentChangedError} if it is no longer as it was seen, or changes meanwhile.
   */
  async sha256(document: FileState): Promise<string> {
    const known = this.find(document);
    if (known !== undefined) return known;
    const key = `${document.size} ${document.modifiedAt} ${document.path}`;
    const pending = this.#pending.get(key) ?? this.#compute(document);
    this.#pending.set(key, pending);
    try {
      return await pending;
    } finally {
      this.#pending.delete(key);
    }
  }

  /** Takes note of the digest of a document that was checked while it was written, so that it is not read for it again. */
  record(document: FileState, sha256: string): void {
    this.#catalogue.noteWritten(document, { sha256 });
  }

  async #compute(document: FileState): Promise<string> {
    if (this.#reading >= maxReadAtOnce) {
      await new Promise<void>((turn) => this.#queue.push(turn));
    } else this.#reading++;
    try {
      const readAt = Date.now();
      const sha256 = await hashFile(document, this.#signal);
      this.#catalogue.noteRead(document, { sha256 }, readAt);
      return sha256;
    } finally {
      // Whoever waits takes over the place.
      const next = this.#queue.shift();
      if (next === undefined) this.#reading--;
      else next();
    }
  }
}

async function hashFile(
  { path, size, modifiedAt }: FileState,
  signal?: AbortSignal,
): Promise<string> {
  using document = OpenDocument.open(path);
  if (document.size !== size || document.modifiedAt !== modifiedAt) {
    throw new DocumentChangedError(path);
  }
  return await document.sha256(document.whole, signal);
}
