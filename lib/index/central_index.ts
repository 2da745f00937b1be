/**
 * The central index: which peer has which document (RFC 60001 section 4.2).
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { DocumentDetails } from "../protocol/listed_record.ts";

/** A record with all that the index knows of it. */
export interface IndexedRecord extends CiRecord {
  /** The address that the record was announced from. */
  readonly address: string;
  /** What the holder told besides, if anything. */
  readonly details: DocumentDetails | undefined;
}

/** A record as it is kept. Its neighbours are kept with it, so that removing one takes no search. */
interface Entry {
  readonly number: number;
  readonly title: string;
  details: DocumentDetails | undefined;
  readonly holder: Holder;
  /** The higher of two belongs to the newer record. */
  readonly serial: number;
  /** Neighbours among all records; a removed one still points to the older, so that a reader standing on it goes on. */
  newer: Entry | undefined;
  older: Entry | undefined;
  /** Neighbours among the records of the same document. */
  newerHolder: Entry | undefined;
  olderHolder: Entry | undefined;
}

/** One host and port that one session announces documents for. */
class Holder {
  readonly entries = new Map<number, Entry>();

  constructor(
    readonly session: Session,
    readonly host: string,
    readonly port: number,
    /** All that claim the same host and port, this one among them. */
    readonly claims: Holder[],
  ) {}
}

/** A peer's stay with the server: the records that it added and that go when it goes. */
export class Session {
  /** Without records at first; `address` is where the peer is connected from. */
  constructor(readonly address: string) {}

  /** By port and host; nearly always one. */
  readonly holders = new Map<string, Holder>();
}

/** A holder and how many documents it announced. */
export interface HolderSummary extends Endpoint {
  /** How many documents it announced. */
  readonly records: number;
}

/**
 * Every record that connected peers announced, newest first.
 *
 * Adding, removing and finding the newest holder of a document take constant time; a lookup takes time in the
 * document's holders, the end of a session in its own records.
 */
export class CentralIndex {
  readonly #newestOf = new Map<number, Entry>();
  /** The holders that claim one host and port: more than one only while a peer comes back before its old session ended. */
  readonly #claims = new Map<string, Holder[]>();
  #newest: Entry | undefined;
  #size = 0;
  #lastSerial = 0;

  /** How many records there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a record to a session, as the newest; it replaces the session's earlier one of the same document and holder. */
  add(
    session: Session,
    { number, title, host, port }: CiRecord,
    details?: DocumentDetails,
  ): void {
    const holder = this.#holderOf(session, { host, port });
    const earlier = holder.entries.get(number);
    if (earlier !== undefined) this.#unlink(earlier);
    const newestHolder = this.#newestOf.get(number);
    const entry: Entry = {
      number,
      // Peers announce the same document under the same title: one string serves all its records.
      title: newestHolder?.title === title ? newestHolder.title : title,
      details,
      holder,
      serial: ++this.#lastSerial,
      newer: undefined,
      older: this.#newest,
      newerHolder: undefined,
      olderHolder: newestHolder,
    };
    if (this.#newest !== undefined) this.#newest.newer = entry;
    if (newestHolder !== undefined) newestHolder.newerHolder = entry;
    this.#newest = entry;
    this.#newestOf.set(number, entry);
    holder.entries.set(number, entry);
    this.#size++;
  }

  /**
   * Changes what is told besides of a record that a session has already; it keeps its place (RFC 60003 section 7).
   *
   * @returns false if there is no such record, or with another title.
   */
  describe(session: Session, record: CiRecord, details: DocumentDetails): boolean {
    const entry = session.holders.get(keyOf(record))?.entries.get(record.number);
    if (entry?.title !== record.title) return false;
    entry.details = details;
    return true;
  }

  /** Removes the record that a session has of a document and holder, and returns it; undefined if there is none. */
  remove(session: Session, number: number, endpoint: Endpoint): IndexedRecord | undefined {
    const holder = session.holders.get(keyOf(endpoint));
    const entry = holder?.entries.get(number);
    if (holder === undefined || entry === undefined) return undefined;
    this.#unlink(entry);
    holder.entries.delete(number);
    if (holder.entries.size === 0) this.#forget(holder);
    return toRecord(entry);
  }

  /** Removes all that a session added. */
  endSession(session: Session): void {
    for (const holder of session.holders.values()) {
      for (const entry of holder.entries.values()) this.#unlink(entry);
      holder.entries.clear();
      this.#forget(holder);
    }
  }

  /** Whether anybody has a document. */
  has(number: number): boolean {
    return this.#newestOf.has(number);
  }

  /** The records of one document, newest first. */
  *lookup(number: number): Generator<IndexedRecord, void, undefined> {
    const asOf = this.#lastSerial;
    for (let entry = this.#newestOf.get(number); entry; entry = entry.olderHolder) {
      if (!this.#isRepeated(entry, asOf)) yield toRecord(entry);
    }
  }

  /**
   * Every record, newest first. The index may change while somebody reads: what is added then is not seen, what is
   * removed then may be seen or not, all else is seen once.
   */
  *list(): Generator<IndexedRecord, void, undefined> {
    const asOf = this.#lastSerial;
    for (let entry = this.#newest; entry; entry = entry.older) {
      const isThere = entry.holder.entries.get(entry.number) === entry;
      if (isThere && !this.#isRepeated(entry, asOf)) yield toRecord(entry);
    }
  }

  /** Every holder, in the order they came. */
  *holders(): Generator<HolderSummary, void, undefined> {
    for (const claims of this.#claims.values()) {
      for (const { host, port, entries } of claims) yield { host, port, records: entries.size };
    }
  }

  #holderOf(session: Session, endpoint: Endpoint): Holder {
    const key = keyOf(endpoint);
    let holder = session.holders.get(key);
    if (holder === undefined) {
      let claims = this.#claims.get(key);
      if (claims === undefined) this.#claims.set(key, claims = []);
      holder = new Holder(session, endpoint.host, endpoint.port, claims);
      session.holders.set(key, holder);
      claims.push(holder);
    }
    return holder;
  }

  #forget(holder: Holder): void {
    const key = keyOf(holder);
    holder.session.holders.delete(key);
    holder.claims.splice(holder.claims.indexOf(holder), 1);
    if (holder.claims.length === 0) this.#claims.delete(key);
  }

  /** Whether a newer record, added up to `asOf`, announces the same document for the same host and port. */
  #isRepeated({ number, holder, serial }: Entry, asOf: number): boolean {
    if (holder.claims.length < 2) return false;
    return holder.claims.some(({ entries }) => {
      const other = entries.get(number)?.serial ?? 0;
      return serial < other && other <= asOf;
    });
  }

  #unlink(entry: Entry): void {
    const { newer, older, newerHolder, olderHolder } = entry;
    if (newer !== undefined) newer.older = older;
    else this.#newest = older;
    if (older !== undefined) older.newer = newer;
    if (newerHolder !== undefined) newerHolder.olderHolder = olderHolder;
    else if (olderHolder !== undefined) this.#newestOf.set(entry.number, olderHolder);
    else this.#newestOf.delete(entry.number);
    if (olderHolder !== undefined) olderHolder.newerHolder = newerHolder;
    this.#size--;
  }
}

function toRecord({ number, title, details, holder }: Entry): IndexedRecord {
  const { host, port, session } = holder;
  return { number, title, host, port, address: session.address, details };
}

function keyOf({ host, port }: Endpoint): string {
  return `${port} ${host.toLowerCase()}`;
}
