/**
 * A document that comes into memory.
 * @module
 */
import { Buffer } from "node:buffer";
import type { DocumentTarget } from "../../lib/roles/downloader.ts";

/** Takes a document and remembers what became of it. */
export class DocumentBuffer implements DocumentTarget {
  finished = false;
  disposed = false;
  readonly #chunks: Uint8Array[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#chunks.push(bytes.slice());
    return Promise.resolve();
  }

  finish(): Promise<void> {
    this.finished = true;
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}
