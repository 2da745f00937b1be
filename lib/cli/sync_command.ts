/**
 * The command `peer sync`.
 * @module
 */
import { FolderStore } from "../files/folder_store.ts";
import { pause } from "../net/pause.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { describeFailure } from "../roles/failure.ts";
import { FinderWithout } from "../roles/finder.ts";
import type { Peer } from "../roles/peer.ts";
import { synchronize } from "../roles/sync.ts";
import { assertMayStore, bring } from "./bring_documents.ts";
import { DownloadReport } from "./download_report.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import { startPeer } from "./joined_peer.ts";
import type { Output } from "./output.ts";
import type { SyncOptions } from "./download_options.ts";
import { count } from "./quantities.ts";
import type { ToolContext } from "./tool.ts";
import { parseWanted } from "./wanted.ts";

/** How long a peer that has everything stays for those who get documents from it, in ms. */
const passOnMs = 30_000;

/** Joins, brings what is missing and passes it on meanwhile; then leaves, or looks again every now and then. */
export async function syncDocuments(
  options: SyncOptions,
  { output, interrupt: { signal }, trace }: ToolContext,
): Promise<ExitCode> {
  assertMayStore(options.dir);
  let code: ExitCode = exitCodes.incomplete;
  {
    // Of what it brings people hear anyway.
    const tried = new Set<number>();
    const isNews = (number: number) => !tried.has(number);
    await using peer = await startPeer(options, output, trace, signal, isNews);
    if (peer !== undefined) {
      const sync = new Sync(peer, options.wanted, output, signal, tried);
      code = await synchronizeOnceOrMore(sync, options, output, signal);
      await passOn(peer, output, signal);
    }
  }
  output.result({ event: "left" });
  return code;
}

/** Others may have been told that they get documents here: they are given some time for it. */
async function passOn({ crowd }: Peer, output: Output, signal: AbortSignal): Promise<void> {
  if (crowd.askers === 0 || signal.aborted) return;
  const peers = count(crowd.askers, "peer");
  output.remark(`Passing on documents to ${peers}, for ${passOnMs / 1_000} s at most`);
  const isOver = new AbortController();
  const timer = setTimeout(() => isOver.abort(), passOnMs);
  await crowd.whenGone(AbortSignal.any([signal, isOver.signal]));
  clearTimeout(timer);
}

async function synchronizeOnceOrMore(
  sync: Sync,
  { watch, every }: SyncOptions,
  output: Output,
  signal: AbortSignal,
): Promise<ExitCode> {
  const codeOf = (isComplete: boolean) => isComplete ? exitCodes.done : exitCodes.incomplete;
  let code = codeOf(await sync.run());
  if (!watch || signal.aborted) return code;
  output.remark(`Looking again every ${count(every, "second")}, until told to stop`);
  for (;;) {
    await pause(every * 1_000, signal);
    if (signal.aborted) return code;
    const isComplete = await sync.runAgain();
    // What was interrupted says nothing.
    if (!signal.aborted) code = codeOf(isComplete);
  }
}

/** One synchronization after another, each reported as far as it has something new to tell. */
class Sync {
  readonly #peer: Peer;
  readonly #wanted: readonly string[];
  readonly #output: Output;
  readonly #signal: AbortSignal;
  readonly #tried: Set<number>;
  /** What could not be had and was told to be so. */
  readonly #told = new Set<number>();

  /** @param tried Takes the numbers of the documents that it begins to bring. */
  constructor(
    peer: Peer,
    wanted: readonly string[],
    output: Output,
    signal: AbortSignal,
    tried: Set<number>,
  ) {
    this.#peer = peer;
    this.#wanted = wanted;
    this.#output = output;
    this.#signal = signal;
    this.#tried = tried;
  }

  /** The first time. Returns whether everything that matches is there. */
  async run(): Promise<boolean> {
    using report = this.#report();
    let matches: number;
    try {
      matches = await this.#synchronize(report);
    } finally {
      report.summarize();
    }
    if (this.#signal.aborted) {
      this.#output.remark("Interrupted: not everything was brought");
      return false;
    }
    if (matches === 0) this.#output.remark("Nobody has a document that is meant");
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
    const store = new FolderStore(peer.folder.path, {
      digests: peer.digests,
      stored: (number) => peer.adopt(number),
    });
    const servedPort = peer.endpoint.port;
    try {
      return await synchronize({
        peer,
        client,
        wants: parseWanted(this.#wanted),
        bring: (numbers) => {
          const finders = peer.finders((who, error) => failed(error, who))
            .map((finder) => new FinderWithout(finder, report.droppedHolders));
          const some = { finders, store, client, report, servedPort };
          return bring(this.#noting(numbers), some);
        },
        wanted: (documents) => report.want(documents),
        present: (number) => report.present(number),
        failed,
      });
    } catch (error) {
      if (this.#signal.aborted) return 0;
      throw error;
    }
  }

  *#noting(numbers: Iterable<number>): Generator<number, void, undefined> {
    for (const number of numbers) {
      this.#tried.add(number);
      yield number;
    }
  }
}
