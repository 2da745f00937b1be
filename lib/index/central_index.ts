/**
 * The central index: which peer has which document (RFC 60001 section 4.2).
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { DocumentDetails } from "../protocol/listed_record.ts";
import { ownText } from "./descriptions.ts";
import { DocumentRecords, type IndexedRecord } from "./document_records.ts";
import { Holder, type Session } from "./holder.ts";
import { RecordOrder } from "./record_order.ts";

/** A holder and how many documents it announced. */
export interface HolderSummary extends Endpoint {
  /** How many documents it announced. */
  readonly records: number;
}

/**
 * Every record that connected peers announced, newest first.
 *
 * A record is known by its serial, and kept in three places: in the order of all, among its document's, and with its
 * holder. Adding one takes constant time; finding and removing one, time in the logarithm of all; a lookup, time in the
 * document's holders; the end of a session, time in its own records.
 */
export class CentralIndex {
  readonly #order = new RecordOrder();
  readonly #documents = new Map<number, DocumentRecords>();
  /** The holders that claim one host and port: more than one only while a peer comes back before its old session ended. */
  readonly #claims = new Map<string, Holder[]>();
  readonly #changed: (number: number) => void;

  /** Empty; `changed` is called before the records of a document change. */
  constructor(changed: (number: number) => void = () => {}) {
    this.#changed = changed;
  }

  /** How many records there are. */
  get size(): number {
    return this.#order.size;
  }

  /** Adds a record to a session, as the newest; it replaces the session's earlier one of the same document and holder. */
  add(session: Session, record: CiRecord, details?: DocumentDetails): void {
    const { number, title } = record;
    this.#changed(number);
    const holder = this.#findHolder(session, record) ?? this.#addHolder(session, record);
    const earlier = holder.serials.get(number);
    if (earlier !== undefined) this.#forget(number, earlier);
    const serial = this.#order.add(number);
    const document = this.#documents.get(number);
    const description = { title, details };
    if (document !== undefined) document.add(serial, holder, description);
    else this.#documents.set(number, new DocumentRecords(number, serial, holder, description));
    holder.serials.set(number, serial);
  }

  /**
   * Changes what is told besides of a record that a session has already; it keeps its place (RFC 60003 section 7).
   *
   * @returns false if there is no such record, or with another title.
   */
  describe(session: Session, record: CiRecord, details: DocumentDetails): boolean {
    const { number, title } = record;
    const serial = this.#findHolder(session, record)?.serials.get(number);
    if (serial === undefined) return false;
    return this.#documents.get(number)!.describe(serial, { title, details });
  }

  /** Removes the record that a session has of a document and holder, and returns it; undefined if there is none. */
  remove(session: Session, number: number, endpoint: Endpoint): IndexedRecord | undefined {
    const holder = this.#findHolder(session, endpoint);
    const serial = holder?.serials.get(number);
    if (holder === undefined || serial === undefined) return undefined;
    const record = this.#documents.get(number)!.find(serial);
    this.#forget(number, serial);
    holder.serials.delete(number);
    if (holder.serials.size === 0) this.#removeHolder(holder);
    return record;
  }

  /** Removes all that a session added. */
  endSession(session: Session): void {
    for (let holder = session.holders.at(-1); holder; holder = session.holders.at(-1)) {
      for (const [number, serial] of holder.serials.entries()) this.#forget(number, serial);
      this.#removeHolder(holder);
    }
  }

  /** Whether anybody has a document. */
  has(number: number): boolean {
    return this.#documents.has(number);
  }

  /** The records of one document, newest first. The index may change while somebody reads, as with `list`. */
  lookup(number: number): IteratorObject<IndexedRecord, void> {
    return this.#documents.get(number)?.newestFirst() ?? [].values();
  }

  /**
   * Every record, newest first. The index may change while somebody reads: what is added then is not seen, what is
   * removed then may be seen or not, all else is seen once.
   */
  *list(): Generator<IndexedRecord, void, undefined> {
    const asOf = this.#order.lastSerial;
    for (const { serial, number } of this.#order.newestFirst()) {
      const record = this.#documents.get(number)!.find(serial, asOf);
      if (record !== undefined) yield record;
    }
  }

  /** Every holder, in the order they came. */
  *holders(): Generator<HolderSummary, void, undefined> {
    for (const claims of this.#claims.values()) {
      for (const { host, port, serials } of claims) yield { host, port, records: serials.size };
    }
  }

  #findHolder(session: Session, endpoint: Endpoint): Holder | undefined {
    const latest = session.holders.at(-1);
    // Nearly always the only one, and spelled alike.
    if (latest?.host === endpoint.host && latest.port === endpoint.port) return latest;
    return this.#claims.get(keyOf(endpoint))?.find((holder) => holder.session === session);
  }

  #addHolder(session: Session, { host, port }: Endpoint): Holder {
    const key = keyOf({ host, port });
    const claims = this.#claims.get(key) ?? [];
    const holder = new Holder(session, ownText(host), port, claims);
    session.add(holder);
    claims.push(holder);
    this.#claims.set(key, claims);
    return holder;
  }

  #removeHolder(holder: Holder): void {
    holder.session.delete(holder);
    const { claims } = holder;
    claims.splice(claims.indexOf(holder), 1);
    if (claims.length === 0) this.#claims.delete(keyOf(holder));
  }

  /** Takes a record out of the order and from its document. */
  #forget(number: number, serial: number): void {
    this.#changed(number);
    const document = this.#documents.get(number)!;
    document.remove(serial);
    if (document.size === 0) this.#documents.delete(number);
    this.#order.remove(serial);
  }
}

function keyOf({ host, port }: Endpoint): string {
  return `${port} ${host.toLowerCase()}`;
}
