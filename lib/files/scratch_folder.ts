/**
 * Folders for as long as something runs.
 * @module
 */
import { join } from "node:path";
import { mayWrite, missingWritePermission } from "./access.ts";
import { documentName } from "./document_name.ts";
import { FileError } from "./file_error.ts";

/** A new folder below another, removed with all it holds when disposed of. */
export class ScratchFolder implements Disposable {
  /** Where it is. */
  readonly path: string;

  /** Makes the folder. @throws {FileError} if that is not permitted or not possible. */
  constructor(parent: string) {
    if (!mayWrite(parent)) throw new FileError("make folder in", parent, missingWritePermission);
    try {
      Deno.mkdirSync(parent, { recursive: true });
      this.path = Deno.makeTempDirSync({ dir: parent, prefix: ".scratch-" });
    } catch (error) {
      throw new FileError("make folder in", parent, error);
    }
  }

  /** Makes a folder in it and returns its path. @throws {FileError} if the disk does not take it. */
  makeFolder(name: string): string {
    const path = join(this.path, name);
    try {
      Deno.mkdirSync(path);
    } catch (error) {
      throw new FileError("make folder", path, error);
    }
    return path;
  }

  /** Removes it. What cannot be removed stays. */
  [Symbol.dispose](): void {
    try {
      Deno.removeSync(this.path, { recursive: true });
    } catch {
      // Removed by somebody else, or held open on a system that minds: nothing depends on it any more.
    }
  }
}

/**
 * Writes a document that need not outlast a crash, in one go: what is measured is the way, not the disk.
 *
 * @param parts Its bytes, one part after another.
 * @throws {FileError} if the disk does not take it.
 */
export async function writeScratchDocument(
  folder: string,
  number: number,
  parts: readonly Uint8Array[],
): Promise<void> {
  const path = join(folder, documentName(number));
  try {
    using file = await Deno.open(path, { write: true, create: true, truncate: true });
    for (const part of parts) {
      for (let written = 0; written < part.length;) {
        written += await file.write(part.subarray(written));
      }
    }
  } catch (error) {
    throw new FileError("write", path, error);
  }
}

/** Copies a document from where it lies. @throws {FileError} if it cannot be read or written. */
export function copyDocument(from: string, folder: string, number: number): void {
  try {
    Deno.copyFileSync(from, join(folder, documentName(number)));
  } catch (error) {
    throw new FileError("copy document", from, error);
  }
}
