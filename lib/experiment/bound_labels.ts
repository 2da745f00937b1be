/**
 * Labels of bounds, where the curves are not.
 * @module
 */

/** A point on a plot, in pixels. */
export type Point = readonly [x: number, y: number];

/** Where a label is written. */
export interface LabelPlace {
  /** Where the text begins, or ends. */
  readonly x: number;
  /** Its base line. */
  readonly y: number;
  /** Which of the two. */
  readonly anchor: "start" | "end";
}

/** How wide a character is at most in the mean, and how high a line of text, in pixels. */
const characterPixels = 7.5;
const linePixels = 15;

/** How far from the line and from the edges a label is, in pixels. */
const gapPixels = 5;

/** How far apart the points of a curve are at most that are looked at, in pixels: nearer than a label is wide or high. */
const stepPixels = 8;

/**
 * Finds the place for the label of a horizontal line: above or below it, at its beginning or end, wherever the curves
 * cross the label least.
 *
 * @param first Where the line begins, in pixels.
 * @param last Where it ends.
 */
export function placeBoundLabel(
  text: string,
  y: number,
  first: number,
  last: number,
  curves: readonly (readonly Point[])[],
): LabelPlace {
  const width = text.length * characterPixels;
  const above = y - gapPixels;
  const below = y + linePixels;
  const places: LabelPlace[] = [
    { x: first + gapPixels, y: above, anchor: "start" },
    { x: last - gapPixels, y: below, anchor: "end" },
    { x: last - gapPixels, y: above, anchor: "end" },
    { x: first + gapPixels, y: below, anchor: "start" },
  ];
  const points = curves.flatMap(cut);
  const crossings = places.map((place) => {
    const left = place.anchor === "start" ? place.x : place.x - width;
    return points.filter(([x, y]) =>
      x > left && x < left + width && y > place.y - linePixels && y < place.y + gapPixels
    ).length;
  });
  return places[crossings.indexOf(Math.min(...crossings))]!;
}

function cut(curve: readonly Point[]): Point[] {
  return curve.slice(1).flatMap(([x, y], i) => {
    const [fromX, fromY] = curve[i]!;
    const parts = Math.ceil(Math.hypot(x - fromX, y - fromY) / stepPixels);
    return Array.from({ length: parts }, (_, part): Point => {
      const share = (part + 1) / parts;
      return [fromX + (x - fromX) * share, fromY + (y - fromY) * share];
    });
  });
}
