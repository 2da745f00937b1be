/**
 * A document that goes into a file which a person named.
 * @module
 */
import { basename, dirname, join } from "node:path";
import { DigestThread } from "./digest_thread.ts";
import type { DocumentPart, DocumentStore, WantedDocument } from "./document_part.ts";
import { FileError } from "./file_error.ts";
import { assertReplaceable } from "./part_file.ts";
import { assertPermitted, openPart, parsePartName, sweep } from "./part_lock.ts";
import { SyncGroup } from "./sync_group.ts";
import { WrittenPart } from "./written_part.ts";

/** Makes one file, whatever the document's number. Its part lies beside it under a hidden name, and is not resumed. */
export class FileStore implements DocumentStore {
  readonly #path: string;

  /** `path` is that of the file. */
  constructor(path: string) {
    this.#path = path;
  }

  // deno-lint-ignore require-await -- it throws as a promise does
  async open(_number: number, { size }: WantedDocument): Promise<DocumentPart> {
    const path = this.#path;
    const folder = dirname(path);
    assertPermitted(folder, path);
    assertReplaceable(path);
    try {
      const hiddenName = `.${basename(path)}`;
      sweepParts(folder, hiddenName);
      const { file, partPath } = openPart(folder, hiddenName);
      file.truncateSync();
      const alone = { syncGroup: new SyncGroup(), digestThread: new DigestThread() };
      return new WrittenPart({ file, partPath, path, size, log: undefined, ...alone });
    } catch (error) {
      throw new FileError("write", path, error);
    }
  }

  findEarlier(): undefined {}
}

/** Removes what programs left beside the file that were killed. */
function sweepParts(folder: string, hiddenName: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    if (parsePartName(name)?.name === hiddenName) sweep(join(folder, name));
  }
}
