/**
 * What of one document is being fetched, and by whom; when a second holder may be asked for the same.
 * @module
 */
import { type Fetcher, noPiece, type Work } from "./work.ts";

/**
 * How long a holder may leave a request without any answer before somebody else is asked too, in ms. The number of those
 * asked doubles each time, so that a thousand silent ones take some seconds, and one that is merely far away is not
 * asked twice.
 */
export const hedgeMs = 500;

/** How often that number doubles at most. */
const maxDoublings = 10;

/** How long a holder may be silent in the middle of a piece before somebody else is asked for it, in ms. */
export const stallHedgeMs = 3_000;

/** How many times faster somebody must be to be asked for what another one is fetching: what that one has brought is lost. */
const muchFaster = 4;

/** How long a piece must still take for this to be worth it, in ms. */
const minWaitMs = 1_000;

/** The works of one document that are not over. */
export class WorkList {
  readonly #works = new Set<Work>();

  /** How many there are. */
  get size(): number {
    return this.#works.size;
  }

  /** Notes a work that was given out. */
  add(work: Work): void {
    this.#works.add(work);
  }

  /** A work is over, for whatever reason. @returns Whether nobody else fetches the same. */
  end(work: Work): boolean {
    work.state = "over";
    this.#works.delete(work);
    return !this.#works.values().some(({ piece }) => piece === work.piece);
  }

  /** The works of a holder. */
  of(fetcher: Fetcher): Work[] {
    return [...this.#works].filter((work) => work.fetcher === fetcher);
  }

  /** The works on a piece. */
  on(piece: number): Work[] {
    return [...this.#works].filter((work) => work.piece === piece);
  }

  /** The works of all others on the same piece. */
  rivals(work: Work): Work[] {
    return this.on(work.piece).filter((other) => other !== work);
  }

  /** Whether somebody is being asked for the digest. */
  hasOpinion(): boolean {
    return this.#works.values().some(({ piece }) => piece === noPiece);
  }

  /** Whether somebody is bringing all of the document. */
  hasWhole(): boolean {
    return this.#works.values().some(({ isWhole, state }) => isWhole && state === "receiving");
  }

  /** Every work. */
  all(): Work[] {
    return [...this.#works];
  }

  /** A piece that others are fetching, but so badly that somebody else may be asked; undefined if there is none. */
  findLate(now: number, fetcher: Fetcher): number | undefined {
    for (const [piece, works] of this.#byPiece()) {
      if (works.some((work) => work.fetcher === fetcher)) continue;
      if (placesFor(works, now, fetcher) > 0) return piece;
    }
    return undefined;
  }

  /** How many more may be asked for what others are fetching badly. */
  latePlaces(now: number): number {
    let places = 0;
    for (const [, works] of this.#byPiece()) places += placesFor(works, now, undefined);
    return places;
  }

  #byPiece(): Map<number, Work[]> {
    const works = [...this.#works].filter(({ piece }) => piece !== noPiece);
    return Map.groupBy(works, ({ piece }) => piece);
  }
}

/** How many more may be asked for a piece that these are fetching. */
function placesFor(works: readonly Work[], now: number, fetcher: Fetcher | undefined): number {
  const receiving = works.find(({ state }) => state === "receiving");
  if (receiving !== undefined) {
    if (works.length > 1) return 0;
    const isStalled = now - receiving.fetcher.lastProgressAt >= stallHedgeMs;
    return isStalled || isMuchSlower(receiving, fetcher) ? 1 : 0;
  }
  // Whoever was told that this side can wait is not late before that.
  const askedAt = Math.min(...works.map((work) => work.askedAt + patienceMs(work)));
  // Whoever is busy with what it was asked for before is not silent.
  const since = Math.max(askedAt, ...works.map((work) => work.fetcher.lastProgressAt));
  const mayAsk = 2 ** Math.min(Math.floor((now - since) / hedgeMs), maxDoublings);
  return Math.max(0, mayAsk - works.length);
}

function patienceMs({ order: { crowd } }: Work): number {
  return (crowd?.waitSeconds ?? 0) * 1_000;
}

function isMuchSlower(work: Work, fetcher: Fetcher | undefined): boolean {
  const { range } = work.order;
  const [slow, fast] = [work.fetcher.bytesPerSecond, fetcher?.bytesPerSecond];
  if (range === undefined || slow === undefined || fast === undefined) return false;
  const length = range.last - range.first + 1;
  const leftMs = (length - work.receivedBytes) * 1_000 / slow;
  return leftMs > minWaitMs && leftMs > muchFaster * length * 1_000 / fast;
}
