/**
 * Protocol names and versions (RFC 60001 section 3.3).
 * @module
 */
import { ProtocolError, quoted } from "./protocol_error.ts";

/** The two protocols: central index and distributed index. */
export type Protocol = "P2P-CI" | "P2P-DI";

/** The one version there is of either protocol. */
export const protocolVersion = "1.0";

/**
 * The protocol that a version token names.
 *
 * @throws {ProtocolError} 400 if the token is not a version of either protocol, 505 if it is another version than 1.0.
 */
export function parseVersion(token: string): Protocol {
  if (token === "P2P-CI/1.0") return "P2P-CI";
  if (token === "P2P-DI/1.0") return "P2P-DI";
  const match = /^(P2P-CI|P2P-DI)\/\d{1,3}\.\d{1,3}$/.exec(token);
  if (match === null) {
    throw new ProtocolError(
      400,
      `Cannot parse version: expected P2P-CI/1.0 or P2P-DI/1.0, got ${quoted(token)}`,
    );
  }
  const protocol = match[1] as Protocol;
  throw new ProtocolError(505, `Cannot serve version ${token}: only ${protocolVersion} is spoken`, {
    protocol,
  });
}
