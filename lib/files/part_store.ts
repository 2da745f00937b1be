/**
 * Where documents are made: in a folder of the peer's own, until they are whole.
 * @module
 */
import { join } from "node:path";
import { makeStateFolder, statePath } from "./state_folder.ts";
import { DigestThread } from "./digest_thread.ts";
import { documentName } from "./document_name.ts";
import type {
  BegunDocument,
  DocumentPart,
  DocumentStore,
  WantedDocument,
} from "./document_part.ts";
import { FileError } from "./file_error.ts";
import { assertReplaceable } from "./part_file.ts";
import { assertPermitted, openPart, parsePartName, sweep } from "./part_lock.ts";
import { findLoggedDocument, PieceLog } from "./piece_log.ts";
import { SyncGroup } from "./sync_group.ts";
import { WrittenPart } from "./written_part.ts";

/** The folder, within the peer's own in a folder of documents, where parts lie. Nothing in it is ever announced. */
export const partsFolderName = "parts";

/** What follows a document's name in that of the record about its part. */
const logSuffix = ".ndjson";

/**
 * Makes the documents of a folder. When the program is killed, the next one goes on where it was; when two programs make
 * the same document at once, each has a part of its own.
 */
export class PartStore implements DocumentStore {
  readonly #documentFolder: string;
  readonly #folder: string;
  readonly #syncGroup = new SyncGroup();
  readonly #digestThread = new DigestThread();
  #isPrepared = false;

  /** `documentFolder` is where the documents get their names; it has to be there. */
  constructor(documentFolder: string) {
    this.#documentFolder = documentFolder;
    this.#folder = statePath(documentFolder, partsFolderName);
  }

  async open(number: number, wanted: WantedDocument): Promise<DocumentPart> {
    const path = join(this.#documentFolder, documentName(number));
    if (!this.#isPrepared) assertPermitted(this.#documentFolder, path);
    assertReplaceable(path);
    try {
      this.#prepare();
      return await this.#openPart(number, path, wanted);
    } catch (error) {
      throw new FileError("write", path, error instanceof FileError ? error.cause : error);
    }
  }

  findEarlier(number: number): BegunDocument | undefined {
    return findLoggedDocument(join(this.#folder, documentName(number) + logSuffix));
  }

  async #openPart(number: number, path: string, wanted: WantedDocument): Promise<DocumentPart> {
    const name = documentName(number);
    const { file, size: leftBytes, partPath, isPrivate } = openPart(this.#folder, name);
    const { size, sha256 } = wanted;
    const log = isPrivate || size === undefined || sha256 === undefined
      ? undefined
      : new PieceLog(join(this.#folder, name + logSuffix), { size, sha256 });
    const together = { syncGroup: this.#syncGroup, digestThread: this.#digestThread };
    const part = new WrittenPart({ file, partPath, path, size, log, ...together });
    // Nearly always it was made just now, and nothing else has to be looked at.
    if (leftBytes === 0) return part;
    try {
      const recorded = log?.read() ?? new Map();
      if (recorded.size > 0) {
        await part.resume(recorded);
      } else {
        file.truncateSync();
        removeIfThere(join(this.#folder, name + logSuffix));
      }
      return part;
    } catch (error) {
      part.discard();
      throw error;
    }
  }

  /** Makes the folder of parts, but not the documents' own: if that has gone, it is for a person to say why. */
  #prepare(): void {
    if (this.#isPrepared) return;
    makeStateFolder(this.#documentFolder, partsFolderName);
    this.#sweep();
    this.#isPrepared = true;
  }

  /** Removes what programs left that were killed, unless somebody can go on with it, or still writes it. */
  #sweep(): void {
    const names = new Set(Deno.readDirSync(this.#folder).map(({ name }) => name));
    for (const name of names) {
      const part = parsePartName(name);
      if (part !== undefined) {
        if (part.isPrivate || !names.has(part.name + logSuffix)) sweep(join(this.#folder, name));
      } else if (name.endsWith(logSuffix)) {
        this.#sweepLog(name);
      }
    }
  }

  /** A record is of use as long as its part is there. The part is made before, and has the document's name before. */
  #sweepLog(name: string): void {
    const path = join(this.#folder, name);
    try {
      Deno.lstatSync(`${path.slice(0, -logSuffix.length)}.part`);
    } catch {
      removeIfThere(path);
    }
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
