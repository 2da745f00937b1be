/**
 * The digest of a long part, made by another thread.
 * @module
 */
import type { DigestThread } from "./digest_thread.ts";
import type { PartDigest } from "./part_digest.ts";
import type { PositionalFile } from "./positional_file.ts";
import { PrefixDigest } from "./prefix_digest.ts";

/** SHA-256 of a part whose file another thread reads after it was written, where there is more than one processor. */
export class ThreadedDigest implements PartDigest {
  readonly #file: PositionalFile;
  readonly #thread: DigestThread;
  readonly #id: number;
  #length = 0;

  /** `partPath` is where the file lies until this is disposed of. The file stays the caller's. */
  constructor(thread: DigestThread, file: PositionalFile, partPath: string) {
    this.#thread = thread;
    this.#file = file;
    this.#id = thread.open(partPath);
  }

  take(offset: number): void {
    this.changed(offset);
  }

  changed(offset: number): void {
    if (offset >= this.#length) return;
    this.#thread.restart(this.#id);
    this.#length = 0;
  }

  follow(endFrom: (offset: number) => number): void {
    let end = this.#length;
    for (let next; (next = endFrom(end)) > end;) end = next;
    this.#grow(end);
  }

  async finish(end: number): Promise<string> {
    this.#grow(end);
    const sha256 = await this.#thread.digest(this.#id);
    // Why the thread cannot tell is found out here.
    return sha256 ?? await new PrefixDigest(this.#file).finish(end);
  }

  /** The thread lets go of the file. */
  [Symbol.dispose](): void {
    this.#thread.close(this.#id);
  }

  #grow(end: number): void {
    if (end <= this.#length) return;
    this.#thread.grown(this.#id, end);
    this.#length = end;
  }
}
