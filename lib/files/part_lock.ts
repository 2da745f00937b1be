/**
 * Files in the making that several programs may come upon: who has the lock of one may write it, or sweep it away.
 * @module
 */
import { join } from "node:path";
import { mayRead, mayWrite, missingReadPermission, missingWritePermission } from "./access.ts";
import { FileError } from "./file_error.ts";

/** How often a file is opened anew because somebody removed or renamed it in the moment before it was locked. */
const maxAttempts = 8;

/**
 * Opens a file for reading and writing, and locks it until it is closed; makes it if it is not there.
 *
 * @returns undefined if somebody else has it.
 * @throws what the runtime throws.
 */
export function openLocked(path: string): Deno.FsFile | undefined {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    if (lock(file, path)) return file;
    const isElsewhere = !isAt(path, file);
    file.close();
    if (!isElsewhere) return undefined;
  }
  return undefined;
}

/** Parts are read as well as written. @throws {FileError} if that is not permitted below `folder`. */
export function assertPermitted(folder: string, path: string): void {
  if (!mayWrite(folder)) throw new FileError("write", path, missingWritePermission);
  if (!mayRead(folder)) throw new FileError("write", path, missingReadPermission);
}

/** A part that this program has to itself. */
export interface LockedPart {
  /** Open for reading and writing, and locked until it is closed. */
  readonly file: Deno.FsFile;
  /** Where it lies. */
  readonly partPath: string;
  /** Whether it has a name that only this program knows, because another program has the usual one. */
  readonly isPrivate: boolean;
}

/** Opens the part `NAME.part` in a folder or, if it is in use, one `NAME.<uuid>.part`. @throws what the runtime throws. */
export function openPart(folder: string, name: string): LockedPart {
  const usualPath = join(folder, `${name}.part`);
  const usual = openLocked(usualPath);
  if (usual !== undefined) return { file: usual, partPath: usualPath, isPrivate: false };
  const partPath = join(folder, `${name}.${crypto.randomUUID()}.part`);
  const file = openLocked(partPath);
  // Nobody knows the name: only a system without locks comes here.
  if (file === undefined) throw new Error("The file system has no locks");
  return { file, partPath, isPrivate: true };
}

/** The name that `openPart` was given, and whether the part is private; undefined if a file is no part. */
export function parsePartName(name: string): { name: string; isPrivate: boolean } | undefined {
  const match = /^(.+?)(\.[0-9a-f]{8}-[0-9a-f-]{27})?\.part$/.exec(name);
  return match === null ? undefined : { name: match[1]!, isPrivate: match[2] !== undefined };
}

/** Removes a file unless somebody has it locked. What cannot be removed stays. */
export function sweep(path: string): void {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    if (lock(file, path)) Deno.removeSync(path);
  } catch {
    // Gone meanwhile, or not ours to remove.
  }
}

/** Whether the file was locked and still is at its path: else it may have become a document meanwhile. */
function lock(file: Deno.FsFile, path: string): boolean {
  return file.tryLockSync(true) && isAt(path, file);
}

function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    const there = Deno.lstatSync(path);
    const here = file.statSync();
    return there.isFile && there.ino === here.ino && there.dev === here.dev;
  } catch {
    return false;
  }
}
