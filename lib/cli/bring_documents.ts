/**
 * Bringing several documents.
 * @module
 */
import { mayWrite } from "../files/access.ts";
import type { DocumentStore } from "../files/document_part.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { Downloader } from "../roles/downloader.ts";
import type { Finder } from "../roles/finder.ts";
import type { DownloadTimes } from "./download_times.ts";
import { DownloadReport } from "./download_report.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit_code.ts";
import type { Output } from "./output.ts";

/** Where documents are and where they go. */
export interface DocumentPlace {
  /** The path of a document that is there already. */
  stored(number: number): string | undefined;
  /** Where documents go. */
  readonly store: DocumentStore;
  /** Brings a document that is there to where it shall be, if that is elsewhere; gives its path there. */
  copy?(number: number, storedPath: string): Promise<string>;
}

/** How documents are brought. */
export interface Bringing {
  readonly finders: readonly Finder[];
  readonly store: DocumentStore;
  readonly client: ClientOptions;
  readonly report: DownloadReport;
  /** As of `Downloader`. */
  readonly servedPort?: number | undefined;
  /** Digests in hexadecimal that documents must have, by number. */
  readonly pinned?: ReadonlyMap<number, string> | undefined;
}

/**
 * Brings documents and reports each; one that fails does not keep the others from coming. Ends without a word when the
 * client's signal fires.
 *
 * @throws {FileError} if a document cannot be stored.
 * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if no finder can be asked.
 */
export async function bring(
  numbers: Iterable<number>,
  { finders, store, client, report, servedPort, pinned }: Bringing,
): Promise<void> {
  const options = { finders, client, servedPort, store, pinned, events: report };
  await new Downloader(options).bring(numbers);
}

/** What is to be brought, and how. */
export interface GetRequest {
  readonly numbers: Iterable<number>;
  readonly place: DocumentPlace;
  /** Ways to find holders; asked for when the first is needed. */
  readonly finders: () => Promise<readonly Finder[]> | readonly Finder[];
  readonly client: ClientOptions;
  /** Whether messages are shown, which leaves no room for progress. */
  readonly isTraced: boolean;
  readonly output: Output;
  /** As of `Bringing`. */
  readonly pinned?: ReadonlyMap<number, string> | undefined;
  /** Records times: documents then come one after another. */
  readonly times?: DownloadTimes | undefined;
}

/**
 * Brings what is not there yet.
 *
 * @throws what `bring` throws, and `finders`.
 */
export async function getAll(request: GetRequest): Promise<ExitCode> {
  const { place, output, client, isTraced, pinned, times } = request;
  const { signal } = client;
  using report = new DownloadReport(output, isTraced);
  const missing: number[] = [];
  for (const number of request.numbers) {
    const stored = place.stored(number);
    if (stored === undefined) missing.push(number);
    else report.present(number, await place.copy?.(number, stored) ?? stored);
  }
  report.want(missing.length);
  try {
    if (missing.length > 0) {
      const finders = await request.finders();
      report.times = times;
      for (const some of times === undefined ? [missing] : missing.map((number) => [number])) {
        if (signal?.aborted) break;
        await bring(some, { finders, store: place.store, client, report, pinned });
      }
    }
  } finally {
    report.summarize();
  }
  if (signal?.aborted) output.remark("Interrupted: not everything was brought");
  return report.isComplete && !signal?.aborted ? exitCodes.done : exitCodes.incomplete;
}

/**
 * Says what to add before anybody is asked for what could not be stored.
 *
 * @param instead What can be done without it, if anything.
 */
export function assertMayStore(folder: string, instead?: string): void {
  if (mayWrite(folder)) return;
  const advice = [`add --allow-write=${folder}`, ...(instead === undefined ? [] : [instead])];
  throw new UsageError(`Storing documents needs a permission: ${advice.join(", or ")}`);
}
