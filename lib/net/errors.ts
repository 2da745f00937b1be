/**
 * What can go wrong between two machines, said so that a person can act on it.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";

/** Nobody could be reached at an endpoint. */
export class UnreachableError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "UnreachableError";

  /** `reason` says why in few words: refused, silent, no such host. */
  constructor(readonly endpoint: Endpoint, reason: string) {
    super(`Cannot connect to ${formatEndpoint(endpoint)}: ${reason}`);
  }
}

/** A connection that stood was lost: closed early, reset, or silent for too long. */
export class ConnectionLostError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "ConnectionLostError";

  /**
   * `reason` says what became of it in few words.
   *
   * @param isTooSlow Whether this side ended it because the other one was silent or slow.
   */
  constructor(readonly endpoint: Endpoint, reason: string, readonly isTooSlow: boolean = false) {
    super(`Lost connection to ${formatEndpoint(endpoint)}: ${reason}`);
  }
}

/** A server cannot listen where it was told to. */
export class ListenError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "ListenError";

  /** `reason` says why not in few words. */
  constructor(readonly endpoint: Endpoint, reason: string) {
    super(`Cannot listen on ${formatEndpoint(endpoint)}: ${reason}`);
  }
}

/** What is to be done where the network is not permitted. */
export const missingNetPermission = "permission is missing, add --allow-net";

/** What a system error means, in few words. */
export function describeNetworkError(error: unknown): string {
  if (error instanceof Deno.errors.ConnectionRefused) return "refused, nothing listens there";
  if (error instanceof Deno.errors.ConnectionReset) return "reset by the other side";
  if (error instanceof Deno.errors.BrokenPipe) return "closed by the other side";
  if (error instanceof Deno.errors.AddrInUse) return "the port is in use";
  if (error instanceof Deno.errors.AddrNotAvailable) return "this machine has no such address";
  if (error instanceof Deno.errors.PermissionDenied) return "the system does not permit it";
  if (error instanceof Deno.errors.NotCapable) return missingNetPermission;
  const text = error instanceof Error ? error.message : String(error);
  if (/failed to lookup address/i.test(text)) return "no such host name";
  return text.replace(/ \(os error \d+\)$/, "").toLowerCase();
}
