/**
 * The holders of one document, and what they say of it.
 * @module
 */
import type { DocumentDetails } from "../protocol/listed_record.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import { DigestVotes } from "./digest_votes.ts";
import type { Vote } from "./download_events.ts";
import type { Holder } from "./finder.ts";
import type { Fetcher } from "./work.ts";

/** How many other holders are asked what the digest is if no list tells it: with the one that gives it, three. */
const wantedOpinions = 2;

/** How many are asked for it at most, since some do not answer. */
const maxOpinionsAsked = 4;

/** What a holder told of its copy. */
interface Copy {
  /** What a list told. */
  readonly announced: DocumentDetails;
  /** In bytes, as a list or its last reply told. */
  size: number | undefined;
  /** The tag of its last reply. */
  etag: string | undefined;
  /** Whether it was asked for its digest alone. */
  wasConsulted: boolean;
  /** Whether only another holder has named it. */
  readonly isHint: boolean;
  /** It is not asked before that, on the clock of `performance.now`. */
  postponedUntil: number;
  /** How often it named others instead of giving the document. */
  postponements: number;
}

/** How many holders of one document may be named by others: a liar does not send us round the world. */
export const maxHints = 16;

/** How often a holder may name others instead of giving a document. */
export const maxPostponements = 8;

/** What a reply says of a holder's copy: that it is the document, another one, not what was announced, not as before. */
export type Testimony = "document" | "another" | "not as announced" | "changed";

/** The holders of one document. */
export class Candidates implements Iterable<Fetcher> {
  readonly #copies = new Map<Fetcher, Copy>();
  readonly #votes: DigestVotes;
  readonly #pinned: string | undefined;
  #isAnnounced = false;
  #consulted = 0;
  #hints = 0;

  /** `pinned` is the digest that the document must have, whatever holders say. */
  constructor(pinned: string | undefined) {
    this.#votes = new DigestVotes(pinned);
    this.#pinned = pinned;
  }

  /** Those who can be asked. */
  [Symbol.iterator](): Iterator<Fetcher> {
    return this.#copies.keys();
  }

  /** How many there are. */
  get count(): number {
    return this.#copies.size;
  }

  /** The digest that the document must have. */
  get sha256(): string | undefined {
    return this.#votes.chosen;
  }

  /** Whether nobody tells a digest, and that of an earlier run is assumed. */
  get isAssuming(): boolean {
    return this.#votes.isAssumed;
  }

  /** Takes this digest as long as nobody tells one. */
  assume(sha256: string | undefined): void {
    this.#votes.assume(sha256);
  }

  /** What holders say, if not all say the same. */
  get dispute(): { readonly votes: Vote[]; readonly chosen: string } | undefined {
    const { chosen, isDisputed } = this.#votes;
    return isDisputed && chosen !== undefined ? { votes: this.#votes.list(), chosen } : undefined;
  }

  /** Whether somebody is one. */
  has(fetcher: Fetcher): boolean {
    return this.#copies.has(fetcher);
  }

  /** Somebody is said to have the document; the holder says what a list told of its copy. */
  add(fetcher: Fetcher, { size, sha256 }: Holder): void {
    this.#copies.set(fetcher, newCopy({ size, sha256 }, false));
    if (sha256 === undefined) return;
    this.#isAnnounced = true;
    this.#votes.cast(fetcher.holder, sha256);
  }

  /**
   * A holder has named another one, which has no vote of its own until it says which document it has.
   *
   * @returns Whether it is a new one that may be asked.
   */
  addHint(fetcher: Fetcher, by: Fetcher): boolean {
    const named = this.#copies.get(by);
    if (named === undefined || this.#copies.has(fetcher) || this.#hints >= maxHints) return false;
    this.#hints++;
    this.#copies.set(fetcher, newCopy({ size: named.announced.size }, true));
    return true;
  }

  /** Whether somebody is one only because another holder has named it. */
  isHint(fetcher: Fetcher): boolean {
    return this.#copies.get(fetcher)?.isHint ?? false;
  }

  /** A holder has named others: it is not asked for `ms`, and longer each time, since those may have others to serve. */
  postpone(fetcher: Fetcher, ms: number, now: number): void {
    const copy = this.#copies.get(fetcher);
    if (copy === undefined) return;
    copy.postponedUntil = now + ms * 2 ** copy.postponements;
    copy.postponements++;
  }

  /** Whether somebody has named others just before. */
  isPostponed(fetcher: Fetcher, now: number): boolean {
    return now < (this.#copies.get(fetcher)?.postponedUntil ?? 0);
  }

  /** Whether somebody has named others in vain, or again and again: it is asked as by one who is alone. */
  hasNamedInVain(fetcher: Fetcher): boolean {
    const postponements = this.#copies.get(fetcher)?.postponements ?? 0;
    if (postponements === 0) return false;
    return postponements >= maxPostponements ||
      !this.#copies.values().some(({ isHint }) => isHint);
  }

  /** Somebody cannot be asked any more. @param isWrong Whether it sent wrong bytes: then what it said does not count. */
  remove(fetcher: Fetcher, isWrong: boolean): void {
    if (!this.#copies.delete(fetcher)) return;
    if (isWrong) this.#votes.withdraw(fetcher.holder);
    else this.#votes.leave(fetcher.holder);
  }

  /** Whether somebody may have the document that is wanted, which has `size` bytes if that is known. */
  mayHave(fetcher: Fetcher, size: number | undefined): boolean {
    const copy = this.#copies.get(fetcher);
    if (copy === undefined) return false;
    const vote = this.#votes.of(fetcher.holder);
    if (vote !== undefined && vote !== this.#votes.chosen) return false;
    return size === undefined || copy.size === undefined || copy.size === size;
  }

  /** Whether somebody tells that the document has so many bytes, or nobody tells anything else. */
  allows(size: number): boolean {
    const sizes = [...this.#copies.values()].flatMap((copy) => copy.size ?? []);
    return sizes.length === 0 || sizes.includes(size);
  }

  /** The length of the document, if somebody's list told it together with the right digest. */
  announcedSize(fetcher: Fetcher): number | undefined {
    const copy = this.#copies.get(fetcher);
    const isRight = copy?.isHint || copy?.announced.sha256 === this.#votes.chosen;
    return isRight ? copy?.announced.size : undefined;
  }

  /** The tag of somebody's copy. */
  etag(fetcher: Fetcher): string | undefined {
    return this.#copies.get(fetcher)?.etag;
  }

  /** Takes note of what a reply says. */
  hear(fetcher: Fetcher, { reprSha256, etag, size }: BytesReply): Testimony {
    const copy = this.#copies.get(fetcher);
    if (copy === undefined) return "another";
    if (reprSha256 !== undefined && this.#contradicts(copy, reprSha256)) return "not as announced";
    if (reprSha256 !== undefined) this.#votes.cast(fetcher.holder, reprSha256);
    copy.size = size;
    const { announced } = copy;
    const wasRight = announced.sha256 !== undefined && announced.sha256 === this.#votes.chosen;
    if (wasRight && (announced.size ?? size) !== size) return "not as announced";
    if (reprSha256 !== undefined && reprSha256 !== this.#votes.chosen) {
      return wasRight ? "not as announced" : "another";
    }
    const hasChanged = copy.etag !== undefined && copy.etag !== etag;
    copy.etag = etag;
    return hasChanged && reprSha256 === undefined ? "changed" : "document";
  }

  /** Whether there is somebody who ought to be asked for the digest, because no list tells it. */
  get wantsOpinion(): boolean {
    return this.#mayConsult() && this.#copies.keys().some((fetcher) => this.#isUnheard(fetcher));
  }

  /** Whether somebody is to be asked for the digest alone: notes that it is. */
  consult(fetcher: Fetcher): boolean {
    if (!this.#mayConsult() || !this.#isUnheard(fetcher)) return false;
    this.#copies.get(fetcher)!.wasConsulted = true;
    this.#consulted++;
    return true;
  }

  /** Whether a holder tells another digest than a list told of it, and nobody else wants that one. */
  #contradicts({ announced }: Copy, reprSha256: string): boolean {
    return announced.sha256 !== undefined && announced.sha256 !== reprSha256 &&
      reprSha256 !== this.#pinned && this.#votes.count(reprSha256) === 0;
  }

  #mayConsult(): boolean {
    return this.#pinned === undefined && !this.#isAnnounced && this.#copies.size > 1 &&
      this.#consulted < maxOpinionsAsked && this.#votes.size <= wantedOpinions;
  }

  #isUnheard(fetcher: Fetcher): boolean {
    const copy = this.#copies.get(fetcher);
    return copy !== undefined && !copy.isHint && !copy.wasConsulted && !fetcher.givesWholeOnly &&
      !fetcher.isResting &&
      this.#votes.of(fetcher.holder) === undefined;
  }
}

function newCopy(announced: DocumentDetails, isHint: boolean): Copy {
  const { size } = announced;
  const nothingYet = { etag: undefined, wasConsulted: false, postponedUntil: 0, postponements: 0 };
  return { announced, size: isHint ? undefined : size, isHint, ...nothingYet };
}
