/**
 * Reading a document to send it.
 * @module
 */
import { createHash } from "node:crypto";
import type { ByteRange } from "../protocol/byte_range.ts";
import { FileError } from "./file_error.ts";

/** How much of a document is read and sent in one go, in bytes: most RFCs in one, some copies in flight for large files. */
export const readChunkBytes = 131_072;

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
  readonly #file: Deno.FsFile;

  private constructor(
    readonly path: string,
    file: Deno.FsFile,
    /** In bytes. */
    readonly size: number,
    /** In ms since 1970. */
    readonly modifiedAt: number,
  ) {
    this.#file = file;
  }

  /**
   * Opens a document for reading.
   *
   * @throws {FileError} if there is no such file, it is a link or anything else that is no file, or cannot be read.
   */
  static async open(path: string): Promise<OpenDocument> {
    try {
      // Since the folder was looked at, a link to anywhere may have taken the document's place.
      if (!Deno.lstatSync(path).isFile) throw new Error("It is not a regular file");
      const file = await Deno.open(path);
      const { size, mtime } = await file.stat();
      return new OpenDocument(path, file, size, mtime?.getTime() ?? 0);
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
   * @throws {DocumentChangedError} if the document was changed since it was opened; no more chunks are then given.
   */
  async *chunks(range: ByteRange | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    if (range === undefined) return;
    let left = range.last - range.first + 1;
    await this.#file.seek(range.first, Deno.SeekMode.Start);
    const buffer = new Uint8Array(Math.min(left, readChunkBytes));
    while (left > 0) {
      const count = await this.#file.read(buffer.subarray(0, Math.min(left, buffer.length)));
      if (count === null) throw new DocumentChangedError(this.path);
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
  async read({ first, last }: ByteRange): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(last - first + 1);
    await this.#file.seek(first, Deno.SeekMode.Start);
    for (let length = 0; length < bytes.length;) {
      const count = await this.#file.read(bytes.subarray(length));
      if (count === null) throw new DocumentChangedError(this.path);
      length += count;
    }
    this.#assertUnchanged();
    return bytes;
  }

  /**
   * The SHA-256 of a part, in hexadecimal, read piece by piece.
   *
   * @param signal Ends it; it then throws the signal's reason.
   * @throws {DocumentChangedError} as `chunks`.
   */
  async sha256(range: ByteRange | undefined, signal?: AbortSignal): Promise<string> {
    const hash = createHash("sha256");
    for await (const chunk of this.chunks(range)) {
      signal?.throwIfAborted();
      hash.update(chunk);
    }
    return hash.digest("hex");
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #assertUnchanged(): void {
    const { size, mtime } = this.#file.statSync();
    if (size !== this.size || (mtime?.getTime() ?? 0) !== this.modifiedAt) {
      throw new DocumentChangedError(this.path);
    }
  }
}
