/**
 * A peer's RFC index: which other peers have which documents, as far as it heard (RFC 60002 section 6.2).
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { IndexRecord } from "../protocol/index_record.ts";
import type { DocumentDetails } from "../protocol/listed_record.ts";

/** For how long a record is believed after its holder gave it, in ms; own records always show it (RFC 60002 section 6.2). */
export const recordTtlMs = 7_200_000;

/** How many records of others are kept. Some 200 bytes each. */
export const maxIndexRecords = 1_000_000;

/** How long a full index waits before it is searched for expired records again, in ms. */
const sweepPauseMs = 60_000;

/** What an RFC index needs from outside. */
export interface RfcIndexOptions {
  /** The clock, in ms since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** The documents that this peer has itself; asked anew each time. @default none */
  readonly own?: (() => Iterable<CiRecord>) | undefined;
  /** How many records of others are kept. @default maxIndexRecords */
  readonly maxRecords?: number | undefined;
}

interface HeardRecord extends CiRecord, DocumentDetails {
  readonly expiresAt: number;
}

/** Own records, and others' until their time runs out. */
export class RfcIndex {
  /** By document, then by holder. */
  readonly #heard = new Map<number, Map<string, HeardRecord>>();
  readonly #now: () => number;
  readonly #own: () => Iterable<CiRecord>;
  readonly #maxRecords: number;
  #heardCount = 0;
  #nextSweepAt = 0;

  /** An index without records of others. */
  constructor(options: RfcIndexOptions = {}) {
    this.#now = options.now ?? Date.now;
    this.#own = options.own ?? (() => []);
    this.#maxRecords = options.maxRecords ?? maxIndexRecords;
  }

  /** How many records of others are kept, expired ones that nobody has met yet among them. */
  get heardCount(): number {
    return this.#heardCount;
  }

  /**
   * Takes over a record of another holder, for the full time from now: how long the sender still believes it says
   * nothing (RFC 60002 section 6.3).
   *
   * @returns false if there is no place for it.
   */
  merge(record: CiRecord & DocumentDetails): boolean {
    const { number } = record;
    const now = this.#now();
    const key = keyOf(record);
    const isKnown = this.#heard.get(number)?.has(key) ?? false;
    if (!isKnown && this.#heardCount >= this.#maxRecords && !this.#makePlace(now)) return false;
    let holders = this.#heard.get(number);
    if (holders === undefined) this.#heard.set(number, holders = new Map());
    const twin = holders.values().next().value;
    holders.set(key, heardRecord(record, twin, now + recordTtlMs));
    if (!isKnown) this.#heardCount++;
    return true;
  }

  /** The other peers that have a document, as far as heard. */
  holders(number: number): (CiRecord & DocumentDetails)[] {
    const holders = this.#heard.get(number);
    if (holders === undefined) return [];
    this.#expire(number, holders, this.#now());
    return [...holders.values()];
  }

  /** Every record: own ones first, then others'. */
  *records(): Generator<IndexRecord, void, undefined> {
    yield* this.ownRecords();
    yield* this.heardRecords();
  }

  /** What this peer has itself, always with the full time. */
  *ownRecords(): Generator<IndexRecord, void, undefined> {
    for (const { number, title, host, port } of this.#own()) {
      yield { number, title, host, port, ttlSeconds: recordTtlMs / 1_000 };
    }
  }

  /** What others have, as far as heard, with the time left. */
  *heardRecords(): Generator<IndexRecord, void, undefined> {
    const now = this.#now();
    for (const [document, holders] of this.#heard) {
      this.#expire(document, holders, now);
      for (const { number, title, host, port, expiresAt, size, sha256 } of holders.values()) {
        const ttlSeconds = Math.ceil((expiresAt - now) / 1_000);
        yield { number, title, host, port, ttlSeconds, size, sha256 };
      }
    }
  }

  /** Drops what has expired everywhere, but not again and again while there is little to drop. */
  #makePlace(now: number): boolean {
    if (now >= this.#nextSweepAt) {
      this.#nextSweepAt = now + sweepPauseMs;
      for (const [number, holders] of this.#heard) this.#expire(number, holders, now);
    }
    return this.#heardCount < this.#maxRecords;
  }

  #expire(number: number, holders: Map<string, HeardRecord>, now: number): void {
    for (const [key, { expiresAt }] of holders) {
      if (expiresAt > now) continue;
      holders.delete(key);
      this.#heardCount--;
    }
    if (holders.size === 0) this.#heard.delete(number);
  }
}

/** A record as it is kept. Holders of the same document say the same of it: one string serves all of them. */
function heardRecord(
  { number, title, host, port, size, sha256 }: CiRecord & DocumentDetails,
  twin: HeardRecord | undefined,
  expiresAt: number,
): HeardRecord {
  return {
    number,
    title: twin?.title === title ? twin.title : title,
    host,
    port,
    expiresAt,
    ...(size === undefined ? {} : { size }),
    ...(sha256 === undefined ? {} : { sha256: twin?.sha256 === sha256 ? twin.sha256 : sha256 }),
  };
}

function keyOf({ host, port }: Endpoint): string {
  return `${port} ${host.toLowerCase()}`;
}
