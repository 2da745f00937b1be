/**
 * What the disk or its permissions did not let us do, said so that a person can act on it.
 * @module
 */

/** A file or folder could not be used. */
export class FileError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "FileError";

  /** `attempt` is what was tried, as "write" or "read folder"; `cause` is what the runtime threw. */
  constructor(attempt: string, path: string, cause: unknown) {
    super(`Cannot ${attempt} ${path}: ${describe(cause)}`, { cause });
  }
}

function describe(cause: unknown): string {
  if (cause instanceof Deno.errors.NotFound) return "it does not exist";
  if (cause instanceof Deno.errors.AlreadyExists) return "it exists already";
  if (cause instanceof Deno.errors.NotADirectory) return "it is not a folder";
  if (cause instanceof Deno.errors.IsADirectory) return "it is a folder";
  if (cause instanceof Deno.errors.PermissionDenied) return "the system does not permit it";
  if (cause instanceof Deno.errors.NotCapable) {
    return `permission is missing, add --allow-${/write/i.test(cause.message) ? "write" : "read"}`;
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/os error 28|no space left/i.test(text)) return "no space is left on the disk";
  if (/os error 30|read-only/i.test(text)) return "the disk is read-only";
  return text.replace(/ \(os error \d+\).*$/, "").toLowerCase();
}
