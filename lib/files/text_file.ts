/**
 * Texts as files: what was measured.
 * @module
 */
import { mayRead, mayWrite, missingReadPermission, missingWritePermission } from "./access.ts";
import { FileError } from "./file_error.ts";
import { PartFile } from "./part_file.ts";

/** Makes a folder for results if there is none. @throws {FileError} if that is not permitted or not possible. */
export function makeResultFolder(path: string): void {
  if (!mayWrite(path)) throw new FileError("make folder", path, missingWritePermission);
  try {
    Deno.mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new FileError("make folder", path, error);
  }
}

/** Writes a text to a file, which has its name only when it is whole. @throws {FileError} if that fails. */
export async function writeText(path: string, text: string): Promise<void> {
  using file = await PartFile.create(path);
  await file.write(new TextEncoder().encode(text));
  await file.finish();
}

/** Reads a text of up to `maxBytes`. @throws {FileError} if it is longer, or cannot be read. */
export function readText(path: string, maxBytes: number): string {
  if (!mayRead(path)) throw new FileError("read", path, missingReadPermission);
  try {
    const { size } = Deno.statSync(path);
    if (size > maxBytes) throw new Error(`It is longer than ${maxBytes} bytes`);
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw new FileError("read", path, error);
  }
}
