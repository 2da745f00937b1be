/**
 * All records of the index in the order in which they came.
 * @module
 */
import { lastUpTo } from "./serials.ts";

/** How many records there is always room for. */
const initialRecords = 64;

/** A record's place in the order. */
export interface OrderedRecord {
  /** What it is found by. */
  readonly serial: number;
  /** The number of its document. */
  readonly number: number;
}

/**
 * All records as columns, the oldest first; they are outside of the heap, where nobody has to look through them. A
 * removed one leaves a hole; holes are closed when they are more than half of all, so that memory comes down with the
 * records.
 */
export class RecordOrder {
  #serials = new Float64Array(initialRecords);
  /** Document numbers; 0 for a hole. */
  #numbers = new Int32Array(initialRecords);
  /** How much of the columns is in use. */
  #length = 0;
  #size = 0;
  #lastSerial = 0;

  /** How many records there are. */
  get size(): number {
    return this.#size;
  }

  /** The serial of the record that came last, although it may have gone; 0 before the first. */
  get lastSerial(): number {
    return this.#lastSerial;
  }

  /** Adds a record of a document as the newest; returns its serial. */
  add(number: number): number {
    if (this.#length === this.#serials.length) this.#makeRoom();
    this.#serials[this.#length] = ++this.#lastSerial;
    this.#numbers[this.#length] = number;
    this.#length++;
    this.#size++;
    return this.#lastSerial;
  }

  /** Removes the record with a serial, which must be there. */
  remove(serial: number): void {
    this.#numbers[this.#lastUpTo(serial)] = 0;
    this.#size--;
    if (this.#size * 2 < this.#length && this.#length > initialRecords) {
      this.#closeHoles();
      this.#makeRoom();
    }
  }

  /**
   * All records, newest first. They may change while somebody reads: what is added then is not seen, what is removed then
   * may be seen or not, all else is seen once.
   */
  *newestFirst(): Generator<OrderedRecord, void, undefined> {
    for (let serial = this.#lastSerial, place; (place = this.#lastUpTo(serial)) >= 0; serial--) {
      // Whatever happens while somebody else goes on, the next one is found by its serial.
      serial = this.#serials[place]!;
      const number = this.#numbers[place]!;
      if (number !== 0) yield { serial, number };
    }
  }

  #lastUpTo(serial: number): number {
    return lastUpTo(this.#serials, this.#length, serial);
  }

  #closeHoles(): void {
    const [serials, numbers] = [this.#serials, this.#numbers];
    let kept = 0;
    for (let place = 0; place < this.#length; place++) {
      if (numbers[place] === 0) continue;
      serials[kept] = serials[place]!;
      numbers[kept] = numbers[place]!;
      kept++;
    }
    this.#length = kept;
  }

  /** Room for a quarter more. What the columns had is given back at once, not when garbage is collected. */
  #makeRoom(): void {
    const records = Math.max(initialRecords, Math.ceil(this.#length * 1.25));
    const [serials, numbers] = [this.#serials, this.#numbers];
    this.#serials = new Float64Array(serials.buffer.transfer(records * serials.BYTES_PER_ELEMENT));
    this.#numbers = new Int32Array(numbers.buffer.transfer(records * numbers.BYTES_PER_ELEMENT));
  }
}
