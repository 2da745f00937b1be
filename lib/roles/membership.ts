/**
 * What a stay with either server has in common.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import type { DocumentDetails } from "../protocol/listed_record.ts";

/** Which system a server belongs to, as the tools' options name it. */
export type System = "ci" | "rs";

/** A document to be announced; size and digest are for servers that take them. */
export interface Announcement extends DocumentDetails {
  /** Number of the document. */
  readonly number: number;
  /** As its records will have it. */
  readonly title: string;
}

/** Is told how a stay with a server goes. */
export interface MembershipEvents {
  /** The peer is known to the server (again), as `self`. */
  joined(system: System, server: Endpoint, self: Endpoint): void;
  /** The server is gone; the peer keeps trying. */
  lost(system: System, server: Endpoint, reason: Error): void;
}
