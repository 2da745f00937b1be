/**
 * What a peer is told to be, and whom it tells what happens.
 * @module
 */
import type { StoredDocument } from "../files/document_folder.ts";
import type { RateLimiter } from "../net/rate_limiter.ts";
import type { Trace } from "../net/trace.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { NumberRange } from "../protocol/number_ranges.ts";
import type { System } from "./membership.ts";

/** What a peer is told to be. */
export interface PeerOptions {
  /** The folder of its documents. */
  readonly folder: string;
  /** Only these are announced and served. @default all */
  readonly only?: readonly NumberRange[] | undefined;
  /** The central index server to stay with. */
  readonly ci?: Endpoint | undefined;
  /** The registration server to stay with. */
  readonly rs?: Endpoint | undefined;
  /** Where its RFC server listens. @default every address */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** How others reach it. @default the address that this machine has towards each server */
  readonly name?: string | undefined;
  /** Limits what all uploads send together. @default no limit */
  readonly uploadLimiter?: RateLimiter | undefined;
  /** How many documents go out at a time. @default as many as are asked for */
  readonly maxUploads?: number | undefined;
  /** Limits what its downloads receive together. @default no limit */
  readonly downloadLimiter?: RateLimiter | undefined;
  /** How much faster than the wall's the protocols' time runs; its servers' must run as fast. @default 1 */
  readonly timeScale?: number | undefined;
  /** What the `OS` field says. */
  readonly os: string;
  /** Is told of every message. */
  readonly trace?: Trace | undefined;
  /** Is told what happens. */
  readonly events: PeerEvents;
  /** Gives up joining when it fires; a peer that has joined is left by disposing of it. */
  readonly signal?: AbortSignal | undefined;
}

/** Is told what happens to a peer. */
export interface PeerEvents {
  /** The peer is known to a server (again), as `self`, with so many documents. */
  joined(system: System, server: Endpoint, self: Endpoint, documents: number): void;
  /** A server is gone; the peer keeps trying. */
  lost(system: System, server: Endpoint, reason: Error): void;
  /** The folder has changed; the servers know. */
  changed(added: readonly StoredDocument[], removed: readonly StoredDocument[]): void;
  /** A document went out whole. */
  uploaded(document: StoredDocument, to: Endpoint): void;
}
