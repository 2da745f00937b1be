/**
 * Keeping what is replaced: nothing of a person's is ever lost.
 * @module
 */
import { basename, dirname, join } from "node:path";
import { mayWrite, missingWritePermission } from "./access.ts";
import { FileError } from "./file_error.ts";
import { makeStateFolder } from "./state_folder.ts";

/** The folder, within the peer's own in a folder of documents, where files lie that were replaced. */
export const asideFolderName = "set-aside";

/** A file that has a second name, under which it stays when its own is given to another. */
export interface AsideFile {
  /** Where it stays. */
  readonly path: string;
  /** Takes the second name away again: the file was not replaced after all. */
  undo(): void;
}

/**
 * Gives a document a second name, which says what it was and when it was replaced: `set-aside/rfc8600.txt.2026-11-21T12-00-00Z`.
 *
 * @param now When that is, in ms since 1970.
 * @throws {FileError} if that does not succeed: then it must not be replaced.
 */
export function setAside(path: string, now: number = Date.now()): AsideFile {
  const folder = dirname(path);
  if (!mayWrite(folder)) throw new FileError("set aside", path, missingWritePermission);
  const asideFolder = makeStateFolder(folder, asideFolderName);
  const time = new Date(now).toISOString().replace(/\.\d+/, "").replaceAll(":", "-");
  for (let attempt = 1;; attempt++) {
    const name = `${basename(path)}.${time}${attempt === 1 ? "" : `.${attempt}`}`;
    const aside = join(asideFolder, name);
    try {
      keep(path, aside);
      return { path: aside, undo: () => Deno.removeSync(aside) };
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) continue;
      throw new FileError("set aside", path, error);
    }
  }
}

/** By a second link to the same file; by a copy where the file system has none. */
function keep(path: string, aside: string): void {
  try {
    Deno.linkSync(path, aside);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotFound) {
      throw error;
    }
    using _claim = Deno.openSync(aside, { write: true, createNew: true });
    Deno.copyFileSync(path, aside);
  }
}
