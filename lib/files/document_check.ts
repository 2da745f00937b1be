/**
 * Reading the documents of a folder again, and what was known of them before.
 * @module
 */
import { join } from "node:path";
import type { Catalogue, FileState } from "./catalogue.ts";
import { listDocuments } from "./document_folder.ts";
import { FileError } from "./file_error.ts";
import { DocumentChangedError, OpenDocument } from "./open_document.ts";

/** A document that was read again. */
export interface CheckedDocument {
  /** Number of the document. */
  readonly number: number;
  /** Of the file, the folder's path included. */
  readonly path: string;
  /** SHA-256 of its bytes now, in hexadecimal; undefined if it cannot be read. */
  readonly sha256: string | undefined;
  /** Why it cannot be read. */
  readonly reason?: string;
  /** SHA-256 in hexadecimal that was kept of it, in whatever state it was then; undefined if none was. */
  readonly kept: string | undefined;
  /** Whether size and time of the file are those of then. */
  readonly isUntouched: boolean;
}

/** How often a document is read that changes while it is read. */
const maxReadings = 3;

/**
 * Reads documents again, one after another, in ascending order. A digest of which none was kept is noted in the
 * catalogue, which stays the caller's to save.
 *
 * @param isMeant Which documents are read.
 * @throws {FileError} if the folder cannot be read.
 */
export async function* checkDocuments(
  folder: string,
  catalogue: Catalogue,
  isMeant: (number: number) => boolean,
): AsyncGenerator<CheckedDocument, void, undefined> {
  catalogue.refresh();
  const files = [...listDocuments(folder)].sort(([a], [b]) => a - b);
  for (const [number, name] of files) {
    if (!isMeant(number)) continue;
    const path = join(folder, name);
    const last = catalogue.last(name);
    try {
      const readAt = Date.now();
      const { state, sha256 } = await read(path);
      const isUntouched = last?.size === state.size && last.modifiedAt === state.modifiedAt;
      if (last?.sha256 === undefined) catalogue.noteRead(state, { sha256 }, readAt);
      yield { number, path, sha256, kept: last?.sha256, isUntouched };
    } catch (error) {
      if (!(error instanceof FileError || error instanceof DocumentChangedError)) throw error;
      const kept = last?.sha256;
      yield { number, path, sha256: undefined, reason: error.message, kept, isUntouched: false };
    }
  }
}

async function read(path: string): Promise<{ state: FileState; sha256: string }> {
  for (let readings = 1;; readings++) {
    try {
      using document = OpenDocument.open(path);
      const { size, modifiedAt } = document;
      const sha256 = await document.sha256(document.whole);
      return { state: { path, size, modifiedAt }, sha256 };
    } catch (error) {
      if (!(error instanceof DocumentChangedError)) {
        throw error instanceof FileError ? error : new FileError("read", path, error);
      }
      if (readings === maxReadings) throw error;
    }
  }
}
