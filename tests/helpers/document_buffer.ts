/**
 * A document that comes into memory.
 * @module
 */
import { Buffer } from "node:buffer";
import type { DocumentSink } from "../../lib/roles/document_receiver.ts";

/** Takes the bytes of a document. */
export class DocumentBuffer implements DocumentSink {
  readonly #chunks: Uint8Array[] = [];

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }

  write(bytes: Uint8Array): void {
    this.#chunks.push(bytes.slice());
  }
}
