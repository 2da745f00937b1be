/**
 * Reading and writing a file at any place.
 * @module
 */

/** An open file whose position is looked after. Synchronous calls cost a tenth of asynchronous ones here. */
export class PositionalFile implements Disposable {
  readonly #file: Deno.FsFile;
  readonly #maxReadBytes: number;
  #buffer: Uint8Array | undefined;
  /** Undefined if a call failed, and nobody knows. */
  #position: number | undefined = 0;

  /** Takes over a file that was just opened. `maxReadBytes` is how much is read at once at most. */
  constructor(file: Deno.FsFile, maxReadBytes: number) {
    this.#file = file;
    this.#maxReadBytes = maxReadBytes;
  }

  /** Writes all the bytes. @throws what the runtime throws. */
  write(offset: number, bytes: Uint8Array): void {
    this.#seek(offset);
    for (let written = 0; written < bytes.length;) {
      written += this.#file.writeSync(bytes.subarray(written));
    }
    this.#position = offset + bytes.length;
  }

  /** Reads up to `length` bytes: a view that holds until the next read. @throws what the runtime throws. */
  readSync(offset: number, length: number): Uint8Array {
    const buffer = this.#bufferOf(length);
    this.#seek(offset);
    let count = 0;
    while (count < buffer.length) {
      const got = this.#file.readSync(buffer.subarray(count));
      if (got === null) break;
      count += got;
    }
    return buffer.subarray(0, count);
  }

  /** As `readSync`, while others have their turn; nothing else may be done with the file meanwhile. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const buffer = this.#bufferOf(length);
    this.#seek(offset);
    let count = 0;
    while (count < buffer.length) {
      const got = await this.#file.read(buffer.subarray(count));
      if (got === null) break;
      count += got;
    }
    return buffer.subarray(0, count);
  }

  /** Brings the bytes to the disk. @throws what the runtime throws. */
  async sync(): Promise<void> {
    await this.#file.syncData();
  }

  /** Closes the file; a lock on it ends. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #bufferOf(length: number): Uint8Array {
    this.#buffer ??= new Uint8Array(this.#maxReadBytes);
    return this.#buffer.subarray(0, length);
  }

  #seek(offset: number): void {
    if (this.#position !== offset) this.#file.seekSync(offset, Deno.SeekMode.Start);
    this.#position = undefined;
  }
}
