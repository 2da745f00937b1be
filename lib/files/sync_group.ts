/**
 * Bringing many short files to the disk.
 * @module
 */

/** A file that can be brought to the disk. */
export interface Syncable {
  /** Resolves when its bytes are on the disk. @throws what the runtime throws. */
  sync(): Promise<void>;
}

/**
 * Files that are brought to the disk together. While some are under way, those that come gather, and are brought all at
 * once: the file system writes its journal for all of them, where one after another it would be written for each.
 */
export class SyncGroup {
  #gathered: (() => Promise<void>)[] = [];
  #isBusy = false;

  /** Resolves when this file is on the disk. @throws what the runtime throws of this one. */
  sync(file: Syncable): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#gathered.push(() => file.sync().then(resolve, reject));
    if (!this.#isBusy) this.#work();
    return promise;
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#gathered.length > 0) {
      await Promise.all(this.#gathered.splice(0).map((sync) => sync()));
    }
    this.#isBusy = false;
  }
}
