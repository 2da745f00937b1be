/**
 * Which bytes are the document, if holders disagree (RFC 60003 section 4.7).
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { Vote } from "./download_events.ts";

/** What one holder says of a document. */
interface Ballot {
  readonly holder: Endpoint;
  readonly sha256: string;
  /** Whether the holder can still be asked. */
  isPresent: boolean;
}

/** The digests that holders tell of one document. Each has one vote; what was asked for counts more than all of them. */
export class DigestVotes {
  readonly #pinned: string | undefined;
  readonly #ballots = new Map<string, Ballot>();
  #chosen: string | undefined;
  #assumed: string | undefined;

  /** `pinned` is the digest that the document must have, whatever holders say. */
  constructor(pinned: string | undefined) {
    this.#pinned = pinned;
    this.#chosen = pinned;
  }

  /**
   * The digest that the document must have: that of most holders, as long as one of these can be asked; of two with as
   * many, the one that had them first.
   */
  get chosen(): string | undefined {
    return this.#chosen ?? this.#assumed;
  }

  /** Whether nobody tells a digest, and one is assumed. */
  get isAssumed(): boolean {
    return this.#chosen === undefined && this.#assumed !== undefined;
  }

  /** Takes this digest as long as nobody tells one: an earlier run was told it. Undefined: it turned out wrong. */
  assume(sha256: string | undefined): void {
    this.#assumed = sha256;
  }

  /** Whether somebody tells another digest than somebody else, or than was asked for. */
  get isDisputed(): boolean {
    return this.#ballots.values().some(({ sha256 }) => sha256 !== this.#chosen);
  }

  /** How many holders say so. */
  count(sha256: string): number {
    let count = 0;
    for (const ballot of this.#ballots.values()) if (ballot.sha256 === sha256) count++;
    return count;
  }

  /** How many holders say anything. */
  get size(): number {
    return this.#ballots.size;
  }

  /** What a holder says, if it has said anything. */
  of(holder: Endpoint): string | undefined {
    return this.#ballots.get(formatEndpoint(holder))?.sha256;
  }

  /** A holder says so, whatever it said before. */
  cast(holder: Endpoint, sha256: string): void {
    const key = formatEndpoint(holder);
    if (this.#ballots.get(key)?.sha256 === sha256) return;
    this.#ballots.set(key, { holder, sha256, isPresent: true });
    this.#choose();
  }

  /** A holder cannot be asked any more: what it said counts as long as somebody else who says so can be. */
  leave(holder: Endpoint): void {
    const ballot = this.#ballots.get(formatEndpoint(holder));
    if (ballot === undefined) return;
    ballot.isPresent = false;
    this.#choose();
  }

  /** A holder was found out: what it says does not count. */
  withdraw(holder: Endpoint): void {
    if (this.#ballots.delete(formatEndpoint(holder))) this.#choose();
  }

  /** All digests that were told, those of most holders first. */
  list(): Vote[] {
    const groups = Map.groupBy(this.#ballots.values(), ({ sha256 }) => sha256);
    return Array.from(groups, ([sha256, ballots]) => ({
      sha256,
      holders: ballots.map(({ holder: { host, port } }) => ({ host, port })),
    })).sort((a, b) => b.holders.length - a.holders.length);
  }

  #choose(): void {
    if (this.#pinned !== undefined) return;
    if (this.#chosen !== undefined && this.count(this.#chosen) === 0) this.#chosen = undefined;
    const most = this.list().find(({ sha256 }) => this.#canBeHad(sha256));
    if (most === undefined || most.sha256 === this.#chosen) return;
    const chosen = this.#chosen;
    const isOutvoted = chosen === undefined || !this.#canBeHad(chosen) ||
      this.count(chosen) < most.holders.length;
    if (isOutvoted) this.#chosen = most.sha256;
  }

  #canBeHad(wanted: string): boolean {
    return this.#ballots.values().some(({ sha256, isPresent }) => isPresent && sha256 === wanted);
  }
}
