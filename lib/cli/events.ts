/**
 * What the tools report: one event a line, as text for people or as JSON for programs.
 * @module
 */
import { formatEndpoint } from "../protocol/endpoint.ts";

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

/** A document was there already. */
export interface PresentEvent {
  readonly event: "present";
  readonly rfc: number;
  readonly path: string;
}

/** A document came from a peer. */
export interface DownloadedEvent {
  readonly event: "downloaded";
  readonly rfc: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** A holder, or a way to find holders, failed; another is tried. */
export interface PassedOverEvent {
  readonly event: "passed over";
  readonly rfc: number;
  readonly reason: string;
}

/** A document could not be had. */
export interface FailedEvent {
  readonly event: "failed";
  readonly rfc: number;
  readonly reason: string;
}

/** How a command went. */
export interface SummaryEvent {
  readonly event: "summary";
  readonly downloaded: number;
  readonly present: number;
  readonly failed: number;
  readonly bytes: number;
  readonly seconds: number;
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
  | PresentEvent
  | DownloadedEvent
  | PassedOverEvent
  | FailedEvent
  | SummaryEvent
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
    case "present":
      return `RFC ${event.rfc} is there already: ${event.path}`;
    case "downloaded":
      return `RFC ${event.rfc} from ${formatEndpoint(event)}: ${bytesText(event.bytes)} in ${
        secondsText(event.seconds)
      } -> ${event.path}`;
    case "passed over":
      return `RFC ${event.rfc}: ${event.reason}; looking further`;
    case "failed":
      return event.reason;
    case "summary":
      return summaryText(event);
    case "message":
      return event.text;
    case "left":
      return "left";
  }
}

/** Number and holder in columns, then the title, which may be of any length. */
function recordText(record: RecordEvent): string {
  const number = `RFC ${record.rfc}`.padEnd(9);
  const holder = formatEndpoint(record).padEnd(21);
  const ttl = record.ttl === undefined ? "" : `${String(record.ttl).padStart(5)} s  `;
  return `${number}  ${holder}  ${ttl}${record.title}`;
}

function summaryText({ downloaded, present, failed, bytes, seconds }: SummaryEvent): string {
  const parts = [
    `${count(downloaded, "document")}, ${bytesText(bytes)} in ${secondsText(seconds)}`,
  ];
  if (present > 0) parts.push(`${present} there already`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join("; ");
}

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function bytesText(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  if (bytes < 10_000_000) return `${(bytes / 1_000).toFixed(0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function secondsText(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1_000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`;
}
