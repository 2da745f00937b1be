/**
 * A document being put together: its part on the disk, its pieces, what is being fetched of it, who gave what.
 * @module
 */
import { type DocumentPart, type DocumentStore, pieceBytes } from "../files/document_part.ts";
import type { ByteRange } from "../protocol/byte_range.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import type { Source } from "./download_events.ts";
import { PiecePlan } from "./piece_plan.ts";
import { type Fetcher, type Work, WorkOverError } from "./work.ts";
import { WorkList } from "./work_list.ts";

/** Bytes of one piece that came from one holder. */
interface Given {
  readonly fetcher: Fetcher;
  readonly bytes: number;
}

/** What stands for all who fetch the same piece. */
type Claim = symbol;

/** One document being put together. */
export class Assembly {
  /** What is being fetched. */
  readonly works: WorkList = new WorkList();
  readonly #number: number;
  readonly #store: DocumentStore;
  readonly #given = new Map<number, Given[]>();
  readonly #claims = new Map<number, Claim>();
  #plan = new PiecePlan<Claim>(1);
  #part: DocumentPart | undefined;
  #opening: Promise<void> | undefined;

  /** Nothing is stored yet. */
  constructor(number: number, store: DocumentStore) {
    this.#number = number;
    this.#store = store;
  }

  /** Where it is stored; undefined as long as its length is not known. */
  get part(): DocumentPart | undefined {
    return this.#part;
  }

  /** Whether it is just being begun. */
  get isOpening(): boolean {
    return this.#opening !== undefined;
  }

  /** How many bytes are there. */
  get receivedBytes(): number {
    const part = this.#part;
    // A length is what somebody says: nothing is counted for it.
    if (part === undefined || part.received.size + part.receivedBytes(0) === 0) return 0;
    const pieces = Math.ceil((part.size ?? 0) / pieceBytes);
    let bytes = 0;
    for (let piece = 0; piece < pieces; piece++) bytes += part.receivedBytes(piece);
    return bytes;
  }

  /** Whether every piece is there. */
  get isWhole(): boolean {
    return this.#part !== undefined && this.#plan.isDone;
  }

  /** How many pieces nobody fetches yet. */
  get freePieces(): number {
    return this.works.hasWhole() ? 0 : this.#plan.free;
  }

  /** Begins the part, or goes on with one of an earlier run. @throws {FileError} if it cannot be stored. */
  open(size: number | undefined, sha256: string | undefined): Promise<void> {
    this.#opening ??= this.#open(size, sha256).finally(() => this.#opening = undefined);
    return this.#opening;
  }

  /**
   * Gives out the first piece that nobody fetches, or one that is being fetched badly.
   *
   * @param whole Whether the fetcher can only bring whole documents.
   */
  take(fetcher: Fetcher, now: number, whole: boolean): number | undefined {
    const isLong = (this.#part?.size ?? 0) > pieceBytes;
    if (isLong && (this.works.hasWhole() || (whole && this.works.size > 0))) return undefined;
    return this.#claim() ?? this.works.findLate(now, fetcher);
  }

  /** Which bytes to ask for so that a piece becomes whole; undefined for all there are. */
  missing(piece: number, announcedSize: number | undefined): ByteRange | undefined {
    const size = this.#part?.size ?? announcedSize;
    const start = piece * pieceBytes;
    // Somebody who is asked because of another's slowness begins anew: the other one may still be writing.
    const isShared = this.works.on(piece).length > 0;
    const received = isShared ? 0 : this.#part?.receivedBytes(piece) ?? 0;
    if (size !== undefined && size < pieceBytes && received === 0) return undefined;
    const end = Math.min(start + pieceBytes, size ?? Infinity);
    return { first: start + received, last: end - 1 };
  }

  /** Whether the bytes of a reply fit in, whose holder tells the same of the document as is known. */
  canUse(work: Work, reply: BytesReply): boolean {
    const { range } = work.order;
    if (this.#part?.received.has(work.piece)) return false;
    if (reply.first === (range?.first ?? 0) && !(reply.length > pieceBytes)) return true;
    // Everything came where a part was asked for.
    return this.works.size === 1 && reply.first === 0;
  }

  /** Bytes of a work. @throws {WorkOverError} if they are not wanted any more. @throws {FileError} as the part. */
  write(work: Work, offset: number, bytes: Uint8Array): void {
    if (work.state === "over" || this.#part === undefined) throw new WorkOverError();
    this.#part.write(offset, bytes);
    work.receivedBytes += bytes.length;
    // Of what comes all at once no piece is checked alone.
    if (work.isWhole && this.#part.isSequential) this.#acceptAll(this.#part);
  }

  /** All bytes of a work are there. */
  complete(work: Work): void {
    this.#note(work);
    this.works.end(work);
    this.#settle(work.piece);
    this.#part?.accepted?.(work.piece);
    if (!work.isWhole) return;
    for (let piece = this.#claim(); piece !== undefined; piece = this.#claim()) this.#settle(piece);
  }

  /** A work ends early; what came of it is kept, unless it is `wrong`. */
  giveBack(work: Work, wrong = false): void {
    if (work.state === "over") return;
    const wasReceiving = work.state === "receiving";
    if (wrong) this.#part?.forget(work.piece);
    else if (wasReceiving) this.#note(work);
    if (this.works.end(work)) this.#release(work.piece);
  }

  /** Takes out again what a holder gave: it was found to send wrong bytes. */
  forgetFrom(fetcher: Fetcher): void {
    for (const [piece, given] of this.#given) {
      if (!given.some((each) => each.fetcher === fetcher)) continue;
      const wasWhole = this.#part?.received.has(piece);
      this.#given.delete(piece);
      this.#part?.forget(piece);
      if (wasWhole) this.#plan.forget(piece);
      // Somebody goes on behind wrong bytes.
      for (const work of this.works.on(piece)) if (this.works.end(work)) this.#release(piece);
    }
  }

  /** Who gave bytes, and whether that is all of them: an earlier run may have brought some. */
  givers(): { readonly fetchers: ReadonlySet<Fetcher>; readonly isAll: boolean } {
    const given = [...this.#given.values()].flat();
    const bytes = given.reduce((sum, each) => sum + each.bytes, 0);
    return {
      fetchers: new Set(given.map(({ fetcher }) => fetcher)),
      isAll: bytes >= (this.#part?.size ?? bytes),
    };
  }

  /** Who gave how much, the one that gave most first. */
  sources(): Source[] {
    const bytesOf = new Map<string, Source>();
    for (const { fetcher: { holder: { host, port } }, bytes } of [...this.#given.values()].flat()) {
      const key = formatEndpoint({ host, port });
      bytesOf.set(key, { host, port, bytes: bytes + (bytesOf.get(key)?.bytes ?? 0) });
    }
    return [...bytesOf.values()].sort((a, b) => b.bytes - a.bytes);
  }

  /** Begins anew, with nothing: what is there is not the document that is wanted. */
  restart(): void {
    this.#part?.discard();
    this.close();
    this.#given.clear();
    this.#plan = new PiecePlan(1);
    this.#claims.clear();
  }

  /** What is being fetched is not wanted any more. */
  endWorks(): void {
    for (const work of this.works.all()) this.works.end(work);
  }

  /** Ends everything; what can be resumed stays. */
  close(): void {
    this.endWorks();
    this.#part?.[Symbol.dispose]();
    this.#part = undefined;
  }

  async #open(size: number | undefined, sha256: string | undefined): Promise<void> {
    const part = await this.#store.open(this.#number, { size, sha256 });
    this.#part = part;
    const count = Math.max(1, Math.ceil((size ?? 0) / pieceBytes));
    this.#plan = new PiecePlan(count, part.received);
    this.#claims.clear();
    // The first piece was asked for before the length was known.
    if (this.works.on(0).length > 0 && !part.received.has(0)) this.#claim();
  }

  #acceptAll(part: DocumentPart): void {
    for (const piece of part.received) part.accepted?.(piece);
  }

  #claim(): number | undefined {
    const claim = Symbol();
    const piece = this.#plan.take(claim);
    if (piece !== undefined) this.#claims.set(piece, claim);
    return piece;
  }

  #settle(piece: number): void {
    const claim = this.#claims.get(piece);
    if (claim !== undefined) this.#plan.complete(piece, claim);
    this.#claims.delete(piece);
  }

  #release(piece: number): void {
    const claim = this.#claims.get(piece);
    if (claim !== undefined) this.#plan.giveBack(claim);
    this.#claims.delete(piece);
  }

  #note(work: Work): void {
    const given = this.#given.get(work.piece) ?? [];
    // What others had brought of the piece was written over.
    if (work.order.range === undefined || work.order.range.first % pieceBytes === 0) {
      given.length = 0;
    }
    given.push({ fetcher: work.fetcher, bytes: work.receivedBytes });
    this.#given.set(work.piece, given);
  }
}
