/**
 * What this run of the tests may do. A bare `deno test` may do nothing, and passes: what needs more is skipped.
 * @module
 */

/** A permission that tests need: loopback connections, files, or starting the tools. */
export type NeededPermission = "net" | "read" | "write" | "run";

/** This machine's own addresses: all of the network that tests need. */
const loopbackHosts = ["127.0.0.1", "[::1]", "localhost"];

/** Whether any of these was not given, so that a test that needs them all is to be skipped. */
export function lacks(...names: readonly NeededPermission[]): boolean {
  return names.flatMap(describe)
    .some((permission) => Deno.permissions.querySync(permission).state !== "granted");
}

function describe(name: NeededPermission): Deno.PermissionDescriptor[] {
  switch (name) {
    case "net":
      return loopbackHosts.map((host) => ({ name, host }));
    case "run":
      return [{ name, command: Deno.execPath() }];
    default:
      return [{ name }];
  }
}

/** What a test may do, and whether it is skipped because this run may not do as much. */
export type Permitted = Required<Pick<Deno.TestDefinition, "permissions" | "ignore">>;

/** Of a test of sockets. */
export const withSockets: Permitted = {
  permissions: { net: loopbackHosts },
  ignore: lacks("net"),
};

/** Of a test of files in temporary folders. */
export const withFiles: Permitted = {
  permissions: { read: true, write: true },
  ignore: lacks("read", "write"),
};

/** Of a test of servers that have documents. */
export const withSocketsAndFiles: Permitted = {
  permissions: { net: loopbackHosts, read: true, write: true },
  ignore: lacks("net", "read", "write"),
};

/** Of a test that starts the tools. */
export const withTools: Permitted = {
  permissions: { net: loopbackHosts, read: true, write: true, run: [Deno.execPath()] },
  ignore: lacks("net", "read", "write", "run"),
};

/** Whether this machine has IPv6 and this run may use it. */
export function hasIpv6(): boolean {
  if (lacks("net")) return false;
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

/** The options of a test of something pure, which needs no permission and gets none. */
export const pure: { readonly permissions: "none" } = { permissions: "none" };

/** Whether this machine has script(1) of util-linux, which makes a terminal. */
export function hasTerminals(): boolean {
  if (Deno.build.os !== "linux" || lacks("read")) return false;
  try {
    return Deno.statSync("/usr/bin/script").isFile;
  } catch {
    return false;
  }
}
