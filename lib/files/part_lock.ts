/**
 * Files in the making that several programs may come upon: who has the lock of one may write it, or sweep it away.
 * @module
 */
import { join } from "node:path";
import { mayRead, mayWrite, missingReadPermission, missingWritePermission } from "./access.ts";
import { FileError } from "./file_error.ts";

/** How often a file is opened anew because somebody removed or renamed it in the moment before it was locked. */
const maxAttempts = 8;

/** A file that this program has to itself. */
export interface LockedFile {
  /** Open for reading and writing, and locked until it is closed. */
  readonly file: Deno.FsFile;
  /** How long it is, in bytes: 0 unless somebody left something in it. */
  readonly size: number;
}

/**
 * Opens a file for reading and writing, and locks it until it is closed; makes it if it is not there.
 *
 * @returns undefined if somebody else has it.
 * @throws what the runtime throws.
 */
export function openLocked(path: string): LockedFile | undefined {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    const isLocked = file.tryLockSync(true);
    const there = findAt(path, file);
    if (isLocked && there !== undefined) return { file, size: there.size };
    file.close();
    if (there !== undefined) return undefined;
  }
  return undefined;
}

/** Parts are read as well as written. @throws {FileError} if that is not permitted below `folder`. */
export function assertPermitted(folder: string, path: string): void {
  if (!mayWrite(folder)) throw new FileError("write", path, missingWritePermission);
  if (!mayRead(folder)) throw new FileError("write", path, missingReadPermission);
}

/** A part that this program has to itself. */
export interface LockedPart extends LockedFile {
  /** Where it lies. */
  readonly partPath: string;
  /** Whether it has a name that only this program knows, because another program has the usual one. */
  readonly isPrivate: boolean;
}

/** Opens the part `NAME.part` in a folder or, if it is in use, one `NAME.<uuid>.part`. @throws what the runtime throws. */
export function openPart(folder: string, name: string): LockedPart {
  const usualPath = join(folder, `${name}.part`);
  const usual = openLocked(usualPath);
  if (usual !== undefined) return { ...usual, partPath: usualPath, isPrivate: false };
  const partPath = join(folder, `${name}.${crypto.randomUUID()}.part`);
  const own = openLocked(partPath);
  // Nobody knows the name: only a system without locks comes here.
  if (own === undefined) throw new Error("The file system has no locks");
  return { ...own, partPath, isPrivate: true };
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
    if (file.tryLockSync(true) && findAt(path, file) !== undefined) Deno.removeSync(path);
  } catch {
    // Gone meanwhile, or not ours to remove.
  }
}

/** What is at a path, if it is this file: else that may have become a document, or been removed, meanwhile. */
function findAt(path: string, file: Deno.FsFile): Deno.FileInfo | undefined {
  try {
    const there = Deno.lstatSync(path);
    const here = file.statSync();
    const isSame = there.isFile && there.ino === here.ino && there.dev === here.dev;
    return isSame ? there : undefined;
  } catch {
    return undefined;
  }
}
