/**
 * In which order a peer brings what it lacks.
 * @module
 */
import type { Holdings } from "./survey.ts";

/**
 * Documents in the order in which they are to be brought: what fewest have comes first, so that it spreads before they
 * leave. Among equals the order is a different one for each peer: then a hundred peers that begin at the same time take
 * different documents from the only holder, and the rest from each other.
 *
 * @param random Chance, from 0 to below 1.
 */
export function orderWanted(holdings: Holdings, random: () => number = Math.random): number[] {
  return Array.from(holdings, ([number, holders]) => ({ number, holders, lot: random() }))
    .sort((a, b) => a.holders - b.holders || a.lot - b.lot)
    .map(({ number }) => number);
}
