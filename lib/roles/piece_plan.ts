/**
 * Which piece of a document is fetched from whom. No clock, no bytes: only who does what.
 * @module
 */

/** A piece that somebody fetches. */
export interface PendingPiece<Holder> {
  /** Number of the piece, from 0. */
  readonly piece: number;
  /** Who was asked for it. */
  readonly holder: Holder;
}

/**
 * The pieces of one document: free, being fetched by one holder, or done. A piece is fetched once, unless the holder who
 * was to bring it is given up, or brought it wrong.
 */
export class PiecePlan<Holder> {
  readonly #count: number;
  readonly #had: Set<number>;
  /** The pieces from here on were never taken. A size is what somebody says: no memory is taken for it. */
  #untaken = 0;
  /** Pieces that were taken and are free again, in ascending order. */
  readonly #returned: number[] = [];
  readonly #pending = new Map<number, Holder>();
  #missing: number;

  /** Plans `count` pieces, of which those in `had` are there already. */
  constructor(count: number, had: Iterable<number> = []) {
    this.#count = count;
    this.#had = new Set(had);
    this.#missing = count - this.#had.size;
  }

  /** Whether all pieces are there. */
  get isDone(): boolean {
    return this.#missing === 0;
  }

  /** How many pieces nobody fetches or has brought. */
  get free(): number {
    return this.#missing - this.#pending.size;
  }

  /** The pieces that are being fetched. */
  get pending(): readonly PendingPiece<Holder>[] {
    return Array.from(this.#pending, ([piece, holder]) => ({ piece, holder }));
  }

  /** Gives a holder the first free piece; undefined if there is none. */
  take(holder: Holder): number | undefined {
    const piece = this.#returned.shift() ?? this.#nextUntaken();
    if (piece !== undefined) this.#pending.set(piece, holder);
    return piece;
  }

  /**
   * For a holder that is idle when no piece is free: gives it the piece of another that will take longest there. The
   * other one is not to go on with it; what it brought of the piece remains.
   *
   * @param expectedMs How long a piece will take yet where it is, in ms; 0 or less if it shall stay there.
   * @returns The piece and who had it; undefined if all shall stay where they are.
   */
  takeOver(
    holder: Holder,
    expectedMs: (pending: PendingPiece<Holder>) => number,
  ): PendingPiece<Holder> | undefined {
    if (this.free > 0) return undefined;
    let slowest: PendingPiece<Holder> | undefined;
    let slowestMs = 0;
    for (const [piece, other] of this.#pending) {
      if (other === holder) continue;
      const ms = expectedMs({ piece, holder: other });
      if (ms <= slowestMs) continue;
      slowestMs = ms;
      slowest = { piece, holder: other };
    }
    if (slowest !== undefined) this.#pending.set(slowest.piece, holder);
    return slowest;
  }

  /**
   * A holder has brought a piece.
   *
   * @returns Whether it was to do so: not if the piece was taken over, or given back, meanwhile.
   */
  complete(piece: number, holder: Holder): boolean {
    if (this.#pending.get(piece) !== holder) return false;
    this.#pending.delete(piece);
    this.#missing -= 1;
    return true;
  }

  /** A holder is given up: others may take its pieces, which are returned. */
  giveBack(holder: Holder): number[] {
    const pieces = [...this.#pending].filter(([, other]) => other === holder).map(([piece]) =>
      piece
    );
    for (const piece of pieces) {
      this.#pending.delete(piece);
      this.#release(piece);
    }
    return pieces;
  }

  /** The bytes of a piece that was done turned out wrong: it has to be fetched again. */
  forget(piece: number): void {
    this.#missing += 1;
    if (!this.#had.delete(piece) || piece < this.#untaken) this.#release(piece);
  }

  #nextUntaken(): number | undefined {
    while (this.#untaken < this.#count && this.#had.has(this.#untaken)) this.#untaken += 1;
    return this.#untaken < this.#count ? this.#untaken++ : undefined;
  }

  #release(piece: number): void {
    const place = this.#returned.findIndex((other) => other > piece);
    this.#returned.splice(place < 0 ? this.#returned.length : place, 0, piece);
  }
}
