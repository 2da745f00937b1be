/**
 * The status codes of both protocols, in one table that is used both ways (RFC 60001 section 3.6).
 * @module
 */
import type { Protocol } from "./version.ts";

/** The phrase of each status code; that of 505 stands behind the protocol's name. */
export const statusPhrases = {
  200: "OK",
  206: "Partial Content",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  416: "Range Not Satisfiable",
  503: "Service Unavailable",
  505: "Version Not Supported",
} as const;

/** A status code that this project sends. */
export type StatusCode = keyof typeof statusPhrases;

/** The phrase of a status code; that of 505 names the protocol, as the course has it. */
export function statusPhrase(protocol: Protocol, code: StatusCode): string {
  return code === 505 ? `${protocol} ${statusPhrases[code]}` : statusPhrases[code];
}
