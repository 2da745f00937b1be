/**
 * In which order a peer brings what it lacks.
 * @module
 */
import type { Holdings } from "./survey.ts";

/** How long a document is taken to be whose length nobody told, in bytes: the mean of the RFCs. */
const usualBytes = 65_536;

/**
 * Documents in the order in which they are to be brought: what fewest have comes first, so that it spreads before they
 * leave. Among equals every peer has the same order, so that a holder can tell those who come next who has what they
 * ask for (RFC 60003 section 9): the longest first, so that little is left to be passed on when the last one comes.
 */
export function orderWanted(holdings: Holdings): number[] {
  return Array.from(
    holdings,
    ([number, { holders, size = usualBytes }]) => ({ number, holders, size }),
  )
    .sort((a, b) => a.holders - b.holders || b.size - a.size || a.number - b.number)
    .map(({ number }) => number);
}
