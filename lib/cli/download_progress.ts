/**
 * Showing how far downloads are: lines on a terminal, events for programs, nothing in a pipe.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import type { ProgressEvent } from "./download_events.ts";
import type { Output } from "./output.ts";
import { renderProgress, secondsLeft } from "./progress.ts";
import { findTerminal, ProgressDisplay, type Terminal } from "./progress_display.ts";
import { type TransferReport, Transfers } from "./transfers.ts";

/** How often programs are told, in ms. */
const eventMs = 1_000;

/** Most documents that have a line of their own; the line of all together tells about the others. */
const maxDocumentLines = 8;

/** How far downloads are, shown until disposed of. */
export class DownloadProgress implements Disposable {
  readonly #running = new DisposableStack();
  /** Nobody counts what nobody is shown. */
  readonly #transfers: Transfers | undefined;

  /**
   * @param isTraced Whether messages are shown: they are of more use than lines that they would tear apart.
   * @param terminal Where people are shown, if anywhere.
   */
  constructor(output: Output, isTraced: boolean, terminal: Terminal | undefined = findTerminal()) {
    const transfers = new Transfers();
    if (output.json) {
      this.#transfers = transfers;
      const timer = setInterval(() => report(transfers, output), eventMs);
      this.#running.defer(() => clearInterval(timer));
    } else if (terminal !== undefined && !isTraced) {
      this.#transfers = transfers;
      const lines = (columns: number, rows: number) =>
        transferLines(transfers.report(), columns, rows);
      output.overlay = this.#running.use(new ProgressDisplay(terminal, lines));
      this.#running.defer(() => output.overlay = undefined);
    }
  }

  /** So many more documents are to be brought. */
  want(documents: number): void {
    this.#transfers?.want(documents);
  }

  /** The length of a document is known, and how much of it an earlier run has brought, in bytes. */
  sized(number: number, bytes: number, kept: number): void {
    this.#transfers?.sized(number, bytes, kept);
  }

  /** Bytes came. */
  received(number: number, holder: Endpoint, bytes: number): void {
    this.#transfers?.received(number, holder, bytes);
  }

  /** A document needs no more, or will not come. */
  ended(number: number): void {
    this.#transfers?.ended(number);
  }

  [Symbol.dispose](): void {
    this.#running.dispose();
  }
}

/** The lines of a terminal for what is under way: a line for each document, and one for all if there are several. */
export function transferLines(
  { documents, total }: TransferReport,
  columns: number,
  rows: number,
): string[] {
  if (total.wanted <= 1) return renderProgress(documents, columns);
  const shown = documents.slice(0, Math.max(0, Math.min(maxDocumentLines, rows - 1)));
  return total.done === total.wanted ? [] : renderProgress([...shown, total], columns);
}

function report(transfers: Transfers, output: Output): void {
  const { documents, total } = transfers.report();
  if (total.done < total.wanted) output.result(progressEvent({ documents, total }));
}

/** What programs are told. */
export function progressEvent({ documents, total }: TransferReport): ProgressEvent {
  const seconds = secondsLeft(total);
  return {
    event: "progress",
    done: total.done,
    documents: total.wanted,
    bytes: total.bytes,
    ...(total.whole === undefined ? {} : { whole: total.whole }),
    bytesPerSecond: Math.round(total.bytesPerSecond),
    ...(seconds === undefined ? {} : { secondsLeft: Math.round(seconds) }),
    holders: total.holders,
    downloads: documents.map(({ rfc, bytes, whole, holders, bytesPerSecond }) => ({
      rfc,
      bytes,
      ...(whole === undefined ? {} : { whole }),
      bytesPerSecond: Math.round(bytesPerSecond),
      holders,
    })),
  };
}
