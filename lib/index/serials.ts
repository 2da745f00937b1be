/**
 * Serials in ascending order, which records are found by: a record's serial never changes, its place may.
 * @module
 */

/**
 * The place of the last of the first `length` serials that is not above `serial`; -1 if there is none.
 *
 * Serials are whole numbers and each is there once, so that two of them lie at least as far apart as their places: where
 * few are missing, that leaves next to nothing to search.
 */
export function lastUpTo(serials: ArrayLike<number>, length: number, serial: number): number {
  const last = length - 1;
  if (last < 0 || serial < serials[0]!) return -1;
  let low = Math.max(0, last - Math.max(0, serials[last]! - serial));
  let high = Math.min(last, serial - serials[0]!);
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (serials[middle]! <= serial) low = middle;
    else high = middle - 1;
  }
  return low;
}
