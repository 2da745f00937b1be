/**
 * What those who fetch from a holder are given, and how they judge what goes wrong.
 * @module
 */
import { ConnectionLostError } from "../net/errors.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { DocumentFetch } from "./document_fetch.ts";
import { type ClientOptions, RefusedError } from "./client_exchange.ts";
import type { Fetcher } from "./work.ts";

/** What agents are given. */
export interface AgentSupport {
  /** What connections are made with. */
  readonly client: ClientOptions;
  /** The port where this side serves what it gets, if it does. */
  readonly servedPort: number | undefined;
  /** A holder has named another one of a document. */
  hint(document: DocumentFetch, endpoint: Endpoint, by: Fetcher): void;
  /** A holder cannot be asked any more. */
  gone(agent: Fetcher, reason: string): void;
  /** A holder sent wrong bytes. */
  drop(agent: Fetcher, reason: string): void;
  /** A holder has nothing to do any more. */
  changed(): void;
  /** Nothing can be stored, or we have a bug. */
  failed(error: unknown): void;
}

/** Whether this side gave somebody up because it was silent or slow. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof ConnectionLostError && error.isTooSlow;
}

/** Whether somebody may answer if it is asked in another form. */
export function isMisunderstood(error: unknown): boolean {
  return error instanceof RefusedError && maySayMisunderstood(error.status);
}

/** Whether a status may say that a request was not understood. */
export function maySayMisunderstood(status: number | undefined): boolean {
  return status === 400 || status === 505;
}
