/**
 * Labels of lines, beside their ends: near ones are put together, the others do not overlap.
 * @module
 */

/** A label that is to be placed. */
export interface Label {
  /** What it says. */
  readonly text: string;
  /** Where the line ends, in pixels from the top. */
  readonly y: number;
}

/** A label in its place. */
export interface PlacedLabel {
  /** The labels that it stands for. */
  readonly labels: readonly Label[];
  /** Where the middle of the text is, in pixels from the top. */
  readonly y: number;
}

/** Lines that end nearer to each other than this, in pixels, share a label. */
const sharedPixels = 5;

/**
 * Places labels from top to bottom.
 *
 * @param distance How far the middles of two labels are apart at least, in pixels.
 * @param bottom Where the middle of the last one may be at most, in pixels; more labels than have room go beyond.
 */
export function placeLabels(
  labels: readonly Label[],
  distance: number,
  bottom: number,
): PlacedLabel[] {
  const groups: Label[][] = [];
  for (const label of labels.toSorted((a, b) => a.y - b.y)) {
    const group = groups.at(-1);
    if (group !== undefined && label.y - group[0]!.y < sharedPixels) group.push(label);
    else groups.push([label]);
  }
  const places = groups.map((group) => group.reduce((sum, { y }) => sum + y, 0) / group.length);
  for (let i = 1; i < places.length; i++) {
    places[i] = Math.max(places[i]!, places[i - 1]! + distance);
  }
  for (let i = places.length - 1, limit = bottom; i >= 0; i--, limit -= distance) {
    places[i] = Math.min(places[i]!, limit);
  }
  return groups.map((group, i) => ({ labels: group, y: places[i]! }));
}

/** What several lines are called together: `peer 1`, `peers 1-5`, `peers 1, 2, 5`, `lab-01, lab-02`. */
export function nameTogether(names: readonly string[]): string {
  const numbers = names.map((name) => /^peer (\d+)$/.exec(name)?.[1]).map(Number);
  if (names.length === 1 || numbers.some(Number.isNaN)) return names.join(", ");
  const sorted = numbers.sort((a, b) => a - b);
  const runs: number[][] = [];
  for (const number of sorted) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1) run.push(number);
    else runs.push([number]);
  }
  const texts = runs.flatMap((run) =>
    run.length > 2 ? [`${run[0]}-${run.at(-1)}`] : run.map(String)
  );
  return `peers ${texts.join(", ")}`;
}
