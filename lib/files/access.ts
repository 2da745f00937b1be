/**
 * Asking what may be done, without ever stopping to ask a person.
 * @module
 */

/** Whether reading below a path is permitted. */
export function mayRead(path: string): boolean {
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}

/** Whether writing below a path is permitted. */
export function mayWrite(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

/** Why a read that was not permitted is not tried: the runtime would stop and ask. */
export const missingReadPermission: Error = new Deno.errors.NotCapable(
  "Requires read access, run again with --allow-read",
);
/** Why a write that was not permitted is not tried. */
export const missingWritePermission: Error = new Deno.errors.NotCapable(
  "Requires write access, run again with --allow-write",
);
