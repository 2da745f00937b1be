/**
 * Who has which document, as a list of the central index server said a moment ago.
 * @module
 */
import type { ListedRecord } from "../protocol/listed_record.ts";

/** For how long a list is believed, in ms: as long as nobody is asked what there is again. */
export const listedMs = 5_000;

/** The records of the last list, so that whoever brings much of it need not look up each document. */
export class ListedHolders {
  readonly #records = new Map<number, ListedRecord[]>();
  readonly #now: () => number;
  #listedAt = -Infinity;

  /** No list yet. @param now The clock, in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** A list begins: what an earlier one said is forgotten. */
  begin(): void {
    this.#records.clear();
    this.#listedAt = this.#now();
  }

  /** A record of it, in the order in which they come. */
  note(record: ListedRecord): void {
    const known = this.#records.get(record.number);
    if (known === undefined) this.#records.set(record.number, [record]);
    else known.push(record);
  }

  /** What was not taken is not needed any more. */
  end(): void {
    this.#records.clear();
    this.#listedAt = -Infinity;
  }

  /**
   * The records of a document, once: whoever searches for it again asks again. Undefined if the list had none, or is too
   * old.
   */
  take(number: number): readonly ListedRecord[] | undefined {
    if (this.#now() - this.#listedAt > listedMs) {
      this.end();
      return undefined;
    }
    const records = this.#records.get(number);
    this.#records.delete(number);
    return records;
  }
}
