/**
 * Showing messages as they go over the wire.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";

/** One message, or a part of one. */
export interface TracedMessage {
  /** As this side sees it. */
  readonly direction: "sent" | "received";
  /** Who sent it, or was sent it. */
  readonly remote: Endpoint;
  /** The exact bytes: a view, to be used at once. */
  readonly bytes: Uint8Array;
  /** The dialect it was found to be in. */
  readonly dialect?: string | undefined;
  /** Whether this goes on with the message traced before. */
  readonly continued?: boolean;
  /** How many bytes of a document follow that are not shown. */
  readonly documentBytes?: number | undefined;
}

/** Is told of every message sent and received. */
export type Trace = (message: TracedMessage) => void;
