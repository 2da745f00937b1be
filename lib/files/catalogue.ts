/**
 * What was read of the documents of a folder, kept from one run to the next, so that no file is read twice for it.
 * @module
 */
import { basename } from "node:path";
import { mayRead, mayWrite } from "./access.ts";
import {
  type CatalogueEntry,
  findCatalogueHead,
  findEntry,
  formatCatalogueHead,
  formatEntry,
} from "./catalogue_entry.ts";
import type { StoredDocument } from "./document_folder.ts";
import { FileError } from "./file_error.ts";
import { PartFile } from "./part_file.ts";
import { makeStateFolder, statePath } from "./state_folder.ts";

/** Largest catalogue that is read, in bytes: a quarter of a million documents. */
const maxCatalogueBytes = 67_108_864;

/**
 * How old a change of a file must be for what is read of it to be kept, in ms. A clock of files may stand still for
 * so long (FAT); a file that is changed again meanwhile shows the same time.
 */
export const settledMs = 2_000;

/** A file as it was seen. */
export type FileState = Pick<StoredDocument, "path" | "size" | "modifiedAt">;

/**
 * The titles and digests of the files of one folder. Several programs may keep one for the same folder: each takes
 * over what another has written. Where it cannot be written it lasts as long as the program.
 */
export class Catalogue {
  readonly #documentFolder: string;
  /** As last read or written. */
  #kept = new Map<string, CatalogueEntry>();
  /** Noted since. */
  readonly #noted = new Map<string, CatalogueEntry>();
  /** Whether there are entries in the file that should not be. */
  #hasOutdated = false;
  /** Tells whether somebody else has written the file. */
  #stamp = "";
  #saving: Promise<void> = Promise.resolve();

  /** Reads nothing yet. */
  constructor(documentFolder: string) {
    this.#documentFolder = documentFolder;
  }

  get #path(): string {
    return statePath(this.#documentFolder, "catalogue.ndjson");
  }

  /** What is known of a file in this state. */
  find({ path, size, modifiedAt }: FileState): CatalogueEntry | undefined {
    const name = basename(path);
    const entry = this.last(name);
    return entry?.size === size && entry.modifiedAt === modifiedAt ? entry : undefined;
  }

  /** What was last noted of a file of this name, in whatever state it was. */
  last(name: string): CatalogueEntry | undefined {
    return this.#noted.get(name) ?? this.#kept.get(name);
  }

  /**
   * Takes note of what was read of a file, unless it may be changed without showing another time.
   *
   * @param readAt When it began to be read, in ms since 1970.
   */
  noteRead(file: FileState, facts: Pick<CatalogueEntry, "title" | "sha256">, readAt: number): void {
    // A time to come is none that a change would give.
    if (Math.abs(readAt - file.modifiedAt) >= settledMs) this.noteWritten(file, facts);
  }

  /** Takes note of what is known of a file because this program wrote it. */
  noteWritten(file: FileState, facts: Pick<CatalogueEntry, "title" | "sha256">): void {
    const name = basename(file.path);
    const { size, modifiedAt } = file;
    this.#noted.set(name, { ...this.find(file), name, size, modifiedAt, ...facts });
  }

  /** Forgets the files that are not among these, by name. */
  retain(names: ReadonlySet<string>): void {
    for (const name of this.#noted.keys()) if (!names.has(name)) this.#noted.delete(name);
    for (const name of this.#kept.keys()) {
      if (names.has(name)) continue;
      this.#kept.delete(name);
      this.#hasOutdated = true;
    }
  }

  /** Takes over what is in the file, if it was written by somebody else since. One that cannot be read holds nothing. */
  refresh(): void {
    if (!mayRead(this.#path)) return;
    const stamp = stampOf(this.#path);
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#kept = readEntries(this.#path);
    this.#hasOutdated = false;
  }

  /** Writes what was noted, if anything was and it may be written; else it costs a reading the next time, no more. */
  save(): Promise<void> {
    return this.#saving = this.#saving.then(() => this.#save());
  }

  async #save(): Promise<void> {
    const isCurrent = this.#noted.size === 0 && !this.#hasOutdated;
    if (isCurrent || !mayWrite(this.#path)) return;
    this.refresh();
    const noted = new Map(this.#noted);
    const entries = new Map([...this.#kept, ...noted]);
    try {
      makeStateFolder(this.#documentFolder);
      using file = await PartFile.create(this.#path);
      await file.write(encodeEntries(entries.values()));
      await file.finish();
    } catch (error) {
      // A disk that is full or read-only: what was read once more is all that is lost.
      if (error instanceof FileError) return;
      throw error;
    }
    this.#stamp = stampOf(this.#path);
    this.#kept = entries;
    this.#hasOutdated = false;
    for (const [name, entry] of noted) {
      if (this.#noted.get(name) === entry) this.#noted.delete(name);
    }
  }
}

/** Tells one state of a catalogue's file from another: each is a new file. */
function stampOf(path: string): string {
  try {
    const { ino, size, mtime } = Deno.statSync(path);
    return `${ino} ${size} ${mtime?.getTime()}`;
  } catch {
    return "";
  }
}

/** The entries of a catalogue's file, by name; lines that are none are passed over. */
function readEntries(path: string): Map<string, CatalogueEntry> {
  const entries = new Map<string, CatalogueEntry>();
  const [first, ...lines] = readText(path).split("\n");
  const head = findCatalogueHead(first!);
  if (head === undefined) return entries;
  for (const line of lines) {
    const entry = findEntry(line);
    if (entry === undefined) continue;
    const { title: _, ...untitled } = entry;
    entries.set(entry.name, head.titlesHold ? entry : untitled);
  }
  return entries;
}

function readText(path: string): string {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= maxCatalogueBytes ? Deno.readTextFileSync(path) : "";
  } catch {
    return "";
  }
}

function encodeEntries(entries: Iterable<CatalogueEntry>): Uint8Array<ArrayBuffer> {
  const lines = Array.from(entries, formatEntry);
  return new TextEncoder().encode([formatCatalogueHead(), ...lines, ""].join("\n"));
}
