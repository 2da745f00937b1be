/**
 * The worst case of Task 2: the orders in which peers are in each other's way most.
 * @module
 */
import { simulate } from "./fluid_model.ts";
import { drawIndex, type Random, shuffled } from "./seeded_random.ts";

/** How often the search starts over, and how many changes it tries each time: a second for six peers. */
const starts = 8;
const changesPerStart = 800;

/** How many variants of an order are looked at, each with lengths that differ by up to `variation`. */
const variants = 12;
const variation = 0.15;

/**
 * Searches for the order of holders, for each peer, with which the last peer ends last. That all go through the
 * holders in the same order is not the worst: with six peers and equal documents the last one then ends after 150
 * times the time of one document, while there are orders with 180, in which those who are ahead meet the others again.
 *
 * Some such orders depend on who is a moment earlier. So that what is found is bad in practice, too, an order counts
 * for as much as several variants of it are worth together.
 *
 * The search swaps two holders of a peer at a time and keeps what is no better. It is not exhaustive: there are 120^6
 * orders for six peers.
 *
 * @param first Where it starts, for each peer the holders in their order. Nothing better than this is returned.
 * @param heldBytes How much each holder has.
 */
export function findWorstOrder(
  first: readonly (readonly number[])[],
  heldBytes: readonly number[],
  random: Random,
): number[][] {
  const lengths = Array.from(
    { length: variants },
    () => first.map(() => heldBytes.map((bytes) => bytes * (1 + variation * (2 * random() - 1)))),
  );
  let worst = climb(first, lengths, random);
  for (let i = 1; i < starts; i++) {
    const found = climb(first.map((holders) => shuffled(holders, random)), lengths, random);
    if (found.end > worst.end) worst = found;
  }
  return worst.holders.map((each) => [...each]);
}

interface Found {
  readonly holders: readonly (readonly number[])[];
  /** When the last peer ends, in the mean of all variants; the unit does not matter. */
  readonly end: number;
}

/** For each variant how long what a peer gets from a holder takes. */
type Variants = readonly (readonly (readonly number[])[])[];

function climb(holders: Found["holders"], lengths: Variants, random: Random): Found {
  let worst: Found = { holders, end: endOf(holders, lengths) };
  for (let i = 0; i < changesPerStart; i++) {
    const changed = swapTwo(worst.holders, random);
    const end = endOf(changed, lengths);
    if (end >= worst.end) worst = { holders: changed, end };
  }
  return worst;
}

function swapTwo(holders: Found["holders"], random: Random): Found["holders"] {
  const peer = drawIndex(holders.length, random);
  const swapped = [...holders[peer]!];
  const [a, b] = [drawIndex(swapped.length, random), drawIndex(swapped.length, random)];
  [swapped[a], swapped[b]] = [swapped[b]!, swapped[a]!];
  return holders.with(peer, swapped);
}

function endOf(holders: Found["holders"], lengths: Variants): number {
  const uplinks = holders.map(() => 1);
  const ends = lengths.map((variant) => {
    const routes = holders.map((those, peer) =>
      those.map((holder) => ({ holder, bytes: variant[peer]![holder]! }))
    );
    return Math.max(...simulate(uplinks, routes).map((times) => times.at(-1) ?? 0));
  });
  return ends.reduce((sum, end) => sum + end, 0) / ends.length;
}
