/**
 * The name of the operating system, for the `OS` field (RFC 60001 section 3.5.5).
 * @module
 */

const names: Partial<Record<typeof Deno.build.os, string>> = {
  darwin: "Mac OS",
  linux: "Linux",
  windows: "Windows",
};

/** The operating system, with its release if that may be asked for. */
export function systemName(): string {
  const name = names[Deno.build.os] ?? Deno.build.os;
  const mayAsk = Deno.permissions.querySync({ name: "sys", kind: "osRelease" }).state === "granted";
  return mayAsk ? `${name} ${Deno.osRelease()}` : name;
}
