/**
 * One document on its way: what is asked of whom, when it is done or has failed.
 * @module
 */
import { type DocumentStore, pieceBytes, WrongDigestError } from "../files/document_part.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { Assembly } from "./assembly.ts";
import { Candidates, type Testimony } from "./candidates.ts";
import type { DownloadEvents } from "./download_events.ts";
import { FailureReasons } from "./failure_reasons.ts";
import type { Holder } from "./finder.ts";
import { type Fetcher, noPiece, type Work, WorkOverError } from "./work.ts";

/** How long a document that is whole waits for what other holders say of it, in ms. */
const opinionMs = 2_000;

/** How long a document is taken to be whose length nobody has told, in bytes: the mean of the RFCs. */
const usualBytes = 65_536;

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

/** A document that is being brought. */
export class DownloadTask {
  /** Number of the document. */
  readonly number: number;
  /** Resolves when the document is there, or nobody gave it. */
  readonly over: Promise<void>;
  readonly #options: TaskOptions;
  readonly #end: () => void;
  readonly #startedAt = performance.now();
  readonly #candidates: Candidates;
  readonly #reasons = new FailureReasons();
  readonly #assembly: Assembly;
  /** The digest that the part was begun for. */
  #intended: string | undefined;
  #phase: "searching" | "fetching" | "over" = "searching";
  #isFinishing = false;
  #opinionTimer: ReturnType<typeof setTimeout> | undefined;
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
    this.#candidates = new Candidates(options.pinned);
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
    return this.#candidates;
  }

  /** For how many more there would be something to do just now. */
  openPlaces(now: number): number {
    if (!this.#isAsking) return 0;
    const { part, works, freePieces } = this.#assembly;
    const opinions = part !== undefined && this.#candidates.wantsOpinion ? 1 : 0;
    return freePieces + works.latePlaces(now) + opinions;
  }

  /** Somebody is said to have the document; the holder says what a list told of its copy. */
  add(fetcher: Fetcher, holder: Holder): void {
    if (this.isOver || this.#candidates.has(fetcher)) return;
    this.#recount(() => this.#candidates.add(fetcher, holder));
    this.#prepare(this.#candidates.announcedSize(fetcher));
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

  /** Something to do for somebody, if there is. */
  take(fetcher: Fetcher, now: number): Work | undefined {
    if (!this.#hasLookedBack) this.#lookBack();
    if (!this.#isAsking || !this.#mayAsk(fetcher)) return undefined;
    const whole = fetcher.givesWholeOnly;
    const piece = this.#assembly.take(fetcher, now, whole);
    if (piece === undefined) return this.#takeOpinion(fetcher, now);
    if (this.#isSequential) this.#sole = fetcher;
    const announcedSize = this.#candidates.announcedSize(fetcher);
    const range = this.#asksWhole ? undefined : this.#assembly.missing(piece, announcedSize);
    const isPart = this.#assembly.part !== undefined && range !== undefined;
    const order = {
      number: this.number,
      range,
      ifRange: this.#candidates.etag(fetcher),
      wantsContentDigest: isPart && (this.#candidates.count > 1 || this.#isSequential),
    };
    const expectedBytes = isPart ? range.last - range.first + 1 : announcedSize ?? usualBytes;
    return this.#add({ fetcher, piece, order, expectedBytes, askedAt: now, isWhole: whole });
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
    if (work.piece === noPiece) {
      this.giveBack(work);
      return false;
    }
    if (assembly.part === undefined) {
      await this.#open(reply.size);
      if (work.state !== "asked") return false;
    }
    if (assembly.part?.size !== reply.size && this.#candidates.isAssuming) {
      this.#assumeNothing();
      return false;
    }
    const rivals = assembly.works.rivals(work);
    if (assembly.part?.size !== reply.size) {
      this.#passOver(work, `its RFC ${this.number} has ${reply.size} bytes`);
      // If the other one does not bring what it promised, this one may be right.
      if (rivals.length > 0) this.#restart();
      return false;
    }
    if (this.#isSequential) this.#sole ??= work.fetcher;
    const isOthers = this.#isSequential && this.#sole !== work.fetcher;
    if (isOthers || !assembly.canUse(work, reply)) {
      this.giveBack(work);
      return false;
    }
    if (reply.length > pieceBytes) work.isWhole = true;
    for (const rival of rivals) assembly.works.end(rival);
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
    this.#finishIfWhole();
  }

  /** A holder did not do a work, or not wholly. */
  giveBack(work: Work): void {
    if (work.state === "over") return;
    this.#assembly.giveBack(work);
    if (work.fetcher === this.#sole) this.#sole = undefined;
    if (work.piece === noPiece) this.#finishIfWhole();
    this.#options.changed();
  }

  /** What came of a work is not what its holder said. */
  reject(work: Work): void {
    this.#assembly.giveBack(work, true);
  }

  /** A range was asked for that the holder's copy, of this size, does not have. */
  refuseRange(work: Work, size: number | undefined, reason: string): void {
    if (size === 0) {
      this.#asksWhole = true;
      this.giveBack(work);
    } else if (this.#candidates.isAssuming) this.#assumeNothing();
    else this.exclude(work.fetcher, reason);
  }

  /** A holder is not asked for this document any more. */
  exclude(fetcher: Fetcher, reason: string): void {
    if (this.isOver || !this.#candidates.has(fetcher)) return;
    this.#options.events.passedOver(this.number, reason);
    this.leave(fetcher, reason);
  }

  /** A holder is gone. @param isWrong Whether it sent wrong bytes: then what it gave and said does not count. */
  leave(fetcher: Fetcher, reason: string, isWrong = false): void {
    if (this.isOver || !this.#candidates.has(fetcher)) return;
    this.#reasons.add(reason);
    for (const work of this.#assembly.works.of(fetcher)) this.#assembly.giveBack(work, isWrong);
    if (isWrong && !this.#isFinishing) this.#assembly.forgetFrom(fetcher);
    if (fetcher === this.#sole) this.#sole = undefined;
    this.#recount(() => this.#candidates.remove(fetcher, isWrong));
    const size = this.#assembly.part?.size;
    if (size !== undefined && !this.#isFinishing && !this.#candidates.allows(size)) this.#restart();
    this.#finishIfWhole();
    this.#options.changed();
    this.#settle();
  }

  /** Ends it early; what can be resumed stays. */
  abandon(): void {
    if (this.isOver || this.#isFinishing) return;
    this.#phase = "over";
    clearTimeout(this.#opinionTimer);
    this.#assembly.close();
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
    if (this.#isSequential && (this.#sole ?? fetcher) !== fetcher) return false;
    return this.#candidates.mayHave(fetcher, this.#assembly.part?.size);
  }

  #takeOpinion(fetcher: Fetcher, now: number): Work | undefined {
    if (this.#assembly.part === undefined || !this.#candidates.consult(fetcher)) return undefined;
    const order = {
      number: this.number,
      range: { first: 0, last: 0 },
      ifRange: undefined,
      wantsContentDigest: false,
    };
    const piece = noPiece;
    return this.#add({ fetcher, piece, order, expectedBytes: 1, askedAt: now, isWhole: false });
  }

  #add(work: Omit<Work, "task" | "state" | "receivedBytes">): Work {
    const added: Work = { ...work, task: this, state: "asked", receivedBytes: 0 };
    this.#assembly.works.add(added);
    return added;
  }

  /** Whether a holder may be sending the document that is wanted. */
  #believes(work: Work, reply: BytesReply): boolean {
    const { fetcher } = work;
    let testimony: Testimony = "document";
    this.#recount(() => testimony = this.#candidates.hear(fetcher, reply));
    const { reprSha256 = "unknown", size } = reply;
    const what = `its RFC ${this.number} has SHA-256 ${reprSha256} and ${size} bytes`;
    switch (testimony as Testimony) {
      case "not as announced":
        this.#drop(fetcher, `${what}, which is not what it announced`);
        return false;
      case "another":
        this.#passOver(work, `${what}, but SHA-256 ${this.#candidates.sha256} is wanted`);
        return false;
      case "changed":
        this.exclude(fetcher, describe(fetcher, `its RFC ${this.number} changed meanwhile`));
        return false;
      case "document":
        return work.state === "asked";
    }
  }

  /** A holder has another document under the number: it is not asked again as long as it is outvoted. */
  #passOver(work: Work, reason: string): void {
    const text = describe(work.fetcher, reason);
    this.#reasons.add(text);
    this.#options.events.passedOver(this.number, text);
    this.giveBack(work);
    this.#settle();
  }

  #drop(fetcher: Fetcher, reason: string): void {
    this.#options.drop(fetcher, describe(fetcher, reason));
  }

  /** Begins anew if what is heard makes another document the right one. */
  #recount(hear: () => void): void {
    hear();
    const isForAnother = this.#intended !== undefined && this.#intended !== this.#candidates.sha256;
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
    this.#candidates.assume(earlier.sha256);
    if (this.#candidates.sha256 === earlier.sha256) this.#prepare(earlier.size);
  }

  /** What an earlier run was told is no longer so: begins anew. */
  #assumeNothing(): void {
    this.#recount(() => this.#candidates.assume(undefined));
  }

  /** A long document is begun before anybody is asked: what an earlier run has brought need not come again. */
  #prepare(size: number | undefined): void {
    const { part, works } = this.#assembly;
    if (size === undefined || size < pieceBytes || part !== undefined || works.size > 0) return;
    this.#open(size).then(this.#options.changed, this.#options.cannotStore);
  }

  async #open(size: number): Promise<void> {
    const assembly = this.#assembly;
    if (assembly.isOpening) return await assembly.open(size, this.#intended);
    const { sha256 } = this.#candidates;
    this.#intended = sha256;
    await assembly.open(size, sha256);
    if (this.isOver) return assembly.close();
    if (sha256 !== undefined && sha256 !== this.#candidates.sha256) return this.#restart();
    this.#options.events.sized(this.number, size, assembly.receivedBytes);
    this.#finishIfWhole();
    this.#options.changed();
  }

  /** A document whose digest no list told waits a moment for what others say of it. */
  #finishIfWhole(isLate = false): void {
    if (!this.#isAsking || !this.#assembly.isWhole) return;
    const isAwaited = this.#candidates.wantsOpinion || this.#assembly.works.hasOpinion();
    if (isAwaited && !isLate) {
      this.#opinionTimer ??= setTimeout(() => this.#finishIfWhole(true), opinionMs);
      return;
    }
    clearTimeout(this.#opinionTimer);
    this.#isFinishing = true;
    this.#assembly.endWorks();
    this.#finish().catch(this.#options.cannotStore);
  }

  async #finish(): Promise<void> {
    const part = this.#assembly.part!;
    const { sha256 } = this.#candidates;
    try {
      await part.finish(sha256);
    } catch (error) {
      this.#isFinishing = false;
      if (!(error instanceof WrongDigestError)) throw error;
      return this.#blame(error);
    }
    const { number } = this;
    const sources = this.#assembly.sources();
    this.#conclude();
    this.#options.events.downloaded({
      number,
      path: part.path,
      bytes: part.size ?? 0,
      ms: performance.now() - this.#startedAt,
      sources,
      verified: sha256 !== undefined,
    });
    this.#end();
  }

  /** The document is whole and wrong: whoever gave all of it did so; if several did, the next ones are taken one by one. */
  #blame({ expected, actual }: WrongDigestError): void {
    if (this.#candidates.isAssuming) return this.#assumeNothing();
    const { fetchers, isAll } = this.#assembly.givers();
    this.#restart();
    const [giver] = fetchers;
    if (giver !== undefined && fetchers.size === 1 && isAll) {
      this.#drop(giver, `its RFC ${this.number} has SHA-256 ${actual}, not ${expected}`);
    } else {
      this.#isExclusive = true;
    }
    this.#settle();
  }

  /** Fails if nobody is left. */
  #settle(): void {
    if (this.#phase !== "fetching" || !this.#isAsking || this.#assembly.works.size > 0) return;
    if (this.#assembly.isWhole || [...this.#candidates].some((each) => this.#mayAsk(each))) return;
    this.#conclude();
    this.#options.events.failed(this.number, this.#reasons.describe(this.number));
    this.#end();
  }

  #conclude(): void {
    this.#phase = "over";
    this.#isFinishing = false;
    this.#assembly.close();
    const { dispute } = this.#candidates;
    if (dispute === undefined) return;
    this.#options.events.disagreement(this.number, dispute.votes, dispute.chosen);
  }
}

function describe(fetcher: Fetcher, what: string): string {
  return `${formatEndpoint(fetcher.holder)}: ${what}`;
}
