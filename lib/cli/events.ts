/**
 * What the tools report: one event a line, as text for people or as JSON for programs.
 * @module
 */
import { formatEndpoint } from "../protocol/endpoint.ts";
import { type DownloadEvent, downloadText } from "./download_events.ts";
import { type LabEvent, labText } from "./lab_events.ts";
import { count } from "./quantities.ts";
import { type VerifyEvent, verifyText } from "./verify_events.ts";

/** A server is ready, or a peer. */
export interface ListeningEvent {
  readonly event: "listening";
  readonly tool: string;
  readonly host: string;
  readonly port: number;
}

/** A peer is known to a server, under `host` and `port`. */
export interface JoinedEvent {
  readonly event: "joined";
  readonly system: "ci" | "rs";
  readonly server: string;
  readonly host: string;
  readonly port: number;
  readonly documents: number;
}

/** A peer's server is gone. */
export interface LostEvent {
  readonly event: "lost";
  readonly system: "ci" | "rs";
  readonly server: string;
  readonly reason: string;
}

/** Documents came into a peer's folder, or went. */
export interface ChangedEvent {
  readonly event: "announced" | "withdrawn";
  readonly rfc: number;
  readonly title: string;
}

/** A record of an index; `ttl` in seconds, if it has one. */
export interface RecordEvent {
  readonly event: "record";
  readonly rfc: number;
  readonly title: string;
  readonly host: string;
  readonly port: number;
  readonly ttl?: number;
}

/** An active peer. */
export interface PeerEvent {
  readonly event: "peer";
  readonly host: string;
  readonly port: number;
}

/** A document went out to a peer whole. */
export interface UploadedEvent {
  readonly event: "uploaded";
  readonly rfc: number;
  readonly host: string;
  readonly port: number;
}

/** A message went over the wire. */
export interface MessageEvent {
  readonly event: "message";
  readonly direction: "sent" | "received";
  readonly remote: string;
  readonly text: string;
  readonly continued: boolean;
  readonly documentBytes?: number;
}

/** A peer has left its servers. */
export interface LeftEvent {
  readonly event: "left";
}

/** Anything that a tool reports. */
export type ToolEvent =
  | ListeningEvent
  | JoinedEvent
  | LostEvent
  | ChangedEvent
  | RecordEvent
  | PeerEvent
  | UploadedEvent
  | DownloadEvent
  | VerifyEvent
  | LabEvent
  | MessageEvent
  | LeftEvent;

const systemNames = { ci: "central index server", rs: "registration server" } as const;

/** An event as a line for people. */
export function toText(event: ToolEvent): string {
  switch (event.event) {
    case "listening":
      return `${event.tool} listening on ${formatEndpoint(event)}`;
    case "joined":
      return `joined ${systemNames[event.system]} ${event.server} as ${
        formatEndpoint(event)
      } with ${count(event.documents, "document")}`;
    case "lost":
      return `lost ${systemNames[event.system]} ${event.server}, trying again: ${event.reason}`;
    case "announced":
      return `announced RFC ${event.rfc} ${event.title}`;
    case "withdrawn":
      return `withdrew RFC ${event.rfc} ${event.title}`;
    case "record":
      return recordText(event);
    case "peer":
      return formatEndpoint(event);
    case "uploaded":
      return `sent RFC ${event.rfc} to ${formatEndpoint(event)}`;
    case "message":
      return event.text;
    case "left":
      return "left";
    case "checked":
    case "set aside":
    case "verified":
      return verifyText(event);
    case "run":
    case "experiment":
    case "written":
      return labText(event);
    default:
      return downloadText(event);
  }
}

/** Number and holder in columns, then the title, which may be of any length. */
function recordText(record: RecordEvent): string {
  const number = `RFC ${record.rfc}`.padEnd(9);
  const holder = formatEndpoint(record).padEnd(21);
  const ttl = record.ttl === undefined ? "" : `${String(record.ttl).padStart(5)} s  `;
  return `${number}  ${holder}  ${ttl}${record.title}`;
}
