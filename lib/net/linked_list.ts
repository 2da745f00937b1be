/**
 * Lists whose members come and go thousands of times a second.
 * @module
 */

/** A member's place in a list. */
export class Place<T> {
  /** The list that it is in. */
  list: LinkedList<T> | undefined;
  /** Who came before. */
  previous: Place<T> | undefined;
  /** Who came after. */
  next: Place<T> | undefined;

  /** In no list yet. */
  constructor(readonly member: T) {}
}

/**
 * Members in the order in which they came. A `Set` has the same to offer, but moves to a new table every few dozen
 * changes; once a table has grown old, the garbage collector takes all that was in those after it for alive.
 */
export class LinkedList<T> implements Iterable<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;
  #size = 0;

  /** How many members there are. */
  get size(): number {
    return this.#size;
  }

  /** Adds a member behind all others. */
  add(member: T): Place<T> {
    const place = new Place(member);
    place.list = this;
    place.previous = this.#last;
    if (this.#last === undefined) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Removes a member; false if it is not in this list, or not any more. */
  remove(place: Place<T>): boolean {
    if (place.list !== this) return false;
    const { previous, next } = place;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    place.list = place.previous = place.next = undefined;
    this.#size--;
    return true;
  }

  /** All members, the oldest first. Meanwhile only the one just given may be removed. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let place = this.#first, next; place !== undefined; place = next) {
      next = place.next;
      yield place.member;
    }
  }
}
