/**
 * A document on standard output.
 * @module
 */
import { createHash } from "node:crypto";
import {
  type DocumentPart,
  type DocumentStore,
  pieceBytes,
  type WantedDocument,
  WrongDigestError,
} from "../files/document_part.ts";
import { FileError } from "../files/file_error.ts";
import { maxUnstatedBytes } from "../roles/document_receiver.ts";
import type { Output } from "./output.ts";

/** What is told as the place of a document on standard output. */
const printedPath = "-";

/** Prints documents when they are whole: what was printed cannot be taken back if a holder fails half-way. */
export class PrintedDocuments implements DocumentStore {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  /** @throws {FileError} if the document is too long to be kept until it is whole. */
  open(_number: number, { size = 0 }: WantedDocument): Promise<DocumentPart> {
    if (size <= maxUnstatedBytes) return Promise.resolve(new PrintedDocument(this.#output, size));
    const cause = new Error(`it has more than ${maxUnstatedBytes} bytes, use -o FILE`);
    return Promise.reject(new FileError("print", "a document", cause));
  }
}

/** A document that is kept in memory until it is printed. */
class PrintedDocument implements DocumentPart {
  readonly path = printedPath;
  readonly received: Set<number> = new Set();
  readonly #output: Output;
  readonly #bytes: Uint8Array;
  readonly #ends = new Map<number, number>();

  constructor(output: Output, readonly size: number) {
    this.#output = output;
    this.#bytes = new Uint8Array(size);
  }

  receivedBytes(piece: number): number {
    return this.#ends.get(piece) ?? 0;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#bytes.set(bytes, offset);
    for (let at = offset; at < offset + bytes.length;) {
      const piece = Math.floor(at / pieceBytes);
      const pieceEnd = Math.min((piece + 1) * pieceBytes, this.size);
      const end = Math.min(offset + bytes.length, pieceEnd);
      this.#ends.set(piece, end - piece * pieceBytes);
      if (end === pieceEnd) this.received.add(piece);
      at = end;
    }
  }

  forget(piece: number): void {
    this.#ends.delete(piece);
    this.received.delete(piece);
  }

  finish(sha256: string | undefined): Promise<string> {
    const actual = createHash("sha256").update(this.#bytes).digest("hex");
    if (sha256 !== undefined && actual !== sha256) {
      return Promise.reject(new WrongDigestError(this.path, sha256, actual));
    }
    this.#output.bytes(this.#bytes);
    return Promise.resolve(actual);
  }

  discard(): void {
    this.received.clear();
    this.#ends.clear();
  }

  [Symbol.dispose](): void {
    this.discard();
  }
}
