/**
 * Reading a document to send it.
 * @module
 */
import { createHash } from "node:crypto";
import type { ByteRange } from "../protocol/byte_range.ts";
import { FileError } from "./file_error.ts";
import { isSameState, type KeptFile, KeptFiles } from "./kept_files.ts";

/** How much of a document is read and sent in one go, in bytes: most RFCs in one, some copies in flight for large files. */
export const readChunkBytes = 131_072;

const keepsNone = new KeptFiles(0);

/** A document changed while it was being read, so that what was sent of it must not be completed. */
export class DocumentChangedError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "DocumentChangedError";

  /** `path` is the document's. */
  constructor(path: string) {
    super(`Cannot go on reading ${path}: it changed meanwhile`);
  }
}

/** A document that is being read, as it was when it was opened. */
export class OpenDocument implements Disposable {
  /** In bytes. */
  readonly size: number;
  /** In ms since 1970. */
  readonly modifiedAt: number;
  readonly #files: KeptFiles;
  readonly #opened: KeptFile;
  readonly #file: Deno.FsFile;
  /** Where the file is read next. */
  #position = 0;

  private constructor(readonly path: string, files: KeptFiles, opened: KeptFile) {
    this.#files = files;
    this.#opened = opened;
    this.#file = opened.file;
    this.size = opened.state.size;
    this.modifiedAt = opened.state.mtime?.getTime() ?? 0;
  }

  /**
   * Opens a document for reading. Synchronous, as is reading: for what nearly always is in the system's cache already,
   * handing each step to another thread takes several times as long as the step.
   *
   * @param files Opens the file and takes it back in the end. @default closes it then
   * @throws {FileError} if there is no such file, it is a link or anything else that is no file, or cannot be read.
   */
  static open(path: string, files: KeptFiles = keepsNone): OpenDocument {
    try {
      return new OpenDocument(path, files, files.open(path));
    } catch (error) {
      throw new FileError("open document", path, error);
    }
  }

  /** The whole document as a range; an empty document has none. */
  get whole(): ByteRange | undefined {
    return this.size === 0 ? undefined : { first: 0, last: this.size - 1 };
  }

  /**
   * The bytes of a part, in chunks. A chunk is a view, valid until the next is asked for. Before each is given, the
   * file is looked at again.
   *
   * @param buffer What chunks are read into; of this size they are.
   * @throws {DocumentChangedError} if the document was changed since it was opened; no more chunks are then given.
   */
  *chunks(
    range: ByteRange | undefined,
    buffer: Uint8Array = new Uint8Array(Math.min(lengthOf(range), readChunkBytes)),
  ): Generator<Uint8Array, void, undefined> {
    if (range === undefined) return;
    this.#seek(range.first);
    for (let left = lengthOf(range); left > 0;) {
      const count = this.#file.readSync(left < buffer.length ? buffer.subarray(0, left) : buffer);
      if (count === null) throw new DocumentChangedError(this.path);
      this.#position += count;
      left -= count;
      this.#assertUnchanged();
      yield buffer.subarray(0, count);
    }
  }

  /**
   * The bytes of a part, all at once; the caller bounds how many these are.
   *
   * @throws {DocumentChangedError} as `chunks`.
   */
  read({ first, last }: ByteRange): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(last - first + 1);
    this.#seek(first);
    for (let length = 0; length < bytes.length;) {
      const count = this.#file.readSync(bytes.subarray(length));
      if (count === null) throw new DocumentChangedError(this.path);
      this.#position += count;
      length += count;
    }
    this.#assertUnchanged();
    return bytes;
  }

  /**
   * The SHA-256 of a part, in hexadecimal, read piece by piece; others have their turn meanwhile.
   *
   * @param signal Ends it; it then throws the signal's reason.
   * @throws {DocumentChangedError} as `chunks`.
   */
  async sha256(range: ByteRange | undefined, signal?: AbortSignal): Promise<string> {
    const hash = createHash("sha256");
    const buffer = new Uint8Array(Math.min(lengthOf(range), readChunkBytes));
    this.#seek(range?.first ?? 0);
    for (let left = lengthOf(range); left > 0;) {
      signal?.throwIfAborted();
      const count = await this.#file.read(buffer.subarray(0, left));
      if (count === null) throw new DocumentChangedError(this.path);
      hash.update(buffer.subarray(0, count));
      this.#position += count;
      left -= count;
    }
    this.#assertUnchanged();
    return hash.digest("hex");
  }

  /** Gives the file back. */
  [Symbol.dispose](): void {
    this.#files.giveBack(this.#opened);
  }

  #seek(position: number): void {
    if (position === this.#position) return;
    this.#position = this.#file.seekSync(position, Deno.SeekMode.Start);
  }

  /** Asks by name first, which costs a third: only if that names something else now, the file itself is asked. */
  #assertUnchanged(): void {
    const { state } = this.#opened;
    if (isSameState(state, lstatIfThere(this.path))) return;
    if (isSameState(state, this.#file.statSync())) return;
    throw new DocumentChangedError(this.path);
  }
}

function lstatIfThere(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch {
    return undefined;
  }
}

function lengthOf(range: ByteRange | undefined): number {
  return range === undefined ? 0 : range.last - range.first + 1;
}
