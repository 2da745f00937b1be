/**
 * Whose turn it is among those who do not wait, but come again when they were told to (RFC 60003 section 8).
 * @module
 */

/** How long an address that is served goes before those who were told to come again, in ms. */
export const turnMs = 10_000;

/** How much later than told somebody may come and still be expected, in ms. */
export const graceMs = 1_000;

/** How many are expected at most. */
const maxExpected = 1_000;

/**
 * Turns of addresses: each is served for a while, then leaves what is free to those who were sent away before. Without
 * that, who asks for one document right after the other would keep out for ever who comes by once a second. Times are
 * in ms of any clock.
 */
export class Turns {
  /** Until when who was sent away is expected back, the longest sent away first. */
  readonly #expected = new Map<string, number>();
  /** Since when each address has been served. */
  readonly #servedSince = new Map<string, number>();

  /** Whether an address may have one of so many free places. */
  mayHave(address: string, free: number, now: number): boolean {
    this.#forget(now);
    const since = this.#servedSince.get(address) ?? -Infinity;
    if (free > 0 && now - since < turnMs) return true;
    const place = [...this.#expected.keys()].indexOf(address);
    return free > (place < 0 ? this.#expected.size : place);
  }

  /** An address has a place. */
  note(address: string, now: number): void {
    this.#expected.delete(address);
    if (!this.#servedSince.has(address)) this.#servedSince.set(address, now);
  }

  /** An address was told to come again in so many ms. */
  expect(address: string, inMs: number, now: number): void {
    this.#servedSince.delete(address);
    if (this.#expected.size >= maxExpected && !this.#expected.has(address)) return;
    this.#expected.set(address, now + inMs + graceMs);
  }

  #forget(now: number): void {
    for (const [address, until] of this.#expected) {
      if (until < now) this.#expected.delete(address);
    }
    for (const [address, since] of this.#servedSince) {
      if (now - since >= 2 * turnMs) this.#servedSince.delete(address);
    }
  }
}
