/**
 * The folder, within a folder of documents, for what the peer keeps for itself. Nothing in it is ever announced.
 * @module
 */
import { join } from "node:path";
import { FileError } from "./file_error.ts";

/** Its name. */
export const stateFolderName = ".rfc-exchange";

/** Where it lies for a folder of documents, whether it is there or not; `names` lead to something within. */
export function statePath(documentFolder: string, ...names: readonly string[]): string {
  return join(documentFolder, stateFolderName, ...names);
}

/**
 * Makes it, or a folder within it, if it is not there. The folder of documents itself must be.
 *
 * @returns Its path.
 * @throws {FileError} if it cannot be made.
 */
export function makeStateFolder(documentFolder: string, ...names: readonly string[]): string {
  let path = documentFolder;
  for (const name of [stateFolderName, ...names]) {
    path = join(path, name);
    try {
      makeFolder(path);
    } catch (error) {
      throw new FileError("make folder", path, error);
    }
  }
  return path;
}

function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    // Takes a folder that is there, and nothing else. The first attempt did not make the one above it, too.
    Deno.mkdirSync(path, { recursive: true });
  }
}
