/**
 * Bringing documents from whoever has them, from several at once (RFC 60003 section 4.7).
 * @module
 */
import type { DocumentStore } from "../files/document_part.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { DownloadEvents } from "./download_events.ts";
import { DownloadTask } from "./download_task.ts";
import { describeFailure } from "./failure.ts";
import type { Finder } from "./finder.ts";
import { HolderRoster } from "./holder_roster.ts";

/** How many documents are looked for and fetched at a time: enough for pipelines to be full, and bounded. */
export const maxActiveDocuments = 64;

/** What a downloader works with. */
export interface DownloaderOptions {
  /** Ways to find holders, asked in this order. */
  readonly finders: readonly Finder[];
  /** What the connections to holders are made with; its signal ends everything. */
  readonly client: ClientOptions;
  /** The port where this side serves what it gets, if it does: then holders may make it a part of a crowd. */
  readonly servedPort?: number | undefined;
  /** Where documents go. */
  readonly store: DocumentStore;
  /** Digests in hexadecimal that documents must have, whatever holders say, by number. */
  readonly pinned?: ReadonlyMap<number, string> | undefined;
  /** Is told how it goes. */
  readonly events: DownloadEvents;
}

/** Brings documents. Holders that were found out stay so for as long as it lives. */
export class Downloader {
  readonly #options: DownloaderOptions;
  readonly #tasks = new Set<DownloadTask>();
  readonly #stop = Promise.withResolvers<never>();
  readonly #roster: HolderRoster;
  #isEnded = false;

  /** Asks nobody yet. */
  constructor(options: DownloaderOptions) {
    this.#options = options;
    const { client, events, servedPort } = options;
    this.#stop.promise.catch(() => {});
    this.#roster = new HolderRoster({
      client,
      events,
      servedPort,
      tasks: this.#tasks,
      failed: (error) => this.#stop.reject(error),
    });
  }

  /**
   * Brings documents; those that nobody gives do not keep the others from coming. Ends early, without an error, when the
   * client's signal fires.
   *
   * @throws {FileError} if a document cannot be stored.
   * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if no finder can be asked.
   */
  async bring(numbers: Iterable<number>): Promise<void> {
    const { signal } = this.#options.client;
    const aborted = Promise.withResolvers<void>();
    const abort = () => aborted.resolve();
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    try {
      await Promise.race([this.#bringAll(numbers), this.#stop.promise, aborted.promise]);
    } finally {
      signal?.removeEventListener("abort", abort);
      this.#isEnded = true;
      for (const task of this.#tasks) task.abandon();
      await this.#roster.end();
      await Promise.all(Array.from(this.#tasks, ({ over }) => over));
    }
  }

  async #bringAll(numbers: Iterable<number>): Promise<void> {
    const left = Iterator.from(numbers);
    const bringOneByOne = async () => {
      for (const number of left) {
        if (this.#isEnded || this.#options.client.signal?.aborted) return;
        await this.#bring(number);
      }
    };
    await Promise.all(Array.from({ length: maxActiveDocuments }, bringOneByOne));
  }

  async #bring(number: number): Promise<void> {
    const { pinned, store, events } = this.#options;
    const task = new DownloadTask({
      number,
      pinned: pinned?.get(number),
      store,
      events,
      changed: () => this.#roster.changed(),
      drop: (fetcher, reason) => this.#roster.dropFetcher(fetcher, reason),
      cannotStore: (error) => this.#stop.reject(error),
    });
    this.#tasks.add(task);
    try {
      await this.#search(task);
      task.endSearch();
      await task.over;
    } finally {
      this.#tasks.delete(task);
      this.#roster.forget(task);
    }
  }

  async #search(task: DownloadTask): Promise<void> {
    const { finders, events, client } = this.#options;
    let failures = 0;
    for (const finder of finders) {
      try {
        for await (const holder of finder.holders(task.number)) {
          if (task.isOver) return;
          this.#roster.add(task, holder);
        }
      } catch (error) {
        if (client.signal?.aborted) return;
        if (++failures === finders.length) throw error;
        const reason = describeFailure(error);
        task.noteFailure(reason);
        events.passedOver(task.number, reason);
      }
    }
  }
}
