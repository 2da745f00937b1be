/**
 * Why nobody gave a document, in one line.
 * @module
 */

/** How many reasons are told: of a thousand dead holders, three show what is the matter. */
const maxReasons = 3;

/** Collects why each holder did not give a document. */
export class FailureReasons {
  readonly #first: string[] = [];
  #count = 0;

  /** One holder, or one way to find holders, failed. */
  add(reason: string): void {
    this.#count++;
    if (this.#first.length < maxReasons) this.#first.push(reason);
  }

  /** All of it as a sentence about a document. */
  describe(number: number): string {
    return `Cannot get RFC ${number}: ${this.#describeAll()}`;
  }

  #describeAll(): string {
    if (this.#count === 0) return "nobody has it";
    const others = this.#count - this.#first.length;
    const more = others > 0 ? `; and ${others} more` : "";
    return `no holder gave it (${this.#first.join("; ")}${more})`;
  }
}
