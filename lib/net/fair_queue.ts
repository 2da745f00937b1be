/**
 * Whose turn it is among those who share something.
 * @module
 */

/** One of those who share, and what waits for it. */
interface Sharer<T> {
  /** How much it had, on a scale that all share: who comes new begins where the others are. */
  served: number;
  readonly waiting: T[];
}

/**
 * A queue that is fair between sharers, by what each was charged and not by how much each has waiting (start-time fair
 * queueing). What one sharer has waiting comes in order.
 */
export class FairQueue<T> {
  readonly #sharers = new Map<string, Sharer<T>>();
  /** How much the one whose turn it was last had had then. */
  #level = 0;
  #size = 0;

  /** How many wait. */
  get size(): number {
    return this.#size;
  }

  /** Something waits for a sharer's turn. */
  add(name: string, item: T): void {
    this.#sharer(name).waiting.push(item);
    this.#size++;
  }

  /** What is next: the first that waits for the sharer who had least. Undefined if nothing waits. */
  peek(): { readonly name: string; readonly item: T } | undefined {
    let next: { name: string; item: T } | undefined;
    let least = Infinity;
    for (const [name, { served, waiting }] of this.#sharers) {
      const [item] = waiting;
      if (item === undefined) {
        // Who waits for nothing and is not ahead of the others is nobody to remember.
        if (served <= this.#level) this.#sharers.delete(name);
      } else if (served < least) {
        least = served;
        next = { name, item };
      }
    }
    if (next !== undefined) this.#level = Math.max(this.#level, least);
    return next;
  }

  /** Takes something out; to the end of its sharer's, if it wants another turn. False if it does not wait. */
  remove(name: string, item: T, again = false): boolean {
    const waiting = this.#sharers.get(name)?.waiting;
    const at = waiting?.indexOf(item) ?? -1;
    if (waiting === undefined || at < 0) return false;
    waiting.splice(at, 1);
    if (again) waiting.push(item);
    else this.#size--;
    return true;
  }

  /** A sharer had so much. */
  charge(name: string, amount: number): void {
    this.#sharer(name).served += amount;
  }

  /** Forgets who had what, if nothing waits. */
  reset(): void {
    if (this.#size === 0) this.#sharers.clear();
  }

  #sharer(name: string): Sharer<T> {
    let sharer = this.#sharers.get(name);
    if (sharer === undefined) {
      this.#sharers.set(name, sharer = { served: this.#level, waiting: [] });
    }
    sharer.served = Math.max(sharer.served, this.#level);
    return sharer;
  }
}
