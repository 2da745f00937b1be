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

/**
 * How many documents may be read within `readingWindowMs` while the folder is watched. The system wakes the watcher for
 * each, which costs more than opening a document does: when more are read, watching rests for `restMs`.
 */
export const maxReadings = 1_000;

/** See `maxReadings`, in ms. */
const readingWindowMs = 1_000;

/** How long watching rests before the folder is looked at and watched again, in ms. */
export const restMs = 5_000;

/** Calls `look` some time after a document in the folder has changed, and every now and then; never twice at once. */
export class FolderWatch implements AsyncDisposable {
  readonly #path: string;
  readonly #look: () => Promise<boolean>;
  #watcher: Deno.FsWatcher | undefined;
  #watching: Promise<void> = Promise.resolve();
  #isResting = false;
  #readings = 0;
  #windowEndsAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerFiresAt = Infinity;
  #looking: Promise<void> = Promise.resolve();
  #closed = false;

  /** Begins to watch. `look` must not fail; true from it asks for another look soon. */
  constructor(path: string, look: () => Promise<boolean>) {
    this.#path = path;
    this.#look = look;
    this.#startWatching();
    this.#lookAfter(recheckMs);
  }

  /** Says that a document of the folder was read by this program. */
  noteReading(): void {
    if (this.#watcher === undefined) return;
    const now = performance.now();
    if (now >= this.#windowEndsAt) {
      this.#readings = 0;
      this.#windowEndsAt = now + readingWindowMs;
    }
    if (++this.#readings <= maxReadings) return;
    this.#stopWatching();
    this.#isResting = true;
    this.#lookAfter(restMs);
  }

  /** Stops watching; waits for a look that is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stopWatching();
    await this.#watching;
    await this.#looking;
  }

  #startWatching(): void {
    try {
      this.#watcher = Deno.watchFs(this.#path, { recursive: false });
    } catch {
      // No notification here (a limit of the system, a remote file system): the regular look remains.
      return;
    }
    this.#watching = this.#watch(this.#watcher);
  }

  #stopWatching(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  async #watch(watcher: Deno.FsWatcher): Promise<void> {
    for await (const { kind, paths } of watcher) {
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
      // Watched first, so that nothing is missed between the two.
      if (this.#isResting) this.#startWatching();
      this.#isResting = false;
      this.#looking = this.#looking.then(async () => {
        const again = await this.#look();
        this.#lookAfter(again ? settleMs : recheckMs);
      });
    }, ms);
  }
}
