/**
 * What of one document is being fetched, and by whom; when a second holder may be asked for the same.
 * @module
 */
import type { Fetcher, Work } from "./work.ts";

/**
 * How long a holder may leave a request without any answer before somebody else is asked too, in ms. The number of those
 * asked doubles each time, so that a thousand silent ones take some seconds, and one that is merely far away is not
 * asked twice.
 */
export const hedgeMs = 500;

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

  /** The works of all others on the same piece. */
  rivals(work: Work): Work[] {
    return [...this.#works].filter((other) => other !== work && other.piece === work.piece);
  }

  /** Whether somebody is bringing all of the document. */
  hasWhole(): boolean {
    return this.#works.values().some(({ isWhole, state }) => isWhole && state === "receiving");
  }

  /** Every work. */
  all(): Work[] {
    return [...this.#works];
  }

  /** A piece that others are fetching, but so badly that one more may be asked; undefined if there is none. */
  findLate(now: number, fetcher?: Fetcher): number | undefined {
    for (const [piece, works] of Map.groupBy(this.#works, (work) => work.piece)) {
      if (works.some((work) => work.fetcher === fetcher)) continue;
      if (isLate(works, now, fetcher)) return piece;
    }
    return undefined;
  }
}

function isLate(works: readonly Work[], now: number, fetcher: Fetcher | undefined): boolean {
  const receiving = works.find(({ state }) => state === "receiving");
  if (receiving !== undefined) {
    if (works.length > 1) return false;
    return now - receiving.fetcher.lastProgressAt >= stallHedgeMs ||
      isMuchSlower(receiving, fetcher);
  }
  const askedAt = Math.min(...works.map((work) => work.askedAt));
  // Whoever is busy with what it was asked for before is not silent.
  const since = Math.max(askedAt, ...works.map((work) => work.fetcher.lastProgressAt));
  return works.length < 2 ** Math.floor((now - since) / hedgeMs);
}

function isMuchSlower(work: Work, fetcher: Fetcher | undefined): boolean {
  const { range } = work.order;
  const [slow, fast] = [work.fetcher.bytesPerSecond, fetcher?.bytesPerSecond];
  if (range === undefined || slow === undefined || fast === undefined) return false;
  const length = range.last - range.first + 1;
  const leftMs = (length - work.receivedBytes) * 1_000 / slow;
  return leftMs > minWaitMs && leftMs > muchFaster * length * 1_000 / fast;
}
