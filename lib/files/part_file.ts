/**
 * Writing a file so that it has its name only when it is whole.
 * @module
 */
import { existsSync } from "node:fs";
import { basename, dirname } from "node:path";
import { FileError } from "./file_error.ts";
import { assertPermitted, openPart } from "./part_lock.ts";

/**
 * A file in the making. It lies beside its place under a name that is no document's, and gets its own by `finish`,
 * in one step. Whatever ends the program before leaves the name as it was.
 */
export class PartFile implements Disposable {
  readonly #target: string;
  readonly #partPath: string;
  readonly #file: Deno.FsFile;
  #open = true;

  private constructor(target: string, partPath: string, file: Deno.FsFile) {
    this.#target = target;
    this.#partPath = partPath;
    this.#file = file;
  }

  /** Begins a file that shall be `target`. @throws {FileError} if the folder is missing, read-only, or not permitted. */
  static async create(target: string): Promise<PartFile> {
    const folder = dirname(target);
    assertPermitted(folder, target);
    assertReplaceable(target);
    try {
      // What a program left that was killed is taken over.
      const { file, partPath } = openPart(folder, `.${basename(target)}`);
      await file.truncate();
      return new PartFile(target, partPath, file);
    } catch (error) {
      throw new FileError("write", target, error);
    }
  }

  /** Adds bytes. @throws {FileError} if the disk does not take them. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        written += await this.#file.write(bytes.subarray(written));
      }
    } catch (error) {
      throw new FileError("write", this.#target, error);
    }
  }

  /** Brings the bytes to the disk and gives the file its name. @throws {FileError} if either fails. */
  async finish(): Promise<void> {
    try {
      await this.#file.syncData();
      // Closing it ends its lock: not before it has its name, lest somebody else writes into it.
      await Deno.rename(this.#partPath, this.#target);
      this.#close();
    } catch (error) {
      this.discard();
      throw new FileError("write", this.#target, error);
    }
  }

  /** Throws away what was written, if `finish` has not been reached. */
  discard(): void {
    if (!this.#open) return;
    try {
      Deno.removeSync(this.#partPath);
    } catch {
      // The folder is gone: nothing is left to remove.
    }
    this.#close();
  }

  /** Throws away what was not finished. */
  [Symbol.dispose](): void {
    this.discard();
  }

  #close(): void {
    if (this.#open) this.#file.close();
    this.#open = false;
  }
}

/**
 * A folder or a device, `/dev/null` say, must not give way to a file. Reading its folder has to be permitted.
 *
 * @throws {FileError} if `target` is one.
 */
export function assertReplaceable(target: string): void {
  // Nearly always nothing is there yet, and an error costs many times as much as a look.
  if (!existsSync(target)) return;
  let isFile = true;
  try {
    isFile = Deno.statSync(target).isFile;
  } catch {
    // It was taken away meanwhile.
  }
  if (!isFile) throw new FileError("write", target, new Error("It is not a regular file"));
}
