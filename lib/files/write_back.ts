/**
 * Bringing a long file to the disk while it is being written.
 * @module
 */

/** After how many bytes what was written is brought to the disk: what a usual disk takes in a fraction of a second. */
export const writeBackBytes = 33_554_432;

/**
 * Sees to it that little is left for the sync at the end. Only that one tells whether everything is on the disk: each
 * open file is told of a failure once, so that one found here, in an open file of its own, is found there again.
 */
export class WriteBack {
  readonly #path: string;
  #bytes = 0;
  #running: Promise<void> | undefined;

  /** `path` is where the file is now. */
  constructor(path: string) {
    this.#path = path;
  }

  /** So many more bytes were written. */
  note(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < writeBackBytes || this.#running !== undefined) return;
    this.#bytes = 0;
    this.#running = this.#sync().finally(() => this.#running = undefined);
  }

  /** Resolves when nothing is under way. */
  async end(): Promise<void> {
    await this.#running;
  }

  async #sync(): Promise<void> {
    try {
      using file = await Deno.open(this.#path, { write: true });
      await file.syncData();
    } catch {
      // The disk is full, or the file is gone: whoever writes hears of it.
    }
  }
}
