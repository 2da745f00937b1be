/**
 * Whose turn it is among those who share something.
 * @module
 */

/** How many sharers are remembered before those are forgotten for whom nothing waits. */
const maxRemembered = 1_000;

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
  /** How much the one who was charged last had had until then. */
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
    return next;
  }

  /** What came last of whoever has most waiting. Undefined if nothing waits. */
  lastOfLongest(): { readonly name: string; readonly item: T } | undefined {
    let longest: [string, Sharer<T>] | undefined;
    for (const entry of this.#sharers) {
      if (entry[1].waiting.length > (longest?.[1].waiting.length ?? 0)) longest = entry;
    }
    const item = longest?.[1].waiting.at(-1);
    return longest === undefined || item === undefined ? undefined : { name: longest[0], item };
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
    const sharer = this.#sharer(name);
    this.#level = sharer.served;
    sharer.served += amount;
  }

  /** Forgets who had what, but for those who wait. */
  forget(): void {
    for (const [name, { waiting }] of this.#sharers) {
      if (waiting.length === 0) this.#sharers.delete(name);
    }
  }

  #sharer(name: string): Sharer<T> {
    let sharer = this.#sharers.get(name);
    if (sharer === undefined) {
      if (this.#sharers.size >= maxRemembered) this.forget();
      this.#sharers.set(name, sharer = { served: this.#level, waiting: [] });
    }
    sharer.served = Math.max(sharer.served, this.#level);
    return sharer;
  }
}
