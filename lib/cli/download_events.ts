/**
 * What is reported of downloads, and as what people read it.
 * @module
 */
import { formatEndpoint } from "../protocol/endpoint.ts";
import { bytesText, count, secondsText } from "./quantities.ts";

/** A holder, and how much of a document it gave. */
export interface Source {
  readonly host: string;
  readonly port: number;
  readonly bytes: number;
}

/** A document was there already. */
export interface PresentEvent {
  readonly event: "present";
  readonly rfc: number;
  readonly path: string;
}

/** A document came. */
export interface DownloadedEvent {
  readonly event: "downloaded";
  readonly rfc: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly path: string;
  /** Who gave it; what they gave is less than the whole if an earlier run had brought some. */
  readonly sources: readonly Source[];
  /** Whether its bytes were checked against a digest; if not, no holder gave one. */
  readonly verified: boolean;
}

/** A holder, or a way to find holders, failed; another is tried. `rfc` is missing if that is about all documents. */
export interface PassedOverEvent {
  readonly event: "passed over";
  readonly rfc?: number;
  readonly reason: string;
}

/** A holder sent wrong bytes; it is not asked again. */
export interface DroppedEvent {
  readonly event: "dropped";
  readonly host: string;
  readonly port: number;
  readonly reason: string;
}

/** Holders give different digests of the same document; `chosen` is the one that counts. */
export interface DisagreementEvent {
  readonly event: "disagreement";
  readonly rfc: number;
  readonly chosen: string;
  readonly votes: readonly {
    readonly sha256: string;
    readonly holders: readonly { readonly host: string; readonly port: number }[];
  }[];
}

/** A document could not be had. */
export interface FailedEvent {
  readonly event: "failed";
  readonly rfc: number;
  readonly reason: string;
}

/** How far everything is; `whole` is a guess as long as some documents' lengths are not known. */
export interface ProgressEvent {
  readonly event: "progress";
  readonly done: number;
  readonly documents: number;
  readonly bytes: number;
  readonly whole?: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft?: number;
  readonly holders: number;
  /** Documents that take longer than a moment. */
  readonly downloads: readonly {
    readonly rfc: number;
    readonly bytes: number;
    readonly whole?: number;
    readonly bytesPerSecond: number;
    readonly holders: number;
  }[];
}

/** How a command went. */
export interface SummaryEvent {
  readonly event: "summary";
  readonly downloaded: number;
  readonly present: number;
  readonly failed: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Documents of which no holder gave a digest. */
  readonly unverified: number;
  /** Who gave how many documents, or parts of them; who gave most comes first. */
  readonly sources: readonly (Source & { readonly documents: number })[];
  readonly failures: readonly { readonly rfc: number; readonly reason: string }[];
}

/** Anything that is reported of downloads. */
export type DownloadEvent =
  | PresentEvent
  | DownloadedEvent
  | PassedOverEvent
  | DroppedEvent
  | DisagreementEvent
  | FailedEvent
  | ProgressEvent
  | SummaryEvent;

/** An event as text for people: mostly one line. */
export function downloadText(event: DownloadEvent): string {
  switch (event.event) {
    case "present":
      return `RFC ${event.rfc} is there already: ${event.path}`;
    case "downloaded":
      return downloadedText(event);
    case "passed over":
      return `${
        event.rfc === undefined ? "" : `RFC ${event.rfc}: `
      }${event.reason}; looking further`;
    case "dropped":
      return droppedText(event);
    case "disagreement":
      return disagreementText(event);
    case "failed":
      return event.reason;
    case "progress":
      return `${event.done} of ${count(event.documents, "document")}`;
    case "summary":
      return summaryText(event);
  }
}

function downloadedText(
  { rfc, bytes, seconds, path, sources, verified }: DownloadedEvent,
): string {
  const [first, ...others] = sources;
  const given = sources.reduce((sum, source) => sum + source.bytes, 0);
  const from = first === undefined
    ? ""
    : ` from ${others.length === 0 ? formatEndpoint(first) : `${sources.length} holders`}`;
  const kept = given < bytes ? `, ${bytesText(bytes - given)} of it from an earlier run` : "";
  const checked = verified ? ", verified" : ", could not be verified";
  return `RFC ${rfc}${from}: ${bytesText(bytes)} in ${
    secondsText(seconds)
  }${kept}${checked} -> ${path}`;
}

/** Most reasons name the holder already. */
function droppedText({ host, port, reason }: DroppedEvent): string {
  const holder = formatEndpoint({ host, port });
  return reason.includes(holder)
    ? `${reason}; it is not asked again`
    : `${holder} is not asked again: ${reason}`;
}

/** Most holders of one opinion that are named to people. */
const maxNamed = 3;

function disagreementText({ rfc, chosen, votes }: DisagreementEvent): string {
  const lines = votes.map(({ sha256, holders }) => {
    const named = holders.slice(0, maxNamed).map(formatEndpoint).join(", ");
    const others = holders.length - maxNamed;
    const who = others > 0 ? `${named} and ${others} more` : named;
    return `  sha-256:${sha256}  ${sha256 === chosen ? "taken   " : "not this"}  ${
      who || "--digest"
    }`;
  });
  return [`RFC ${rfc}: holders disagree about its digest`, ...lines].join("\n");
}

/** Most holders and failures that a summary for people names. */
const maxSummaryLines = 10;

function summaryText(event: SummaryEvent): string {
  const { downloaded, present, failed, unverified, bytes, seconds, sources, failures } = event;
  const parts = [
    `${count(downloaded, "document")}, ${bytesText(bytes)} in ${secondsText(seconds)}`,
  ];
  if (present > 0) parts.push(`${present} there already`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (unverified > 0) parts.push(`${unverified} could not be verified`);
  const from = sources.length < 2 ? [] : limited(sourceLines(sources));
  // What has just been said need not be said again.
  const isLong = downloaded + present + failed > maxSummaryLines;
  const why = isLong ? limited(failures.map(({ reason }) => `  ${reason}`)) : [];
  return [parts.join("; "), ...from, ...why].join("\n");
}

function sourceLines(sources: SummaryEvent["sources"]): string[] {
  const names = sources.map((source) => formatEndpoint(source));
  const amounts = sources.map(({ bytes }) => bytesText(bytes));
  const width = Math.max(...names.map(({ length }) => length));
  const amountWidth = Math.max(...amounts.map(({ length }) => length));
  return sources.map(({ documents }, i) =>
    `  from ${names[i]!.padEnd(width)}  ${amounts[i]!.padStart(amountWidth)}  ${
      count(documents, "document")
    }`
  );
}

function limited(lines: readonly string[]): readonly string[] {
  if (lines.length <= maxSummaryLines) return lines;
  const shown = lines.slice(0, maxSummaryLines - 1);
  return [...shown, `  … and ${lines.length - shown.length} more`];
}
