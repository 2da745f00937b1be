/**
 * How long RFCs are.
 * @module
 */
import { type Random, shuffled } from "./seeded_random.ts";

/**
 * Lengths in bytes of the 6,596 RFCs (20 to 9354) in Debian 12's packages doc-rfc-std, -std-proposed, -informational and
 * -experimental 20230121-1: the shortest, and at every twentieth share up to 95 %, then 99 %. Their mean is 56,191. The
 * last hundredth, which goes on to 1,593,486 bytes, is left out: one such document would decide an experiment.
 */
const quantiles: readonly (readonly [share: number, bytes: number])[] = [
  [0, 4_128],
  [0.05, 10_070],
  [0.1, 12_871],
  [0.15, 15_431],
  [0.2, 18_205],
  [0.25, 21_266],
  [0.3, 24_086],
  [0.35, 27_109],
  [0.4, 30_518],
  [0.45, 34_379],
  [0.5, 38_166],
  [0.55, 42_566],
  [0.6, 47_532],
  [0.65, 53_223],
  [0.7, 59_655],
  [0.75, 67_707],
  [0.8, 78_467],
  [0.85, 92_959],
  [0.9, 117_278],
  [0.95, 163_498],
  [0.99, 298_030],
];

/** The length in bytes below which a share of all RFCs lies; `share` from 0 to 1. */
export function sizeAt(share: number): number {
  const above = quantiles.findIndex(([each]) => each >= share);
  if (above < 0) return quantiles.at(-1)![1];
  const [upperShare, upper] = quantiles[above]!;
  const [lowerShare, lower] = quantiles[Math.max(above - 1, 0)]!;
  if (upperShare === lowerShare) return lower;
  return Math.round(lower + (upper - lower) * (share - lowerShare) / (upperShare - lowerShare));
}

/**
 * Lengths for a collection of `count` documents that peers are to hold in equal parts, in bytes. They follow the
 * distribution of real ones closely, one from each of `count` equal shares of it, whatever the seed; chance says which
 * document has which. Each part has about as many bytes as the others, so that no holder decides an experiment by the
 * luck of having long documents.
 *
 * @returns The lengths, those of the first part first.
 */
export function drawSizes(count: number, parts: number, random: Random): number[] {
  const dealt = Array.from({ length: parts }, (_, part) => ({
    places: partLength(count, parts, part),
    sizes: [] as number[],
    bytes: 0,
  }));
  // The longest first, each to the part with the fewest bytes: what comes last evens out what came first.
  for (let i = count - 1; i >= 0; i--) {
    const size = sizeAt((i + 0.5) / count);
    const open = dealt.filter(({ places, sizes }) => sizes.length < places);
    const part = open.reduce((least, each) => each.bytes < least.bytes ? each : least);
    part.sizes.push(size);
    part.bytes += size;
  }
  return shuffled(dealt, random)
    .toSorted((a, b) => b.places - a.places)
    .flatMap(({ sizes }) => shuffled(sizes, random));
}

/** How many of `count` things the `part`-th of `parts` has: the first ones have one more if it does not come out even. */
export function partLength(count: number, parts: number, part: number): number {
  return Math.floor(count / parts) + (part < count % parts ? 1 : 0);
}
