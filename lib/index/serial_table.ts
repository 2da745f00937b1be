/**
 * The records of one holder: by document number, the serial of each.
 * @module
 */

/** How many entries there is room for at first. */
const initialSlots = 4;

/** From how many slots on the entries are kept outside of the heap, where nobody has to look through them. */
const largeSlots = 64;

/** Spreads numbers that follow each other: 2^32 by the golden ratio. */
const spread = 0x9e3779b1;

/** Document numbers, from 1, and a serial for each: a hash table in one list, some 25 bytes for an entry. */
export class SerialTable {
  /** Number and serial by turns; a number of 0 is an empty slot. An entry is in its slot, or in the next empty one. */
  #slots = emptySlots(initialSlots);
  #size = 0;

  /** How many entries there are. */
  get size(): number {
    return this.#size;
  }

  /** The serial of a number; undefined if it has none. */
  get(number: number): number | undefined {
    const at = this.#find(number);
    return this.#slots[at] === number ? this.#slots[at + 1] : undefined;
  }

  /** Gives a number a serial, whichever it had. */
  set(number: number, serial: number): void {
    let at = this.#find(number);
    if (this.#slots[at] !== number) {
      this.#size++;
      // Beyond three quarters one would look at many slots.
      if (this.#size * 2 > this.#slots.length * 0.75) {
        this.#resize(this.#slots.length);
        at = this.#find(number);
      }
    }
    this.#slots[at] = number;
    this.#slots[at + 1] = serial;
  }

  /** Removes a number, if it is there. */
  delete(number: number): void {
    const slots = this.#slots;
    let hole = this.#find(number);
    if (slots[hole] !== number) return;
    this.#size--;
    // Whatever stands behind because this place was taken moves up.
    for (let at = this.#after(hole); slots[at] !== 0; at = this.#after(at)) {
      const wanted = this.#slotOf(slots[at]!);
      const isBetween = hole < at ? hole < wanted && wanted <= at : hole < wanted || wanted <= at;
      if (isBetween) continue;
      slots[hole] = slots[at]!;
      slots[hole + 1] = slots[at + 1]!;
      hole = at;
    }
    slots[hole] = 0;
    const isSparse = this.#size * 2 < slots.length / 8 && slots.length > initialSlots * 2;
    if (isSparse) this.#resize(slots.length / 4);
  }

  /** Numbers and their serials, in no order; nothing may change meanwhile. */
  *entries(): Generator<[number: number, serial: number], void, undefined> {
    for (let at = 0; at < this.#slots.length; at += 2) {
      if (this.#slots[at] !== 0) yield [this.#slots[at]!, this.#slots[at + 1]!];
    }
  }

  /** Where a number is, or would be. */
  #find(number: number): number {
    let at = this.#slotOf(number);
    while (this.#slots[at] !== 0 && this.#slots[at] !== number) at = this.#after(at);
    return at;
  }

  #slotOf(number: number): number {
    const hash = Math.imul(number, spread);
    return ((hash ^ (hash >>> 15)) << 1) & (this.#slots.length - 2);
  }

  #after(at: number): number {
    return (at + 2) & (this.#slots.length - 2);
  }

  #resize(slots: number): void {
    const before = this.#slots;
    this.#slots = emptySlots(slots);
    for (let i = 0; i < before.length; i += 2) {
      if (before[i] === 0) continue;
      const at = this.#find(before[i]!);
      this.#slots[at] = before[i]!;
      this.#slots[at + 1] = before[i + 1]!;
    }
    // Its memory is given back at once, not when garbage is collected.
    if (before instanceof Float64Array) before.buffer.transfer(0);
  }
}

function emptySlots(slots: number): number[] | Float64Array<ArrayBuffer> {
  return slots < largeSlots ? new Array<number>(slots * 2).fill(0) : new Float64Array(slots * 2);
}
