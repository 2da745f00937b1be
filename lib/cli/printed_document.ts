/**
 * A document on standard output.
 * @module
 */
import { maxUnstatedBytes } from "../roles/document_receiver.ts";
import type { DocumentTarget } from "../roles/downloader.ts";
import type { Output } from "./output.ts";

/** A document that is printed when it is whole: what was printed cannot be taken back if a holder fails half-way. */
export class PrintedDocument implements DocumentTarget {
  readonly #output: Output;
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  /** @throws {RangeError} if the document is too long to be kept until it is whole. */
  write(bytes: Uint8Array): Promise<void> {
    this.#length += bytes.length;
    if (this.#length > maxUnstatedBytes) {
      throw new RangeError(
        `Cannot print a document of more than ${maxUnstatedBytes} bytes: use -o FILE`,
      );
    }
    this.#chunks.push(bytes.slice());
    return Promise.resolve();
  }

  finish(): Promise<void> {
    for (const chunk of this.#chunks) this.#output.bytes(chunk);
    return Promise.resolve();
  }

  [Symbol.dispose](): void {
    this.#chunks.length = 0;
  }
}
