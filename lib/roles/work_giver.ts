/**
 * What of one document is asked of whom.
 * @module
 */
import type { Assembly } from "./assembly.ts";
import type { Candidates } from "./candidates.ts";
import type { DocumentFetch } from "./document_fetch.ts";
import type { DocumentOrder } from "./holder_session.ts";
import { type Fetcher, noPiece, type Work } from "./work.ts";

/** How long a document is taken to be whose length nobody has told, in bytes: the mean of the RFCs. */
const usualBytes = 65_536;

/** Gives out the works of one document. */
export class WorkGiver {
  readonly #document: DocumentFetch;
  readonly #candidates: Candidates;
  readonly #assembly: Assembly;
  /** Whether holders gave a wrong document together: from then on all of it comes from one at a time. */
  #isExclusive = false;
  /** The one that it comes from, if it is one at a time. */
  #sole: Fetcher | undefined;
  /** Whether no range is asked for: a document without any byte has none. */
  #asksWhole = false;
  /** Those who sent all of it where a piece was asked for: only one of them at a time is of use. */
  readonly #ignoresRanges = new Set<Fetcher>();

  /** `document` is the one that the works belong to. */
  constructor(document: DocumentFetch, candidates: Candidates, assembly: Assembly) {
    this.#document = document;
    this.#candidates = candidates;
    this.#assembly = assembly;
  }

  /** Something to do for somebody, if there is. */
  take(fetcher: Fetcher, now: number): Work | undefined {
    if (!this.mayAsk(fetcher) || this.#candidates.isPostponed(fetcher, now)) return undefined;
    if (this.#ignoresRanges.has(fetcher) && this.#assembly.works.size > 0) return undefined;
    const isWhole = fetcher.givesWholeOnly;
    const piece = this.#assembly.take(fetcher, now, isWhole);
    if (piece === undefined) return this.#takeOpinion(fetcher, now);
    if (this.#isSequential) this.#sole = fetcher;
    const size = this.#candidates.announcedSize(fetcher);
    const range = this.#asksWhole ? undefined : this.#assembly.missing(piece, size);
    const isPart = this.#assembly.part !== undefined && range !== undefined;
    const isAll = range === undefined || (range.first === 0 && !isPart);
    const isInCrowd = isAll && !this.#candidates.hasNamedInVain(fetcher);
    const order = {
      number: this.#document.number,
      range,
      crowd: isInCrowd ? fetcher.crowd : undefined,
      ifRange: this.#candidates.etag(fetcher),
      wantsContentDigest: isPart && (this.#candidates.count > 1 || this.#isSequential),
    };
    const expectedBytes = isPart ? range.last - range.first + 1 : size ?? usualBytes;
    return this.#give({ fetcher, piece, order, expectedBytes, askedAt: now, isWhole });
  }

  /** Whether somebody may be asked for it. */
  mayAsk(fetcher: Fetcher): boolean {
    if (this.#isSequential && (this.#sole ?? fetcher) !== fetcher) return false;
    return this.#candidates.mayHave(fetcher, this.#assembly.part?.size);
  }

  /** Whether somebody's turn it is, as it begins to send. Where it comes from one at a time, it stays so. */
  claim(fetcher: Fetcher): boolean {
    if (!this.#isSequential) return true;
    this.#sole ??= fetcher;
    return this.#sole === fetcher;
  }

  /** Somebody has not done its work: others have their turn. */
  release(fetcher: Fetcher): void {
    if (fetcher === this.#sole) this.#sole = undefined;
  }

  /** From now on all of it comes from one at a time. */
  askOneAtATime(): void {
    this.#isExclusive = true;
  }

  /** From now on no range is asked for. */
  askWhole(): void {
    this.#asksWhole = true;
  }

  /** Somebody sends all of it where a piece was asked for. */
  noteIgnoresRange(fetcher: Fetcher): void {
    this.#ignoresRanges.add(fetcher);
  }

  get #isSequential(): boolean {
    return this.#isExclusive || (this.#assembly.part?.isSequential ?? false);
  }

  #takeOpinion(fetcher: Fetcher, now: number): Work | undefined {
    if (this.#assembly.part === undefined || !this.#candidates.consult(fetcher)) return undefined;
    const order: DocumentOrder = {
      number: this.#document.number,
      range: { first: 0, last: 0 },
      crowd: undefined,
      ifRange: undefined,
      wantsContentDigest: false,
    };
    const work = { fetcher, piece: noPiece, order, expectedBytes: 1, askedAt: now, isWhole: false };
    return this.#give(work);
  }

  #give(given: Omit<Work, "document" | "state" | "receivedBytes">): Work {
    const document = this.#document;
    const work: Work = { ...given, document, state: "asked", receivedBytes: 0 };
    this.#assembly.works.add(work);
    return work;
  }
}
