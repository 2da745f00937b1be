/**
 * Files that stay open for a while after they were read, for whoever asks for the same next.
 * @module
 */

/**
 * How many files are kept open at most: an eighth of the connections that a server has places for, since the system
 * counts both together.
 */
export const maxKeptFiles = 2_048;

/** How long a file that nobody reads is kept, in ms: short, for its disk cannot be taken away meanwhile. */
export const keptMs = 2_000;

/** A file that is open for reading, by one reader at a time. */
export interface KeptFile {
  /** What it was opened by. */
  readonly path: string;
  /** The open file, to be read from its beginning. */
  readonly file: Deno.FsFile;
  /** What was found under the path when it was opened. */
  readonly state: Deno.FileInfo;
  /** Since when it is kept, or was last, by `performance.now`; undefined before the first time. */
  keptSince: number | undefined;
}

/**
 * Opens files, and keeps them when they are given back. Whoever opens one gets what its path names now: the path is
 * looked at each time, and a file that is no longer the same is closed. Looking takes a third of opening.
 *
 * When all places are taken, a file that comes back is closed, and none makes room for it: of more files than there
 * are places, asked for one after another, those that are kept are found again.
 */
export class KeptFiles implements Disposable {
  readonly #maxFiles: number;
  /** The longest kept first. */
  readonly #kept = new Map<string, KeptFile>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** Keeps none yet. */
  constructor(maxFiles: number = maxKeptFiles) {
    this.#maxFiles = maxFiles;
  }

  /** How many files are kept that nobody reads. */
  get size(): number {
    return this.#kept.size;
  }

  /** Opens a regular file. @throws what the system says, or an `Error` if it is a link or anything else. */
  open(path: string): KeptFile {
    // Since the folder was looked at, a link to anywhere may have taken the file's place.
    const state = Deno.lstatSync(path);
    if (!state.isFile) throw new Error("It is not a regular file");
    const kept = this.#kept.get(path);
    if (kept !== undefined) {
      this.#kept.delete(path);
      if (isSameState(kept.state, state)) {
        kept.file.seekSync(0, Deno.SeekMode.Start);
        return kept;
      }
      kept.file.close();
    }
    return { path, file: this.#openSync(path), state, keptSince: undefined };
  }

  /** Takes back what `open` gave, to keep it or to close it. */
  giveBack(open: KeptFile): void {
    const { path, file } = open;
    const hasPlace = this.#kept.size < this.#maxFiles && !this.#kept.has(path);
    if (this.#disposed || !hasPlace || !isWhatItsPathNamed(open)) return file.close();
    open.keptSince = performance.now();
    this.#kept.set(path, open);
    this.#timer ??= setTimeout(() => this.#closeIdle(), keptMs);
  }

  /** Closes all that nobody reads; returns whether there were any. */
  closeAll(): boolean {
    const hadAny = this.#kept.size > 0;
    for (const { file } of this.#kept.values()) file.close();
    this.#kept.clear();
    return hadAny;
  }

  /** As `closeAll`; what is given back from now on is closed, too. */
  [Symbol.dispose](): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.closeAll();
  }

  #openSync(path: string): Deno.FsFile {
    try {
      return Deno.openSync(path);
    } catch (error) {
      // Perhaps the system permits no more open files.
      if (!this.closeAll()) throw error;
      return Deno.openSync(path);
    }
  }

  #closeIdle(): void {
    const oldest = performance.now() - keptMs;
    for (const { path, file, keptSince } of this.#kept.values()) {
      if (keptSince !== undefined && keptSince > oldest) break;
      this.#kept.delete(path);
      file.close();
    }
    this.#timer = this.#kept.size > 0 ? setTimeout(() => this.#closeIdle(), keptMs) : undefined;
  }
}

/** Another file may have had the name for just as long as it took to open it: each is asked before it is kept at first. */
function isWhatItsPathNamed({ file, state, keptSince }: KeptFile): boolean {
  return keptSince !== undefined || isSameState(state, file.statSync());
}

/** Whether two looks at files saw the same one, unchanged. */
export function isSameState(a: Deno.FileInfo, b: Deno.FileInfo | undefined): boolean {
  return b !== undefined && a.ino === b.ino && a.dev === b.dev && a.size === b.size &&
    a.mtime?.getTime() === b.mtime?.getTime();
}
