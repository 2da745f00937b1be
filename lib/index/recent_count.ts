/**
 * Counting what happened in the last 30 days.
 * @module
 */

const dayMs = 24 * 3_600_000;
const days = 30;

/** How often something happened today and on the 29 days before (UTC): a number a day, however often it happens. */
export class RecentCount {
  readonly #countOfDay = new Map<number, number>();

  /** Counts one more, `now` in ms since 1970. */
  count(now: number): void {
    this.#forgetBefore(now);
    const today = Math.floor(now / dayMs);
    this.#countOfDay.set(today, (this.#countOfDay.get(today) ?? 0) + 1);
  }

  /** How many were counted, `now` in ms since 1970. */
  total(now: number): number {
    this.#forgetBefore(now);
    return this.#countOfDay.values().reduce((sum, count) => sum + count, 0);
  }

  #forgetBefore(now: number): void {
    const oldest = Math.floor(now / dayMs) - days + 1;
    for (const day of this.#countOfDay.keys()) if (day < oldest) this.#countOfDay.delete(day);
  }
}
