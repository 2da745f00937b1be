/**
 * Fetching one document from its holders: what of their replies is believed.
 * @module
 */
import { type DocumentPart, pieceBytes } from "../files/document_part.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import { Assembly } from "./assembly.ts";
import { Candidates } from "./candidates.ts";
import type { Source, Vote } from "./download_events.ts";
import type { Holder } from "./finder.ts";
import type { FetchEvents, FetchOptions } from "./fetch_options.ts";
import { PartOpening } from "./part_opening.ts";
import { type Fetcher, noPiece, type Work, WorkOverError } from "./work.ts";
import { WorkGiver } from "./work_giver.ts";

/** A document that is being fetched. */
export class DocumentFetch {
  /** Number of the document. */
  readonly number: number;
  readonly #events: FetchEvents;
  readonly #candidates: Candidates;
  readonly #assembly: Assembly;
  readonly #opening: PartOpening;
  readonly #giver: WorkGiver;
  #isStopped = false;

  /** Nobody is asked until somebody is added. */
  constructor({ number, pinned, store }: FetchOptions, events: FetchEvents) {
    this.number = number;
    this.#events = events;
    this.#candidates = new Candidates(pinned);
    this.#assembly = new Assembly(number, store);
    this.#opening = new PartOpening(number, store, this.#candidates, this.#assembly, events);
    this.#giver = new WorkGiver(this, this.#candidates, this.#assembly);
  }

  /** Who can be asked. */
  get fetchers(): Iterable<Fetcher> {
    return this.#candidates;
  }

  /** The digest that the document must have, if anybody told one. */
  get sha256(): string | undefined {
    return this.#candidates.sha256;
  }

  /** What holders say, if not all say the same. */
  get dispute(): { readonly votes: Vote[]; readonly chosen: string } | undefined {
    return this.#candidates.dispute;
  }

  /** Who gave how much. */
  get sources(): Source[] {
    return this.#assembly.sources();
  }

  /** What is stored, if every piece is there. */
  get wholePart(): DocumentPart | undefined {
    return this.#assembly.isWhole ? this.#assembly.part : undefined;
  }

  /** Whether somebody is yet to be heard about its digest, which no list tells. */
  get awaitsOpinion(): boolean {
    return this.#candidates.wantsOpinion || this.#assembly.works.hasOpinion();
  }

  /** Whether nobody is left who could go on with it. */
  get isStuck(): boolean {
    const { works, isWhole } = this.#assembly;
    return this.#isAsking && works.size === 0 && !isWhole &&
      ![...this.#candidates].some((fetcher) => this.#giver.mayAsk(fetcher));
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
    if (this.#candidates.has(fetcher)) return;
    this.#recount(() => this.#candidates.add(fetcher, holder));
    this.#opening.prepare(this.#candidates.announcedSize(fetcher));
    this.#events.changed();
  }

  /** A holder has named another one. @returns Whether that is a new one that may be asked. */
  addHint(fetcher: Fetcher, by: Fetcher): boolean {
    return !this.#isStopped && this.#candidates.addHint(fetcher, by);
  }

  /** Whether somebody is asked only because another holder has named it. */
  isHint(fetcher: Fetcher): boolean {
    return this.#candidates.isHint(fetcher);
  }

  /** A holder has named others instead of giving the document; it may be asked again after `ms`. */
  postpone(work: Work, ms: number): void {
    this.#candidates.postpone(work.fetcher, ms, performance.now());
    this.giveBack(work);
  }

  /** Somebody cannot be asked any more. @param isWrong Whether it sent wrong bytes: then what it gave and said does not count. */
  remove(fetcher: Fetcher, isWrong: boolean): void {
    for (const work of this.#assembly.works.of(fetcher)) this.#assembly.giveBack(work, isWrong);
    if (isWrong && !this.#isStopped) this.#assembly.forgetFrom(fetcher);
    this.#giver.release(fetcher);
    this.#recount(() => this.#candidates.remove(fetcher, isWrong));
    const size = this.#assembly.part?.size;
    if (size !== undefined && !this.#isStopped && !this.#candidates.allows(size)) {
      this.#opening.restart();
    }
    this.#events.changed();
  }

  /** Whether somebody is said to have the document. */
  has(fetcher: Fetcher): boolean {
    return this.#candidates.has(fetcher);
  }

  /** Something to do for somebody, if there is. */
  take(fetcher: Fetcher, now: number): Work | undefined {
    this.#opening.lookBack();
    return this.#isAsking ? this.#giver.take(fetcher, now) : undefined;
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
    if (work.piece === noPiece) return this.#refuse(work);
    if (assembly.part === undefined) {
      await this.#opening.open(reply.size);
      if (work.state !== "asked") return false;
    }
    const rivals = assembly.works.rivals(work);
    if (assembly.part?.size !== reply.size) {
      if (this.#candidates.isAssuming) this.#opening.assumeNothing();
      else this.#passOver(work, `its RFC ${this.number} has ${reply.size} bytes`);
      // If the other one does not bring what it promised, this one may be right.
      if (rivals.length > 0) this.#opening.restart();
      return false;
    }
    const hasTurn = this.#giver.claim(work.fetcher);
    if (reply.length > pieceBytes && work.order.range !== undefined) {
      this.#giver.noteIgnoresRange(work.fetcher);
    }
    if (!hasTurn || !assembly.canUse(work, reply)) return this.#refuse(work);
    if (reply.length > pieceBytes) work.isWhole = true;
    for (const rival of rivals) assembly.works.end(rival);
    work.state = "receiving";
    work.acceptedAt = performance.now();
    work.expectedBytes = reply.length;
    return true;
  }

  /** Bytes that were accepted. @throws {WorkOverError} if they are not wanted any more. @throws {FileError} */
  write(work: Work, offset: number, bytes: Uint8Array): void {
    this.#assembly.write(work, offset, bytes);
    this.#events.received(work.fetcher.holder, bytes.length);
  }

  /** All of what was accepted came. @throws {WorkOverError} as `write`. */
  complete(work: Work): void {
    if (work.state === "over") throw new WorkOverError();
    this.#assembly.complete(work);
    if (this.#assembly.isWhole) this.#events.changed();
  }

  /** A holder did not do a work, or not wholly. @param isWrong Whether what came is not what it said it is. */
  giveBack(work: Work, isWrong = false): void {
    if (work.state === "over") return;
    this.#assembly.giveBack(work, isWrong);
    this.#giver.release(work.fetcher);
    this.#events.changed();
  }

  /** A holder is of no use for this document. */
  exclude(fetcher: Fetcher, what: string): void {
    if (this.#candidates.has(fetcher)) this.#events.excluded(fetcher, what);
  }

  /** A range was asked for that the holder's copy, of this size, does not have. */
  refuseRange(work: Work, size: number | undefined, what: string): void {
    // A document without any byte has no range: it is asked for anew, once, without.
    const mayBeEmpty = work.order.range !== undefined && (this.#assembly.part?.size ?? 0) === 0;
    if (size === 0 && mayBeEmpty) {
      this.#giver.askWhole();
      this.giveBack(work);
    } else if (this.#candidates.isAssuming) this.#opening.assumeNothing();
    else this.exclude(work.fetcher, what);
  }

  /** Nothing is fetched any more: the document is being finished. */
  stop(): void {
    this.#isStopped = true;
    this.#assembly.endWorks();
  }

  /**
   * The document is whole and wrong: begins anew.
   *
   * @returns Who gave all of it. If several did, nobody can tell who was wrong: then it comes from one at a time.
   */
  startOver(): Fetcher | undefined {
    this.#isStopped = false;
    if (this.#candidates.isAssuming) {
      this.#opening.assumeNothing();
      return undefined;
    }
    const { fetchers, isAll } = this.#assembly.givers();
    this.#opening.restart();
    const [giver, ...others] = fetchers;
    if (others.length === 0 && isAll) return giver;
    this.#giver.askOneAtATime();
    return undefined;
  }

  /** Ends everything; what can be resumed stays. */
  close(): void {
    this.#isStopped = true;
    this.#opening.close();
  }

  get #isAsking(): boolean {
    return !this.#isStopped && !this.#assembly.isOpening;
  }

  /** Whether a holder may be sending the document that is wanted. */
  #believes(work: Work, reply: BytesReply): boolean {
    const { fetcher } = work;
    const { reprSha256 = "unknown", size } = reply;
    const what = `its RFC ${this.number} has SHA-256 ${reprSha256} and ${size} bytes`;
    switch (this.#recount(() => this.#candidates.hear(fetcher, reply))) {
      case "not as announced":
        this.#events.wrong(fetcher, `${what}, which is not what it announced`);
        return false;
      case "another":
        this.#passOver(work, `${what}, but SHA-256 ${this.sha256} is wanted`);
        return false;
      case "changed":
        this.exclude(fetcher, `its RFC ${this.number} changed meanwhile`);
        return false;
      case "document":
        return work.state === "asked";
    }
  }

  #refuse(work: Work): false {
    this.giveBack(work);
    return false;
  }

  #passOver(work: Work, what: string): void {
    this.#events.passedOver(work.fetcher, what);
    this.giveBack(work);
  }

  /** Begins anew if what is heard makes another document the right one. */
  #recount<T>(hear: () => T): T {
    const heard = hear();
    if (!this.#isStopped) this.#opening.check();
    return heard;
  }
}
