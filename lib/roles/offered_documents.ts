/**
 * What a peer offers of its folder, and how it announces it.
 * @module
 */
import { Catalogue } from "../files/catalogue.ts";
import { Digests } from "../files/digests.ts";
import {
  DocumentFolder,
  type FolderChanges,
  type StoredDocument,
} from "../files/document_folder.ts";
import { inRanges, type NumberRange } from "../protocol/number_ranges.ts";
import type { Announcement } from "./membership.ts";

/** The documents of a folder that are for others: all, or some, but for those that are withheld. */
export class OfferedDocuments {
  /** All documents, those that the peer keeps to itself among them. */
  readonly folder: DocumentFolder;
  /** Their digests. */
  readonly digests: Digests;
  readonly #catalogue: Catalogue;
  readonly #only: readonly NumberRange[] | undefined;
  readonly #withheld = new Set<number>();
  readonly #announcedWithoutDigest = new Set<number>();

  /**
   * Reads what earlier runs kept of a folder; `scan` looks at the folder itself.
   *
   * @param only Which documents are offered; undefined for all.
   * @param signal Ends the computing of digests.
   */
  constructor(path: string, only: readonly NumberRange[] | undefined, signal: AbortSignal) {
    this.#only = only;
    this.#catalogue = new Catalogue(path);
    this.folder = new DocumentFolder(path, this.#catalogue);
    this.digests = new Digests(this.#catalogue, signal);
  }

  /** What is offered, as it was when the folder was last looked at. */
  *all(): Generator<StoredDocument, void, undefined> {
    for (const document of this.folder.documents.values()) {
      if (this.offers(document.number)) yield document;
    }
  }

  /** Whether a document would be offered if it were there. */
  offers(number: number): boolean {
    return (this.#only === undefined || inRanges(this.#only, number)) &&
      !this.#withheld.has(number);
  }

  /** A document that is there and offered. */
  find(number: number): StoredDocument | undefined {
    return this.offers(number) ? this.folder.documents.get(number) : undefined;
  }

  /** Looks at the folder. Returns what has changed of what is offered. @throws {FileError} as the folder does. */
  async scan(settleMs?: number): Promise<FolderChanges> {
    const { added, removed, unsettled } = await this.folder.scan(settleMs);
    await this.save();
    return {
      added: added.filter(({ number }) => this.offers(number)),
      removed: removed.filter(({ number }) => this.offers(number)),
      unsettled,
    };
  }

  /** Takes a document into account that has just come into the folder. Returns it if it is offered. */
  adopt(number: number): StoredDocument | undefined {
    const document = this.folder.adopt(number);
    return this.offers(number) ? document : undefined;
  }

  /** Offers a document no more. */
  withhold(number: number): void {
    this.#withheld.add(number);
  }

  /** Takes `withhold` back. */
  release(number: number): void {
    this.#withheld.delete(number);
  }

  /** How all that is offered is announced. */
  announcements(): Iterable<Announcement> {
    return this.all().map((document) => this.announcementOf(document));
  }

  /** How a document is announced: with its digest, if that is known by now. */
  announcementOf(document: StoredDocument): Announcement {
    const { number, title, size } = document;
    const sha256 = this.digests.find(document);
    if (sha256 === undefined) this.#announcedWithoutDigest.add(number);
    else this.#announcedWithoutDigest.delete(number);
    return { number, title, size, sha256 };
  }

  /** Whether a document was announced before its digest was known. */
  isAnnouncedWithoutDigest({ number }: StoredDocument): boolean {
    return this.#announcedWithoutDigest.has(number);
  }

  /** Says that the digests of documents are being told. */
  noteTold(documents: Iterable<StoredDocument>): void {
    for (const { number } of documents) this.#announcedWithoutDigest.delete(number);
  }

  /** Keeps what is known of the folder for later runs, where that is permitted. */
  save(): Promise<void> {
    return this.#catalogue.save();
  }
}
