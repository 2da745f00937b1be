/**
 * The records of one document, one for each of its holders.
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import type { DocumentDetails } from "../protocol/listed_record.ts";
import { type Description, shareDescription } from "./descriptions.ts";
import type { Holder } from "./holder.ts";
import { lastUpTo } from "./serials.ts";

/** A record with all that the index knows of it. */
export interface IndexedRecord extends CiRecord {
  /** The address that the record was announced from. */
  readonly address: string;
  /** What the holder told besides, if anything. */
  readonly details: DocumentDetails | undefined;
}

/** Up to how many records of a document take no room for more: a list that begins to grow takes room for 17. */
const few = 8;

/**
 * The records of one document as columns, the oldest first: reading them goes straight through memory. A removed one
 * leaves a hole; holes are closed when they are more than half of all.
 */
export class DocumentRecords {
  #serials: number[];
  #holders: (Holder | undefined)[];
  #told: Description[];
  #size = 1;

  /** With its first record, which says this of the document. */
  constructor(readonly number: number, serial: number, holder: Holder, description: Description) {
    this.#serials = [serial];
    this.#holders = [holder];
    this.#told = [shareDescription([], description)];
  }

  /** How many records there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a record, whose serial is higher than all others. */
  add(serial: number, holder: Holder, description: Description): void {
    this.#serials = append(this.#serials, serial);
    this.#holders = append(this.#holders, holder);
    this.#told = append(this.#told, shareDescription(this.#told, description));
    this.#size++;
  }

  /** The record with a serial, which must be there; undefined if it is outdated by one that is not above `asOf`. */
  find(serial: number, asOf = serial): IndexedRecord | undefined {
    const place = this.#placeOf(serial);
    const holder = this.#holders[place]!;
    const isOutdated = holder.isOutdated(this.number, serial, asOf);
    return isOutdated ? undefined : this.#record(place, holder);
  }

  /** Changes what the record with a serial, which must be there, tells besides; false if it has another title. */
  describe(serial: number, description: Description): boolean {
    const place = this.#placeOf(serial);
    if (this.#told[place]!.title !== description.title) return false;
    this.#told[place] = shareDescription(this.#told, description);
    return true;
  }

  /** Removes the record with a serial, which must be there. */
  remove(serial: number): void {
    this.#holders[this.#placeOf(serial)] = undefined;
    this.#size--;
    if (this.#size * 2 < this.#serials.length) this.#closeHoles();
  }

  /**
   * The records, newest first, without those that are outdated. They may change while somebody reads: what is added then
   * is not seen, what is removed then may be seen or not, all else is seen once.
   */
  *newestFirst(): Generator<IndexedRecord, void, undefined> {
    const newest = this.#serials.length - 1;
    const asOf = this.#serials[newest]!;
    for (let place = newest; place >= 0; place--) {
      const holder = this.#holders[place];
      const serial = this.#serials[place]!;
      if (holder === undefined || holder.isOutdated(this.number, serial, asOf)) continue;
      yield this.#record(place, holder);
      // The places are others if holes were closed meanwhile.
      if (this.#serials[place] !== serial) {
        place = lastUpTo(this.#serials, this.#serials.length, serial - 1) + 1;
      }
    }
  }

  #placeOf(serial: number): number {
    return lastUpTo(this.#serials, this.#serials.length, serial);
  }

  #record(place: number, { host, port, session }: Holder): IndexedRecord {
    const { title, details } = this.#told[place]!;
    return { number: this.number, title, host, port, address: session.address, details };
  }

  #closeHoles(): void {
    const [serials, holders, told] = [this.#serials, this.#holders, this.#told];
    let kept = 0;
    for (let place = 0; place < serials.length; place++) {
      if (holders[place] === undefined) continue;
      serials[kept] = serials[place]!;
      holders[kept] = holders[place];
      told[kept] = told[place]!;
      kept++;
    }
    serials.length = holders.length = told.length = kept;
  }
}

/** A list with one more item: the same, unless it is short. */
function append<T>(list: T[], item: T): T[] {
  if (list.length < few) return list.concat([item]);
  list.push(item);
  return list;
}
