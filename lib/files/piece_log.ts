/**
 * The record of what was received of a document: it tells the next run, whatever ends this one.
 * @module
 */
import { Buffer } from "node:buffer";
import { existsSync } from "node:fs";
import type { BegunDocument } from "./document_part.ts";
import type { PieceProgress } from "./received_pieces.ts";

/**
 * Longest record that is read, in bytes: it is held in memory for a moment. A line has some 50; there is one for each
 * 256 KiB and for each second, so that this is enough for a document of 80 GB, or one that takes three days.
 */
export const maxLogBytes = 16_777_216;

/** Longest first line of a record, in bytes: a size, a digest and their names have 110. */
const maxHeadBytes = 256;

/** Of which document a record is; undefined if there is none, or it is damaged. */
export function findLoggedDocument(path: string): BegunDocument | undefined {
  // Nearly never there is one, and an error costs many times as much as a look.
  if (!existsSync(path)) return undefined;
  const head = new Uint8Array(maxHeadBytes);
  try {
    using file = Deno.openSync(path);
    const count = file.readSync(head) ?? 0;
    const [line] = new TextDecoder().decode(head.subarray(0, count)).split("\n");
    const { size, sha256 } = parseLine(line);
    const isDigest = typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256);
    return isCount(size) && isDigest ? { size, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A file to which a line is added whenever a piece has come further; the last line about a piece holds. The file is
 * made when there is something to say.
 */
export class PieceLog implements Disposable {
  #file: Deno.FsFile | undefined;

  /** `path` is that of the record. */
  constructor(readonly path: string, readonly document: BegunDocument) {}

  /** What an earlier run recorded; nothing if there is no record, or one of another document. */
  read(): Map<number, PieceProgress> {
    const pieces = new Map<number, PieceProgress>();
    const [first, ...lines] = readLines(this.path);
    const { size, sha256 } = parseLine(first);
    if (size !== this.document.size || sha256 !== this.document.sha256) return pieces;
    for (const line of lines) {
      const { piece, bytes, crc32 } = parseLine(line);
      // A line may have been cut off when its run ended: those around it are good.
      if (isCount(piece) && isCount(bytes) && isCount(crc32)) pieces.set(piece, { bytes, crc32 });
    }
    return pieces;
  }

  /** Goes on with the record that was read. @throws what the runtime throws. */
  goOn(): void {
    this.#file = Deno.openSync(this.path, { append: true });
    // Ends a line that may have been cut off.
    writeAll(this.#file, "\n");
  }

  /** Notes how far pieces have come; begins the record if there is none. @throws what the runtime throws. */
  add(pieces: Iterable<readonly [piece: number, progress: PieceProgress]>): void {
    const lines = Array.from(pieces, ([piece, { bytes, crc32 }]) => ({ piece, bytes, crc32 }));
    if (this.#file === undefined) {
      this.#file = Deno.openSync(this.path, { write: true, create: true, truncate: true });
      writeAll(this.#file, `${JSON.stringify(this.document)}\n`);
    }
    writeAll(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  /** Whether there is a record, as far as this run knows. */
  get isBegun(): boolean {
    return this.#file !== undefined;
  }

  /** Removes the record, if it was begun: the document has its name, or is to come anew. */
  remove(): void {
    if (!this.isBegun) return;
    this[Symbol.dispose]();
    try {
      Deno.removeSync(this.path);
    } catch {
      // The folder is gone, and the record with it.
    }
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }
}

function readLines(path: string): string[] {
  try {
    const { size, isFile } = Deno.lstatSync(path);
    return isFile && size <= maxLogBytes ? Deno.readTextFileSync(path).split("\n") : [];
  } catch {
    return [];
  }
}

function parseLine(line = ""): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function writeAll(file: Deno.FsFile, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) {
    written += file.writeSync(bytes.subarray(written));
  }
}
