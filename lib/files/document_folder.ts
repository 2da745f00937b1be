/**
 * A folder of documents: what is in it, by number.
 * @module
 */
import { join } from "node:path";
import { documentName, findDocumentNumber } from "./document_name.ts";
import { mayRead, missingReadPermission } from "./access.ts";
import type { Catalogue, FileState } from "./catalogue.ts";
import { FileError } from "./file_error.ts";
import { findTitle, maxTitleScanBytes } from "./title.ts";

/** What is announced of a document in which no title can be found. */
export const untitled = "Untitled";

/**
 * For how long files are looked at in one go, in ms. Synchronous calls cost a tenth of asynchronous ones here; between two
 * goes everybody else has a turn, which costs one or two ms.
 */
const goMs = 10;

/** A document in the folder, as it was when last looked at. */
export interface StoredDocument {
  /** Number of the document, from its file name. */
  readonly number: number;
  /** From the document itself, or `untitled`. */
  readonly title: string;
  /** Of the file, the folder's path included. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** In ms since 1970. */
  readonly modifiedAt: number;
}

/** What a scan found to be different from the one before. */
export interface FolderChanges {
  /** New documents, and those whose title is another. */
  readonly added: readonly StoredDocument[];
  /** Documents that are no longer there. */
  readonly removed: readonly StoredDocument[];
  /** Whether files were left for the next scan because somebody may still be writing them. */
  readonly unsettled: boolean;
}

/** The documents of one folder. `scan` brings it up to date. */
export class DocumentFolder {
  #documents = new Map<number, StoredDocument>();

  /** What was adopted since the last scan began. */
  readonly #adopted = new Map<number, StoredDocument>();
  readonly #catalogue: Catalogue | undefined;

  /**
   * Takes note of the folder's path; `scan` looks at it.
   *
   * @param catalogue Where titles are looked up and noted. @default none: each is read once by this program
   */
  constructor(readonly path: string, catalogue?: Catalogue) {
    this.#catalogue = catalogue;
  }

  /** The documents found by the last scan, by number, in ascending order; behind them what was adopted since. */
  get documents(): ReadonlyMap<number, StoredDocument> {
    return this.#documents;
  }

  /**
   * Looks through the folder. Only regular files directly in it count, so that no link leads outside; only files
   * whose size or time has changed are opened, and of those only what the catalogue does not know.
   *
   * @param settleMs New and changed files that were written to less than this ago, in ms, are left for the next scan.
   * @throws {FileError} if the folder cannot be read.
   */
  async scan(settleMs = 0): Promise<FolderChanges> {
    const before = this.#documents;
    this.#adopted.clear();
    const found = new Map<number, StoredDocument>();
    let unsettled = false;
    this.#catalogue?.refresh();
    const files = [...listDocuments(this.path)].sort(([a], [b]) => a - b);
    let goBeganAt = performance.now();
    for (const [number, name] of files) {
      const known = before.get(number);
      const document = this.#look(number, name, known);
      if (document !== undefined) {
        const settled = document === known ||
          Math.abs(Date.now() - document.modifiedAt) >= settleMs;
        if (settled) found.set(number, document);
        else unsettled = true;
      }
      if (performance.now() - goBeganAt < goMs) continue;
      await new Promise((turn) => setTimeout(turn, 0));
      goBeganAt = performance.now();
    }
    for (const [number, document] of this.#adopted) found.set(number, document);
    this.#documents = found;
    this.#catalogue?.retain(new Set(files.map(([, name]) => name)));
    return {
      added: [...found.values()].filter(({ number, title }) => before.get(number)?.title !== title),
      removed: [...before.values()].filter(({ number }) => !found.has(number)),
      unsettled,
    };
  }

  /**
   * Takes a file for a document of the folder without looking through all of it.
   *
   * @returns undefined if it is not there, or not directly in the folder.
   */
  adopt(number: number): StoredDocument | undefined {
    const name = documentName(number);
    const document = this.#look(number, name, this.#documents.get(number));
    if (document === undefined) return undefined;
    this.#documents.set(number, document);
    this.#adopted.set(number, document);
    return document;
  }

  #look(
    number: number,
    name: string,
    before: StoredDocument | undefined,
  ): StoredDocument | undefined {
    const path = join(this.path, name);
    try {
      const { size, mtime, isFile } = Deno.lstatSync(path);
      if (!isFile) return undefined;
      const modifiedAt = mtime?.getTime() ?? 0;
      if (before?.path === path && before.size === size && before.modifiedAt === modifiedAt) {
        return before;
      }
      const title = this.#titleOf({ path, size, modifiedAt });
      return { number, title, path, size, modifiedAt };
    } catch {
      // Removed since the folder was listed, or not ours to read: it cannot be served either way.
      return undefined;
    }
  }

  #titleOf(file: FileState): string {
    const known = this.#catalogue?.find(file)?.title;
    if (known !== undefined) return known;
    const readAt = Date.now();
    const title = readTitle(file.path) ?? untitled;
    this.#catalogue?.noteRead(file, { title }, readAt);
    return title;
  }
}

/**
 * The documents directly in a folder: their file names by number. Of several files for one number the name that we
 * would give wins, then the first of the alphabet.
 *
 * @throws {FileError} if the folder cannot be read.
 */
export function listDocuments(folder: string): Map<number, string> {
  if (!mayRead(folder)) throw new FileError("read folder", folder, missingReadPermission);
  const names = new Map<number, string>();
  try {
    for (const { name, isFile } of Deno.readDirSync(folder)) {
      const number = isFile ? findDocumentNumber(name) : undefined;
      if (number === undefined) continue;
      const other = names.get(number);
      const ours = documentName(number);
      if (other === undefined || name === ours || (other !== ours && name < other)) {
        names.set(number, name);
      }
    }
  } catch (error) {
    throw new FileError("read folder", folder, error);
  }
  return names;
}

function readTitle(path: string): string | undefined {
  using file = Deno.openSync(path);
  const bytes = new Uint8Array(maxTitleScanBytes);
  let length = 0;
  while (length < bytes.length) {
    const count = file.readSync(bytes.subarray(length));
    if (count === null) break;
    length += count;
  }
  // Not fatal: old documents have bytes of other encodings.
  return findTitle(new TextDecoder().decode(bytes.subarray(0, length)));
}
