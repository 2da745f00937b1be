/**
 * Chance that can be repeated: the same seed draws the same numbers on every machine.
 * @module
 */

/** Draws the next number: at least 0, less than 1. */
export type Random = () => number;

/**
 * Chance from a seed. The numbers are those of Mulberry32: one addition of a constant to 32 bits of state, and a mixing
 * of them. It is for choosing orders and sizes, not for secrets.
 *
 * @param seeds Numbers that together are the seed; each change of one gives other numbers.
 */
export function seededRandom(...seeds: readonly number[]): Random {
  let state = 0;
  for (const seed of seeds) state = mix((state ^ seed) >>> 0) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    return mix(state) / 0x1_0000_0000;
  };
}

/** Spreads a change of any bit over all 32. */
function mix(bits: number): number {
  let mixed = bits + 0x6d2b79f5;
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** A whole number from 0 to `count` - 1. */
export function drawIndex(count: number, random: Random): number {
  return Math.floor(random() * count);
}

/** The same items in an order that is drawn: each order is as likely as any other (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const drawn = [...items];
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = drawIndex(last + 1, random);
    [drawn[last], drawn[other]] = [drawn[other]!, drawn[last]!];
  }
  return drawn;
}
