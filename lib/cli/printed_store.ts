/**
 * Documents on standard output. What was printed cannot be taken back, so that it is checked before, as far as memory
 * allows.
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
import type { Output } from "./output.ts";

/**
 * Longest document that is kept until all of it was checked, in bytes; a longer one is printed piece by piece, each
 * after it was checked. Ten times the longest RFC.
 */
export const maxKeptBytes = 33_554_432;

/** Prints documents. */
export class PrintedStore implements DocumentStore {
  readonly #output: Output;
  #hasPrinted = false;

  /** `output` has left standard output to the document. */
  constructor(output: Output) {
    this.#output = output;
  }

  findEarlier(): undefined {}

  // deno-lint-ignore require-await -- it throws as a promise does
  async open(number: number, { size }: WantedDocument): Promise<DocumentPart> {
    if (this.#hasPrinted) throw failure(number, "some of it was printed, and is of another one");
    return new PrintedPart(number, size, (bytes) => this.#print(number, bytes));
  }

  #print(number: number, bytes: Uint8Array): void {
    this.#hasPrinted = true;
    try {
      this.#output.bytes(bytes);
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) {
        throw failure(number, "nobody reads it any more");
      }
      throw new FileError("print", `RFC ${number}`, error);
    }
  }
}

/** A document that is being printed. */
class PrintedPart implements DocumentPart {
  readonly path = "-";
  readonly isSequential: boolean;
  readonly received = new Set<number>();
  /** What was not printed yet, by piece. */
  readonly #pieces = new Map<number, { bytes: Uint8Array; length: number }>();
  readonly #hash = createHash("sha256");
  readonly #accepted = new Set<number>();
  /** How many pieces were printed. */
  #printed = 0;
  /** Whether some of these should not have been. */
  #isSpoiled = false;

  constructor(
    readonly number: number,
    readonly size: number | undefined,
    readonly print: (bytes: Uint8Array) => void,
  ) {
    this.isSequential = (size ?? 0) > maxKeptBytes;
  }

  receivedBytes(piece: number): number {
    if (piece < this.#printed) return this.#lengthOf(piece);
    return this.#pieces.get(piece)?.length ?? 0;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#assertGood();
    for (let done = 0; done < bytes.length;) {
      const at = offset + done;
      const piece = Math.floor(at / pieceBytes);
      const length = this.#lengthOf(piece) - at % pieceBytes;
      const fitting = bytes.subarray(done, done + length);
      this.#writeInto(piece, at % pieceBytes, fitting);
      done += fitting.length;
    }
  }

  /** Prints what can be printed, now that a piece was checked. */
  accepted(piece: number): void {
    if (!this.isSequential || piece < this.#printed) return;
    this.#accepted.add(piece);
    this.#printNext();
  }

  forget(piece: number): void {
    if (piece < this.#printed) this.#isSpoiled = true;
    this.#pieces.delete(piece);
    this.received.delete(piece);
    this.#accepted.delete(piece);
  }

  // deno-lint-ignore require-await -- it throws as a promise does
  async finish(sha256: string | undefined): Promise<string> {
    this.#assertGood();
    const hash = this.#hash.copy();
    const rest = [...this.#pieces].sort(([a], [b]) => a - b).map(([, { bytes, length }]) =>
      bytes.subarray(0, length)
    );
    for (const bytes of rest) hash.update(bytes);
    const actual = hash.digest("hex");
    if (sha256 !== undefined && actual !== sha256) {
      if (this.#printed === 0) throw new WrongDigestError(`RFC ${this.number}`, sha256, actual);
      throw failure(this.number, `what was printed has SHA-256 ${actual}, not ${sha256}`);
    }
    for (const bytes of rest) this.print(bytes);
    return actual;
  }

  discard(): void {
    this.#pieces.clear();
    this.received.clear();
  }

  [Symbol.dispose](): void {
    this.#pieces.clear();
  }

  #lengthOf(piece: number): number {
    return this.size === undefined
      ? pieceBytes
      : Math.min(pieceBytes, this.size - piece * pieceBytes);
  }

  #writeInto(piece: number, start: number, bytes: Uint8Array): void {
    let kept = this.#pieces.get(piece);
    if (start === 0) {
      kept = { bytes: kept?.bytes ?? new Uint8Array(this.#lengthOf(piece)), length: 0 };
      this.#pieces.set(piece, kept);
    }
    if (kept === undefined || start !== kept.length || bytes.length === 0) {
      throw new RangeError(`Cannot print RFC ${this.number}: bytes leave a gap, or are too many`);
    }
    kept.bytes.set(bytes, start);
    kept.length += bytes.length;
    if (kept.length === this.#lengthOf(piece)) this.received.add(piece);
  }

  #printNext(): void {
    for (;;) {
      const next = this.#pieces.get(this.#printed);
      if (next === undefined || !this.#accepted.delete(this.#printed)) return;
      this.#hash.update(next.bytes);
      this.print(next.bytes);
      this.#pieces.delete(this.#printed++);
    }
  }

  #assertGood(): void {
    if (!this.#isSpoiled) return;
    throw failure(this.number, "some of it was printed, and turned out to be wrong");
  }
}

function failure(number: number, reason: string): FileError {
  return new FileError("print", `RFC ${number}`, new Error(reason));
}
