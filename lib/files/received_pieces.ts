/**
 * How far each piece of a document has come.
 * @module
 */
import { crc32 } from "node:zlib";
import { pieceBytes } from "./document_part.ts";

/** How far a piece has come. */
export interface PieceProgress {
  /** How many bytes are there, from the start of the piece. */
  readonly bytes: number;
  /**
   * CRC-32 of these bytes: it finds what the disk has lost, at a thirtieth of the cost of a digest. That the bytes were
   * right when they came is for the digest of the whole document to say.
   */
  readonly crc32: number;
}

const nothing: PieceProgress = { bytes: 0, crc32: 0 };

/** The pieces of one document: which bytes are there. */
export class ReceivedPieces {
  readonly #pieces = new Map<number, PieceProgress>();
  readonly #whole = new Set<number>();
  #bytes = 0;

  /** `size` is that of the document, in bytes, if it is known. */
  constructor(readonly size: number | undefined) {}

  /** How many bytes are there. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The pieces that are whole. */
  get whole(): ReadonlySet<number> {
    return this.#whole;
  }

  /** Length of a piece, in bytes. */
  lengthOf(piece: number): number {
    return Math.max(0, Math.min(pieceBytes, (this.size ?? Infinity) - piece * pieceBytes));
  }

  /** How far a piece has come. */
  get(piece: number): PieceProgress {
    return this.#pieces.get(piece) ?? nothing;
  }

  /** Checks that bytes can be written there. @throws {RangeError} if not: beyond the document, or after a gap. */
  assertFits(offset: number, length: number): void {
    const { size } = this;
    if (offset + length > (size ?? Infinity)) {
      throw new RangeError(
        `Cannot write bytes ${offset} to ${offset + length}: the document has ${size}`,
      );
    }
    const inPiece = offset % pieceBytes;
    const { bytes } = this.get(Math.floor(offset / pieceBytes));
    if (inPiece !== 0 && inPiece !== bytes) {
      throw new RangeError(`Cannot write at ${offset}: its piece has ${bytes} bytes so far`);
    }
    if (size === undefined && offset > this.#bytes) {
      throw new RangeError(`Cannot write at ${offset}: without a size bytes come in order`);
    }
  }

  /** Takes note of bytes; gives the pieces they belong to. */
  add(offset: number, bytes: Uint8Array): number[] {
    const touched: number[] = [];
    for (let taken = 0; taken < bytes.length;) {
      const piece = Math.floor((offset + taken) / pieceBytes);
      const inPiece = (offset + taken) % pieceBytes;
      const some = bytes.subarray(taken, taken + pieceBytes - inPiece);
      const before = inPiece === 0 ? 0 : this.get(piece).crc32;
      this.set(piece, { bytes: inPiece + some.length, crc32: crc32(some, before) });
      touched.push(piece);
      taken += some.length;
    }
    return touched;
  }

  /** How far the bytes at `offset` reach without a gap. */
  endFrom(offset: number): number {
    const piece = Math.floor(offset / pieceBytes);
    return Math.max(offset, piece * pieceBytes + this.get(piece).bytes);
  }

  /** Says how far a piece has come. */
  set(piece: number, progress: PieceProgress): void {
    this.#bytes += progress.bytes - this.get(piece).bytes;
    this.#pieces.set(piece, progress);
    if (progress.bytes > 0 && progress.bytes === this.lengthOf(piece)) this.#whole.add(piece);
    else this.#whole.delete(piece);
  }
}
