/**
 * Failures as one line for a log.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";

/** What went wrong with whom. */
export function describeFailure(error: unknown, remote?: Endpoint): string {
  const text = error instanceof Error ? error.message : String(error);
  const who = remote === undefined ? "" : formatEndpoint(remote);
  return who === "" || text.includes(who) ? text : `${who}: ${text}`;
}
