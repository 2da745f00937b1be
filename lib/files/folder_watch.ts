/**
 * Noticing that files of a folder come, go and change.
 * @module
 */

import { basename } from "node:path";
import { findDocumentNumber } from "./document_name.ts";

/** How long after a change a folder is looked at, in ms: one look serves a whole bunch of changes. */
export const settleMs = 250;

/** How often a folder is looked at even if nothing was noticed, in ms: network file systems do not tell. */
export const recheckMs = 30_000;

/** Calls `look` some time after a document in the folder has changed, and every now and then; never twice at once. */
export class FolderWatch implements AsyncDisposable {
  readonly #watcher: Deno.FsWatcher | undefined;
  readonly #look: () => Promise<boolean>;
  readonly #watching: Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFiresAt = Infinity;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  /** Begins to watch. `look` must not fail; true from it asks for another look soon. */
  constructor(path: string, look: () => Promise<boolean>) {
    this.#look = look;
    try {
      this.#watcher = Deno.watchFs(path, { recursive: false });
    } catch {
      // No notification here (a limit of the system, a remote file system): the regular look remains.
      this.#watcher = undefined;
    }
    this.#watching = this.#watch();
    this.#lookAfter(recheckMs);
  }

  /** Stops watching; waits for a look that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#watcher?.close();
    await this.#watching;
    await this.#looking;
  }

  async #watch(): Promise<void> {
    if (this.#watcher === undefined) return;
    for await (const { kind, paths } of this.#watcher) {
      const concernsDocuments = paths.some((path) =>
        findDocumentNumber(basename(path)) !== undefined
      );
      if (kind !== "access" && concernsDocuments) this.#lookAfter(settleMs);
    }
  }

  /** Looks after `ms`, or earlier if that is planned already. */
  #lookAfter(ms: number): void {
    const firesAt = performance.now() + ms;
    if (this.#closed || firesAt >= this.#timerFiresAt) return;
    clearTimeout(this.#timer);
    this.#timerFiresAt = firesAt;
    this.#timer = setTimeout(() => {
      this.#timerFiresAt = Infinity;
      this.#looking = this.#looking.then(async () => {
        const again = await this.#look();
        this.#lookAfter(again ? settleMs : recheckMs);
      });
    }, ms);
  }
}
