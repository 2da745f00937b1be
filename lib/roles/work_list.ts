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

/**
 * How long a piece must still take for somebody to be asked whose speed nobody knows, in ms: a short RFC from a holder
 * that sends hardly more than `slowestBytesPerSecond`.
 */
export const slowHedgeMs = 20_000;

/** How long a holder must have been sending for its pace to be known, in ms. */
const minPaceMs = 2_000;

/** The works of one document that are not over. */
export class WorkList {
  readonly #works = new Set<Work>();
  /** Since when somebody is asked for each piece, and nobody has answered. */
  readonly #askedSince = new Map<number, number>();

  /** How many there are. */
  get size(): number {
    return this.#works.size;
  }

  /** Notes a work that was given out. */
  add(work: Work): void {
    this.#works.add(work);
    if (!this.#askedSince.has(work.piece)) this.#askedSince.set(work.piece, work.askedAt);
  }

  /** A work is over, for whatever reason. @returns Whether nobody else fetches the same. */
  end(work: Work): boolean {
    work.state = "over";
    this.#works.delete(work);
    if (work.fetcher.lastProgressAt > work.askedAt) this.#askedSince.delete(work.piece);
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
      if (this.#placesFor(works, now, fetcher) > 0) return piece;
    }
    return undefined;
  }

  /** How many more may be asked for what others are fetching badly. */
  latePlaces(now: number): number {
    let places = 0;
    for (const [, works] of this.#byPiece()) places += this.#placesFor(works, now, undefined);
    return places;
  }

  /** How many more may be asked for a piece that these are fetching. */
  #placesFor(works: readonly Work[], now: number, fetcher: Fetcher | undefined): number {
    const receiving = works.find(({ state }) => state === "receiving");
    if (receiving !== undefined) {
      if (works.length > 1) return 0;
      const isStalled = now - receiving.fetcher.lastProgressAt >= stallHedgeMs;
      return isStalled || isMuchSlower(receiving, now, fetcher) ? 1 : 0;
    }
    // Those who were given up count, too: of many silent ones ever more are asked at a time.
    const askedAt = this.#askedSince.get(works[0]!.piece) ?? now;
    // Whoever was told that this side can wait is not late before that.
    const lateAt = askedAt + Math.min(...works.map(patienceMs));
    // Whoever is busy with what it was asked for before is not silent.
    const since = Math.max(lateAt, ...works.map((work) => work.fetcher.lastProgressAt));
    const mayAsk = 2 ** Math.min(Math.floor((now - since) / hedgeMs), maxDoublings);
    return Math.max(0, mayAsk - works.length);
  }

  #byPiece(): Map<number, Work[]> {
    const works = [...this.#works].filter(({ piece }) => piece !== noPiece);
    return Map.groupBy(works, ({ piece }) => piece);
  }
}

function patienceMs({ order: { crowd } }: Work): number {
  return (crowd?.waitSeconds ?? 0) * 1_000;
}

function isMuchSlower(work: Work, now: number, fetcher: Fetcher | undefined): boolean {
  const pace = paceOf(work, now);
  if (pace === undefined) return false;
  const leftMs = (work.expectedBytes - work.receivedBytes) * 1_000 / pace;
  const fast = fetcher?.bytesPerSecond;
  if (fast === undefined) return leftMs > slowHedgeMs && !work.fetcher.isHeldBack;
  return leftMs > minWaitMs && leftMs > muchFaster * work.expectedBytes * 1_000 / fast;
}

/** How fast a work goes on, in bytes per second; until that can be told, how fast its holder was before. */
function paceOf({ acceptedAt, receivedBytes, fetcher }: Work, now: number): number | undefined {
  const ms = now - (acceptedAt ?? now);
  return ms < minPaceMs ? fetcher.bytesPerSecond : receivedBytes * 1_000 / ms;
}
