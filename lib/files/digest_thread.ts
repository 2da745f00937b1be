/**
 * Hashing long documents beside everything else that the program does.
 * @module
 */
import type { createHash as CreateHash } from "node:crypto";

/** What the thread is told about one file, all of which is known to it by a number. */
type Order =
  /** The file at this path grows. */
  | { readonly file: number; readonly path: string }
  /** Its bytes up to `end` are there. */
  | { readonly file: number; readonly end: number }
  /** What was hashed no longer counts: it begins anew. */
  | { readonly file: number; readonly isNew: true }
  /** The digest of what was there up to now is wanted. */
  | { readonly file: number; readonly isWanted: true }
  /** It is not needed any more. */
  | { readonly file: number; readonly isDone: true };

/** What the thread says when a digest was wanted. */
interface Answer {
  readonly file: number;
  /** In hexadecimal; undefined if the file cannot be read as far as it was said to be there. */
  readonly sha256: string | undefined;
}

/** What the thread has of its own global scope. */
interface ThreadScope {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(answer: Answer): void;
}

/** A thread that hashes files while they grow. It runs while it has files. */
export class DigestThread {
  readonly #answers = new Map<number, (sha256: string | undefined) => void>();
  readonly #files = new Set<number>();
  #worker: Worker | undefined;
  #lastFile = 0;

  /** Begins with a file that is there already, and will have its name until `close`. Returns the file's number. */
  open(path: string): number {
    this.#worker ??= this.#start();
    const file = ++this.#lastFile;
    this.#files.add(file);
    this.#post({ file, path });
    return file;
  }

  /** Its bytes up to `end` are there. */
  grown(file: number, end: number): void {
    this.#post({ file, end });
  }

  /** Some of its bytes were changed, and it has to be read from its start. */
  restart(file: number): void {
    this.#post({ file, isNew: true });
  }

  /** SHA-256 of the bytes up to the last `end`, in hexadecimal; undefined if the thread cannot tell. */
  digest(file: number): Promise<string | undefined> {
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    if (this.#worker === undefined) resolve(undefined);
    else this.#answers.set(file, resolve);
    this.#post({ file, isWanted: true });
    return promise;
  }

  /** The file is not needed any more. */
  close(file: number): void {
    this.#files.delete(file);
    this.#answer({ file, sha256: undefined });
    if (this.#files.size === 0) this.#end();
    else this.#post({ file, isDone: true });
  }

  #start(): Worker {
    // The text of a function, and no file of its own: programs are compiled, and made into one script each.
    const script = `import { createHash } from "node:crypto"; (${hashAsTold})(self, createHash);`;
    const url = `data:text/javascript,${encodeURIComponent(script)}`;
    const worker = new Worker(url, { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answer(data);
    // Without a thread, nobody is worse off than on a machine with one processor.
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end();
    };
    return worker;
  }

  #post(order: Order): void {
    this.#worker?.postMessage(order);
  }

  #answer({ file, sha256 }: Answer): void {
    this.#answers.get(file)?.(sha256);
    this.#answers.delete(file);
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const file of [...this.#answers.keys()]) this.#answer({ file, sha256: undefined });
  }
}

/** What the thread does. Its text is all that the thread gets: it can use nothing but what it is given. */
function hashAsTold(scope: ThreadScope, createHash: typeof CreateHash): void {
  const parts = new Map<
    number,
    { source: Deno.FsFile | undefined; hash: ReturnType<typeof CreateHash>; length: number }
  >();
  const buffer = new Uint8Array(262_144);

  function open(path: string): Deno.FsFile | undefined {
    try {
      return Deno.openSync(path);
    } catch {
      return undefined;
    }
  }

  scope.onmessage = ({ data: order }) => {
    if ("path" in order) {
      const hash = createHash("sha256");
      parts.set(order.file, { source: open(order.path), hash, length: 0 });
      return;
    }
    const part = parts.get(order.file);
    if (part === undefined) return;
    try {
      if ("end" in order) {
        while (part.length < order.end) {
          const wanted = buffer.subarray(0, order.end - part.length);
          const count = part.source?.readSync(wanted) ?? null;
          if (count === null) throw new Error("It is shorter than was said");
          part.hash.update(buffer.subarray(0, count));
          part.length += count;
        }
      } else if ("isNew" in order) {
        part.source?.seekSync(0, 0);
        part.hash = createHash("sha256");
        part.length = 0;
      } else if ("isWanted" in order) {
        const sha256 = part.source && part.hash.copy().digest("hex");
        scope.postMessage({ file: order.file, sha256 });
      } else {
        part.source?.close();
        parts.delete(order.file);
      }
    } catch {
      part.source?.close();
      part.source = undefined;
    }
  };
}
