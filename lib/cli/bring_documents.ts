/**
 * Bringing several documents, one after another.
 * @module
 */
import { FileError } from "../files/file_error.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { type DocumentTarget, download, NotDownloadedError } from "../roles/downloader.ts";
import type { Finder } from "../roles/finder.ts";
import { DownloadReport } from "./download_report.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import type { Output } from "./output.ts";

/** Where documents are and where they go. */
export interface DocumentPlace {
  /** The path of a document that is there already. */
  stored(number: number): string | undefined;
  /** The path, or `-`, that a document will have. */
  pathOf(number: number): string;
  create(number: number): Promise<DocumentTarget>;
  /** Brings a document that is there to where it shall be, if that is elsewhere. */
  copy?(storedPath: string): Promise<void>;
}

/** What is to be brought, and how. */
export interface GetRequest {
  readonly numbers: Iterable<number>;
  readonly place: DocumentPlace;
  /** Ways to find holders; asked when the first is needed. */
  readonly finders: () => Promise<readonly Finder[]> | readonly Finder[];
  readonly client: ClientOptions;
  readonly output: Output;
}

/**
 * Brings documents one after another and reports each; one that fails does not keep the others from coming.
 *
 * @throws {FileError} if a document cannot be stored.
 * @throws {UsageError | UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if no finder can be asked.
 */
export async function getAll(request: GetRequest): Promise<ExitCode> {
  const { place, output, client } = request;
  using report = new DownloadReport(output, client.trace !== undefined);
  let interrupted = false;
  for (const number of request.numbers) {
    const stored = place.stored(number);
    if (stored !== undefined) {
      await place.copy?.(stored);
      report.present(number, place.copy ? place.pathOf(number) : stored);
      continue;
    }
    report.want(1);
    try {
      const { holder, bytes, ms } = await download({
        number,
        finders: await request.finders(),
        createTarget: () => place.create(number),
        options: client,
        failed: (reason) => report.passedOver(number, reason),
      });
      const path = place.pathOf(number);
      report.downloaded({
        number,
        path,
        bytes,
        ms,
        sources: [{ ...holder, bytes }],
        verified: false,
      });
    } catch (error) {
      interrupted = client.signal?.aborted ?? false;
      if (interrupted) break;
      if (error instanceof FileError || !(error instanceof NotDownloadedError)) throw error;
      report.failed(number, error.message);
    }
  }
  report.summarize();
  if (interrupted) output.remark("Interrupted: not everything was brought");
  return report.isComplete && !interrupted ? exitCodes.done : exitCodes.incomplete;
}
