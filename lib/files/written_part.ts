/**
 * A part of a document on the disk.
 * @module
 */
import { crc32 } from "node:zlib";
import type { DigestThread } from "./digest_thread.ts";
import { type DocumentPart, pieceBytes, WrongDigestError } from "./document_part.ts";
import { FileError } from "./file_error.ts";
import type { PartDigest } from "./part_digest.ts";
import type { PieceLog } from "./piece_log.ts";
import { PositionalFile } from "./positional_file.ts";
import { PrefixDigest } from "./prefix_digest.ts";
import { type PieceProgress, ReceivedPieces } from "./received_pieces.ts";
import type { SyncGroup } from "./sync_group.ts";
import { ThreadedDigest } from "./threaded_digest.ts";
import { WriteBack } from "./write_back.ts";

/** After how many bytes it is recorded what is there: so much may have to come again when the program is killed. */
export const recordAfterBytes = 262_144;

/**
 * After how many ms it is recorded what is there, however little. Most documents are whole before, so that nothing is
 * ever recorded of them.
 */
export const recordAfterMs = 1_000;

/** The least that is kept for a later run, in bytes: less comes again sooner than it is looked after. */
export const minKeptBytes = 65_536;

/**
 * From which size on a document is hashed by another thread, in bytes: to start one takes as long as to hash the half
 * of this.
 */
export const threadedBytes = 67_108_864;

/** Where a part lies, and what it shall be. */
export interface PartPlace {
  /** The part, open for reading and writing, and locked. */
  readonly file: Deno.FsFile;
  /** Path of the part. */
  readonly partPath: string;
  /** Path of the document. */
  readonly path: string;
  /** Of the document, in bytes, if it is known. */
  readonly size: number | undefined;
  /** Record for a later run; undefined if none can go on with this part. */
  readonly log: PieceLog | undefined;
  /** With which others it is brought to the disk, if it is short. */
  readonly syncGroup: SyncGroup;
  /** What hashes it, if it is long. */
  readonly digestThread: DigestThread;
}

/** A file that gets the document's name when it is the document. */
export class WrittenPart implements DocumentPart {
  readonly path: string;
  readonly size: number | undefined;
  readonly #file: PositionalFile;
  readonly #partPath: string;
  readonly #log: PieceLog | undefined;
  readonly #syncGroup: SyncGroup;
  readonly #pieces: ReceivedPieces;
  readonly #digest: PartDigest;
  readonly #writeBack: WriteBack;
  readonly #unrecorded = new Set<number>();
  #unrecordedBytes = 0;
  #recordedBytes = 0;
  #recordedAt = performance.now();
  #isWrong = false;
  #open = true;

  /** An empty part; takes over the file and the record. */
  constructor({ file, partPath, path, size, log, syncGroup, digestThread }: PartPlace) {
    this.path = path;
    this.size = size;
    this.#file = new PositionalFile(file, pieceBytes);
    this.#partPath = partPath;
    this.#writeBack = new WriteBack(partPath);
    this.#log = log;
    this.#syncGroup = syncGroup;
    this.#pieces = new ReceivedPieces(size);
    const isThreaded = (size ?? 0) >= threadedBytes && navigator.hardwareConcurrency > 1;
    this.#digest = isThreaded
      ? new ThreadedDigest(digestThread, this.#file, partPath)
      : new PrefixDigest(this.#file);
  }

  get received(): ReadonlySet<number> {
    return this.#pieces.whole;
  }

  receivedBytes(piece: number): number {
    return this.#pieces.get(piece).bytes;
  }

  /**
   * Goes on with what an earlier run received: reads it again, and takes what is as it was recorded.
   *
   * @throws {FileError} if the disk fails.
   */
  async resume(recorded: ReadonlyMap<number, PieceProgress>): Promise<void> {
    try {
      for (const [piece, progress] of [...recorded].sort(([a], [b]) => a - b)) {
        if (progress.bytes === 0 || progress.bytes > this.#pieces.lengthOf(piece)) continue;
        const offset = piece * pieceBytes;
        const found = await this.#file.read(offset, progress.bytes);
        if (found.length < progress.bytes || crc32(found) !== progress.crc32) continue;
        this.#pieces.set(piece, progress);
        this.#digest.take(offset, found);
      }
      this.#follow();
      this.#log?.goOn();
      this.#recordedBytes = this.#pieces.bytes;
    } catch (error) {
      throw this.#failure(error);
    }
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#pieces.assertFits(offset, bytes.length);
    const wholeBefore = this.received.size;
    try {
      this.#file.write(offset, bytes);
      this.#writeBack.note(bytes.length);
      this.#digest.take(offset, bytes);
      for (const piece of this.#pieces.add(offset, bytes)) this.#unrecorded.add(piece);
      this.#unrecordedBytes += bytes.length;
      const hasNewPiece = this.received.size > wholeBefore;
      const isAll = this.#pieces.bytes === this.size;
      if (!isAll && (hasNewPiece || this.#isRecordDue())) this.#record();
      if (hasNewPiece) this.#follow();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  forget(piece: number): void {
    this.#isWrong = false;
    this.#digest.changed(piece * pieceBytes);
    this.#pieces.set(piece, { bytes: 0, crc32: 0 });
    this.#unrecorded.add(piece);
    try {
      if (this.#log?.isBegun) this.#record();
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async finish(sha256: string | undefined): Promise<string> {
    const end = this.size ?? this.#pieces.bytes;
    const missing = end - this.#pieces.bytes;
    if (missing > 0) throw new RangeError(`Cannot finish ${this.path}: ${missing} bytes missing`);
    try {
      const actual = await this.#digest.finish(end);
      this.#isWrong = sha256 !== undefined && actual !== sha256;
      if (sha256 !== undefined && this.#isWrong) {
        throw new WrongDigestError(this.path, sha256, actual);
      }
      // Before it has its name: after a power cut no document may have less than all its bytes.
      await this.#writeBack.end();
      // A long one would keep the others waiting.
      await (end <= pieceBytes ? this.#syncGroup.sync(this.#file) : this.#file.sync());
      Deno.renameSync(this.#partPath, this.path);
      this.#log?.remove();
      this.#close();
      return actual;
    } catch (error) {
      throw error instanceof WrongDigestError ? error : this.#failure(error);
    }
  }

  discard(): void {
    if (!this.#open) return;
    this.#log?.remove();
    try {
      Deno.removeSync(this.#partPath);
    } catch {
      // The folder is gone: nothing is left to remove.
    }
    this.#close();
  }

  /** Keeps what a later run can go on with. What has a wrong digest is of no use to it. */
  [Symbol.dispose](): void {
    if (!this.#open) return;
    try {
      if (this.#pieces.bytes >= minKeptBytes) this.#record();
    } catch {
      // The disk is full, or the folder is gone: what was recorded before can be kept.
    }
    const isOfUse = this.#log !== undefined && !this.#isWrong;
    if (isOfUse && this.#recordedBytes >= minKeptBytes) this.#close();
    else this.discard();
  }

  /** The lock ends with it: not before the part has its name, lest somebody else writes into the document. */
  #close(): void {
    this.#open = false;
    this.#digest[Symbol.dispose]();
    this.#log?.[Symbol.dispose]();
    this.#file[Symbol.dispose]();
  }

  #failure(error: unknown): FileError {
    return new FileError("write", this.path, error);
  }

  #isRecordDue(): boolean {
    const isLarge = (this.size ?? 0) >= pieceBytes;
    return (isLarge && this.#unrecordedBytes >= recordAfterBytes) ||
      performance.now() - this.#recordedAt >= recordAfterMs;
  }

  /** Records what is there. The disk is asked whether the part is: without the folder there is no use in going on. */
  #record(): void {
    Deno.lstatSync(this.#partPath);
    this.#log?.add(this.#unrecorded.values().map((piece) => [piece, this.#pieces.get(piece)]));
    this.#unrecorded.clear();
    this.#unrecordedBytes = 0;
    this.#recordedBytes = this.#pieces.bytes;
    this.#recordedAt = performance.now();
  }

  #follow(): void {
    this.#digest.follow((offset) => this.#pieces.endFrom(offset));
  }
}
