/**
 * SHA-256 digests of documents, computed once for each state of a file.
 * @module
 */
import type { StoredDocument } from "./document_folder.ts";
import { OpenDocument } from "./open_document.ts";

interface KnownDigest {
  readonly size: number;
  readonly modifiedAt: number;
  readonly sha256: Promise<string>;
}

/** The digests of the documents of a folder, kept as long as size and time of the file stay as they are. */
export class Digests {
  readonly #known = new Map<string, KnownDigest>();

  /**
   * The SHA-256 of a document in hexadecimal, read piece by piece if it is not known.
   *
   * @throws {FileError} if it cannot be read.
   * @throws {DocumentChangedError} if it changes meanwhile.
   */
  sha256({ path, size, modifiedAt }: Pick<StoredDocument, "path" | "size" | "modifiedAt">): Promise<
    string
  > {
    const known = this.#known.get(path);
    if (known?.size === size && known.modifiedAt === modifiedAt) return known.sha256;
    const sha256 = hashFile(path);
    this.#known.set(path, { size, modifiedAt, sha256 });
    // A failure is told to who asked; the next one asks the disk again.
    sha256.catch(() => this.#known.delete(path));
    return sha256;
  }
}

async function hashFile(path: string): Promise<string> {
  using document = await OpenDocument.open(path);
  return await document.sha256(document.whole);
}
