/**
 * The command `peer sync`.
 * @module
 */
import { pause } from "../net/pause.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { describeFailure } from "../roles/failure.ts";
import type { Peer } from "../roles/peer.ts";
import { synchronize } from "../roles/sync.ts";
import { assertMayStore, bring } from "./bring_documents.ts";
import { DownloadReport } from "./download_report.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import { folderPlace } from "./get_command.ts";
import { startPeer } from "./joined_peer.ts";
import type { Output } from "./output.ts";
import type { SyncOptions } from "./peer_tool.ts";
import { count } from "./quantities.ts";
import type { ToolContext } from "./tool.ts";
import { parseWanted } from "./wanted.ts";

/** Joins, brings what is missing and passes it on meanwhile; then leaves, or looks again every now and then. */
export async function syncDocuments(
  options: SyncOptions,
  { output, interrupt: { signal }, trace }: ToolContext,
): Promise<ExitCode> {
  const { dir, wanted, watch, every } = options;
  assertMayStore(dir);
  let isComplete = false;
  {
    await using peer = await startPeer(options, output, trace, signal);
    const sync = peer && new Sync(peer, wanted, output, signal);
    isComplete = await sync?.run() ?? false;
    if (watch && !signal.aborted) {
      output.remark(`Looking again every ${count(every, "second")}, until told to stop`);
    }
    while (watch && !signal.aborted) {
      await pause(every * 1_000, signal);
      if (!signal.aborted) isComplete = await sync?.runAgain() ?? false;
    }
  }
  output.result({ event: "left" });
  return isComplete ? exitCodes.done : exitCodes.incomplete;
}

/** One synchronization after another, each reported as far as it has something new to tell. */
class Sync {
  readonly #peer: Peer;
  readonly #wanted: readonly string[];
  readonly #output: Output;
  readonly #signal: AbortSignal;
  /** What could not be had and was told to be so. */
  readonly #told = new Set<number>();

  constructor(peer: Peer, wanted: readonly string[], output: Output, signal: AbortSignal) {
    this.#peer = peer;
    this.#wanted = wanted;
    this.#output = output;
    this.#signal = signal;
  }

  /** The first time. Returns whether everything that matches is there. */
  async run(): Promise<boolean> {
    using report = this.#report();
    const matches = await this.#synchronize(report);
    report.summarize();
    if (this.#signal.aborted) {
      this.#output.remark("Interrupted: not everything was brought");
      return false;
    }
    if (matches === 0) this.#output.remark(`Nobody has a document that is meant`);
    return report.isComplete && (matches > 0 || this.#wanted.length === 0);
  }

  /** Another time. A server that is lost just now is no reason to give up. */
  async runAgain(): Promise<boolean> {
    using report = this.#report();
    try {
      await this.#synchronize(report);
    } catch (error) {
      report.passedOver(undefined, describeFailure(error));
      return false;
    }
    if (report.hasNews) report.summarize();
    return report.isComplete;
  }

  #report(): DownloadReport {
    return new DownloadReport(
      this.#output,
      this.#peer.clientOptions.trace !== undefined,
      this.#told,
    );
  }

  async #synchronize(report: DownloadReport): Promise<number> {
    const peer = this.#peer;
    const client: ClientOptions = { ...peer.clientOptions, signal: this.#signal };
    const failed = (error: unknown, who?: Endpoint) =>
      report.passedOver(undefined, describeFailure(error, who));
    const finders = peer.finders((who, error) => failed(error, who));
    const place = folderPlace(peer.folder.path);
    try {
      return await synchronize({
        peer,
        client,
        wants: parseWanted(this.#wanted),
        bring: (numbers) => bring(numbers, { finders, place, client, report }),
        wanted: (documents) => report.want(documents),
        present: (number) => report.present(number),
        failed,
      });
    } catch (error) {
      if (this.#signal.aborted) return 0;
      throw error;
    }
  }
}
