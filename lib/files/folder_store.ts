/**
 * Documents that go into a folder: their digests are noted there, and what they replace is set aside.
 * @module
 */
import type { Digests } from "./digests.ts";
import type {
  BegunDocument,
  DocumentPart,
  DocumentStore,
  WantedDocument,
} from "./document_part.ts";
import { PartStore } from "./part_store.ts";
import { setAside } from "./set_aside.ts";

/** What a folder's store works with. */
export interface FolderStoreOptions {
  /** Where digests are noted, so that no document is read again for it. */
  readonly digests: Pick<Digests, "record">;
  /** Files that are to give way to documents, by number. @default none */
  readonly outdated?: ReadonlyMap<number, string>;
  /** Is told of each document as soon as it has its name. */
  readonly stored?: (number: number) => void;
  /** Is told where such a file lies from then on. */
  readonly setAside?: (number: number, path: string) => void;
}

/** Makes the documents of a folder. */
export class FolderStore implements DocumentStore {
  readonly #parts: PartStore;
  readonly #options: FolderStoreOptions;

  /** `folder` is where the documents get their names; it has to be there. */
  constructor(folder: string, options: FolderStoreOptions) {
    this.#parts = new PartStore(folder);
    this.#options = options;
  }

  findEarlier(number: number): BegunDocument | undefined {
    return this.#parts.findEarlier(number);
  }

  async open(number: number, wanted: WantedDocument): Promise<DocumentPart> {
    const part = await this.#parts.open(number, wanted);
    const finish = part.finish.bind(part);
    part.finish = async (sha256) => {
      const outdated = this.#options.outdated?.get(number);
      const actual = outdated === undefined
        ? await finish(sha256)
        : await this.#replace(number, outdated, part.path, () => finish(sha256));
      this.#note(part.path, actual);
      this.#options.stored?.(number);
      return actual;
    };
    return part;
  }

  async #replace(
    number: number,
    outdated: string,
    path: string,
    finish: () => Promise<string>,
  ): Promise<string> {
    const aside = setAside(outdated);
    try {
      const sha256 = await finish();
      // It may have had another of the names that a document can have.
      if (outdated !== path) Deno.removeSync(outdated);
      this.#options.setAside?.(number, aside.path);
      return sha256;
    } catch (error) {
      aside.undo();
      throw error;
    }
  }

  #note(path: string, sha256: string): void {
    try {
      const { size, mtime } = Deno.lstatSync(path);
      this.#options.digests.record({ path, size, modifiedAt: mtime?.getTime() ?? 0 }, sha256);
    } catch {
      // Somebody has taken it away already: there is nothing to note.
    }
  }
}
