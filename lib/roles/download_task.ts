/**
 * One document on its way: who is said to have it, which bytes it must have, when it is done or has failed.
 * @module
 */
import { type DocumentStore, pieceBytes, WrongDigestError } from "../files/document_part.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { Assembly } from "./assembly.ts";
import { DigestVotes } from "./digest_votes.ts";
import type { DownloadEvents } from "./download_events.ts";
import { FailureReasons } from "./failure_reasons.ts";
import type { Holder } from "./finder.ts";
import { type Fetcher, type Work, WorkOverError } from "./work.ts";

/** What a task works with. */
export interface TaskOptions {
  /** Number of the document. */
  readonly number: number;
  /** The SHA-256 that it must have, in hexadecimal, if somebody asked for one. */
  readonly pinned: string | undefined;
  /** Where it goes. */
  readonly store: DocumentStore;
  /** Is told how it goes. */
  readonly events: DownloadEvents;
  /** Called when there may be something to do for somebody. */
  readonly changed: () => void;
  /** Called when a holder was found to send wrong bytes; it has to leave every task. */
  readonly drop: (fetcher: Fetcher, reason: string) => void;
  /** Called when the document cannot be stored, whoever gives it. */
  readonly cannotStore: (error: unknown) => void;
}

/** Somebody who is said to have the document. */
interface Candidate {
  /** Length of its copy in bytes, if a list told it. */
  readonly size: number | undefined;
  /** SHA-256 of its copy, if a list told it. */
  readonly sha256: string | undefined;
  /** The tag of its copy, if it has told one. */
  etag: string | undefined;
}

/** How long a document is taken to be whose length nobody has told, in bytes: the mean of the RFCs. */
const usualBytes = 65_536;

/** A document that is being brought. */
export class DownloadTask {
  /** Number of the document. */
  readonly number: number;
  /** Resolves when the document is there, or nobody gave it. */
  readonly over: Promise<void>;
  readonly #options: TaskOptions;
  readonly #end: () => void;
  readonly #startedAt = performance.now();
  readonly #votes: DigestVotes;
  readonly #candidates = new Map<Fetcher, Candidate>();
  readonly #reasons = new FailureReasons();
  readonly #assembly: Assembly;
  /** The digest that the part was begun for. */
  #intended: string | undefined;
  #phase: "searching" | "fetching" | "over" = "searching";
  #isFinishing = false;
  /** Set when holders gave a wrong document together: from then on all of it comes from one at a time. */
  #isExclusive = false;
  #sole: Fetcher | undefined;
  /** Whether it was looked whether an earlier run has begun the document. */
  #hasLookedBack = false;
  /** Whether no range is asked for: a document without any byte has none. */
  #asksWhole = false;

  /** Nobody is asked until somebody is added. */
  constructor(options: TaskOptions) {
    this.#options = options;
    this.number = options.number;
    this.#votes = new DigestVotes(options.pinned);
    this.#assembly = new Assembly(options.number, options.store);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#end = resolve;
  }

  /** Whether the document is there, or nobody gave it. */
  get isOver(): boolean {
    return this.#phase === "over";
  }

  /** Who can be asked. */
  get fetchers(): Iterable<Fetcher> {
    return this.#candidates.keys();
  }

  /** For how many more there would be something to do just now. */
  openPlaces(now: number): number {
    if (!this.#isAsking) return 0;
    const { works, freePieces } = this.#assembly;
    return freePieces + (works.findLate(now) === undefined ? 0 : 1);
  }

  /** Somebody is said to have the document; the holder says what a list told of its copy. */
  add(fetcher: Fetcher, { size, sha256 }: Holder): void {
    if (this.isOver || this.#candidates.has(fetcher)) return;
    this.#candidates.set(fetcher, { size, sha256, etag: undefined });
    if (sha256 !== undefined) {
      this.#recount(() => this.#votes.cast(fetcher.holder, sha256));
      if (size !== undefined && sha256 === this.#votes.chosen) this.#prepare(size);
    }
    this.#options.changed();
  }

  /** Nobody else is known to have it. */
  endSearch(): void {
    if (this.#phase === "searching") this.#phase = "fetching";
    this.#settle();
  }

  /** A way to find holders failed. */
  noteFailure(reason: string): void {
    this.#reasons.add(reason);
  }

  /**
   * Something to do for somebody, if there is.
   *
   * @param whole Whether it can only bring whole documents.
   */
  take(fetcher: Fetcher, now: number, whole: boolean): Work | undefined {
    if (!this.#hasLookedBack) this.#lookBack();
    if (!this.#isAsking || !this.#mayAsk(fetcher)) return undefined;
    const piece = this.#assembly.take(fetcher, now, whole);
    if (piece === undefined) return undefined;
    if (this.#isSequential) this.#sole = fetcher;
    const { size, sha256, etag } = this.#candidates.get(fetcher)!;
    const announcedSize = sha256 === this.#votes.chosen ? size : undefined;
    const range = this.#asksWhole ? undefined : this.#assembly.missing(piece, announcedSize);
    const isPart = this.#assembly.part !== undefined;
    const work: Work = {
      task: this,
      fetcher,
      piece,
      order: {
        number: this.number,
        range,
        ifRange: etag,
        wantsContentDigest: isPart && (this.#candidates.size > 1 || this.#isSequential),
      },
      expectedBytes: isPart && range !== undefined
        ? range.last - range.first + 1
        : announcedSize ?? usualBytes,
      askedAt: now,
      state: "asked",
      isWhole: whole,
      receivedBytes: 0,
    };
    this.#assembly.works.add(work);
    return work;
  }

  /**
   * A holder is about to send what it was asked for.
   *
   * @returns Whether its bytes are wanted; otherwise the work is over.
   * @throws {FileError} if the document cannot be stored.
   */
  async accept(work: Work, reply: BytesReply): Promise<boolean> {
    if (work.state !== "asked" || !this.#believes(work, reply)) return false;
    const assembly = this.#assembly;
    if (assembly.part === undefined) {
      await this.#open(reply.size);
      if (work.state !== "asked") return false;
    }
    if (assembly.part?.size !== reply.size && this.#votes.isAssumed) {
      this.#assumeNothing();
      return false;
    }
    if (assembly.part?.size !== reply.size) {
      this.exclude(
        work.fetcher,
        `its copy has ${reply.size} bytes, not ${assembly.part?.size}`,
      );
      return false;
    }
    if (this.#isSequential) this.#sole ??= work.fetcher;
    const isOthers = this.#isSequential && this.#sole !== work.fetcher;
    if (isOthers || !assembly.canUse(work, reply)) {
      this.giveBack(work);
      return false;
    }
    if (reply.length > pieceBytes) work.isWhole = true;
    for (const rival of assembly.works.rivals(work)) assembly.works.end(rival);
    work.state = "receiving";
    return true;
  }

  /** Bytes that were accepted. @throws {WorkOverError} if they are not wanted any more. @throws {FileError} */
  write(work: Work, offset: number, bytes: Uint8Array): void {
    this.#assembly.write(work, offset, bytes);
    this.#options.events.received(this.number, work.fetcher.holder, bytes.length);
  }

  /** All of what was accepted came. */
  complete(work: Work): void {
    if (work.state === "over") throw new WorkOverError();
    this.#assembly.complete(work);
    if (this.#assembly.isWhole) this.#finish();
  }

  /** A holder did not do a work, or not wholly. */
  giveBack(work: Work): void {
    if (work.state === "over") return;
    this.#assembly.giveBack(work);
    if (work.fetcher === this.#sole) this.#sole = undefined;
    this.#options.changed();
  }

  /** A range was asked for that the holder's copy, of this size, does not have. */
  refuseRange(work: Work, size: number | undefined, reason: string): void {
    if (size === 0) {
      this.#asksWhole = true;
      this.giveBack(work);
    } else if (this.#votes.isAssumed) this.#assumeNothing();
    else this.exclude(work.fetcher, reason);
  }

  /** A holder is not asked for this document any more. */
  exclude(fetcher: Fetcher, reason: string): void {
    if (!this.#candidates.has(fetcher)) return;
    this.#options.events.passedOver(this.number, reason);
    this.leave(fetcher, reason);
  }

  /** A holder is gone. @param isWrong Whether it sent wrong bytes: then what it gave and said does not count. */
  leave(fetcher: Fetcher, reason: string, isWrong = false): void {
    if (this.isOver || !this.#candidates.delete(fetcher)) return;
    this.#reasons.add(reason);
    for (const work of this.#assembly.works.of(fetcher)) this.#assembly.giveBack(work, isWrong);
    if (isWrong && !this.#isFinishing) this.#assembly.forgetFrom(fetcher);
    if (fetcher === this.#sole) this.#sole = undefined;
    this.#recount(() => {
      if (isWrong) this.#votes.withdraw(fetcher.holder);
      else this.#votes.leave(fetcher.holder);
    });
    this.#options.changed();
    this.#settle();
  }

  /** Ends it early; what can be resumed stays. */
  abandon(): void {
    if (this.isOver) return;
    this.#phase = "over";
    if (!this.#isFinishing) this.#assembly.close();
    this.#end();
  }

  get #isAsking(): boolean {
    return !this.isOver && !this.#isFinishing && !this.#assembly.isOpening;
  }

  /** Whether it comes from one holder at a time. */
  get #isSequential(): boolean {
    return this.#isExclusive || (this.#assembly.part?.isSequential ?? false);
  }

  #mayAsk(fetcher: Fetcher): boolean {
    if (!this.#candidates.has(fetcher)) return false;
    if (this.#isSequential && (this.#sole ?? fetcher) !== fetcher) return false;
    const vote = this.#votes.of(fetcher.holder);
    return vote === undefined || vote === this.#votes.chosen;
  }

  /** Whether a holder may be sending the document that is wanted. If its copy is another, it is not asked again. */
  #believes(work: Work, { etag, reprSha256 }: BytesReply): boolean {
    const { fetcher } = work;
    const { holder } = fetcher;
    const announced = this.#votes.of(holder);
    if (reprSha256 !== undefined) this.#recount(() => this.#votes.cast(holder, reprSha256));
    const { chosen } = this.#votes;
    if (reprSha256 !== undefined && reprSha256 !== chosen) {
      const reason = `${formatEndpoint(holder)}: its RFC ${this.number} has SHA-256 ${reprSha256}`;
      if (announced === chosen) {
        this.#options.drop(fetcher, `${reason}, not ${chosen} as announced`);
      } else this.#passOver(work, `${reason}, not ${chosen}`);
      return false;
    }
    const candidate = this.#candidates.get(fetcher)!;
    const hasChanged = candidate.etag !== undefined && candidate.etag !== etag;
    if (hasChanged && reprSha256 === undefined) {
      this.exclude(
        fetcher,
        `${formatEndpoint(holder)}: its copy of RFC ${this.number} changed meanwhile`,
      );
      return false;
    }
    candidate.etag = etag;
    return work.state === "asked";
  }

  /** A holder has another document under the number; its vote keeps it from being asked again, as long as it is outvoted. */
  #passOver(work: Work, reason: string): void {
    this.#reasons.add(reason);
    this.#options.events.passedOver(this.number, reason);
    this.giveBack(work);
    this.#settle();
  }

  #recount(change: () => void): void {
    change();
    const isForAnother = this.#intended !== undefined && this.#intended !== this.#votes.chosen;
    if (isForAnother && !this.#isFinishing) this.#restart();
  }

  #restart(): void {
    this.#assembly.restart();
    this.#intended = undefined;
    this.#options.changed();
  }

  /** What an earlier run was told of the document holds until somebody tells more: it need not come again to be known. */
  #lookBack(): void {
    this.#hasLookedBack = true;
    const earlier = this.#options.store.findEarlier(this.number);
    if (earlier === undefined) return;
    this.#votes.assume(earlier.sha256);
    if (this.#votes.chosen === earlier.sha256) this.#prepare(earlier.size);
  }

  /** What an earlier run was told is no longer so: begins anew. */
  #assumeNothing(): void {
    this.#recount(() => this.#votes.assume(undefined));
  }

  /** A long document is begun before anybody is asked: what an earlier run has brought need not come again. */
  #prepare(size: number): void {
    const { part, works } = this.#assembly;
    if (size < pieceBytes || part !== undefined || works.size > 0) return;
    this.#open(size).then(this.#options.changed, this.#options.cannotStore);
  }

  async #open(size: number): Promise<void> {
    const assembly = this.#assembly;
    if (assembly.isOpening) return await assembly.open(size, this.#intended);
    const sha256 = this.#votes.chosen;
    this.#intended = sha256;
    await assembly.open(size, sha256);
    if (this.isOver) return assembly.close();
    if (sha256 !== undefined && sha256 !== this.#votes.chosen) return this.#restart();
    this.#options.events.sized(this.number, size, assembly.receivedBytes);
    if (assembly.isWhole) this.#finish();
    else this.#options.changed();
  }

  #finish(): void {
    this.#isFinishing = true;
    const { works } = this.#assembly;
    for (const work of works.all()) works.end(work);
    this.#finishPart().catch(this.#options.cannotStore);
  }

  async #finishPart(): Promise<void> {
    const part = this.#assembly.part!;
    const { path } = part;
    const sha256 = this.#votes.chosen;
    try {
      await part.finish(sha256);
    } catch (error) {
      this.#isFinishing = false;
      if (!(error instanceof WrongDigestError)) throw error;
      return this.#blame(error);
    }
    const sources = this.#assembly.sources();
    this.#isFinishing = false;
    this.#conclude();
    this.#options.events.downloaded({
      number: this.number,
      path,
      bytes: part.size ?? 0,
      ms: performance.now() - this.#startedAt,
      sources,
      verified: sha256 !== undefined,
    });
    this.#end();
  }

  /** The document is whole and wrong: whoever gave all of it did so; if several did, the next ones are taken one by one. */
  #blame({ expected, actual }: WrongDigestError): void {
    if (this.#votes.isAssumed) return this.#assumeNothing();
    const { fetchers, isAll } = this.#assembly.givers();
    this.#restart();
    const [giver] = fetchers;
    if (giver !== undefined && fetchers.size === 1 && isAll) {
      const who = formatEndpoint(giver.holder);
      this.#options.drop(
        giver,
        `${who}: its RFC ${this.number} has SHA-256 ${actual}, not ${expected}`,
      );
    } else {
      this.#isExclusive = true;
    }
    this.#settle();
  }

  /** Fails if nobody is left. */
  #settle(): void {
    if (this.#phase !== "fetching" || !this.#isAsking || this.#assembly.works.size > 0) return;
    if (this.#candidates.keys().some((fetcher) => this.#mayAsk(fetcher))) return;
    this.#conclude();
    this.#options.events.failed(this.number, this.#reasons.describe(this.number));
    this.#end();
  }

  #conclude(): void {
    this.#phase = "over";
    this.#assembly.close();
    const { chosen, isDisputed } = this.#votes;
    if (isDisputed && chosen !== undefined) {
      this.#options.events.disagreement(this.number, this.#votes.list(), chosen);
    }
  }
}
