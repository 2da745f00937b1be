/**
 * Figures: what was measured, several times, and what of it counts.
 * @module
 */

/** What is to be reached, and by what. */
export interface Goal {
  readonly of: "ratio" | "ours";
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** One figure of a row: ours, round by round, and theirs of the same rounds. */
export interface Figure {
  /** What was measured, e.g. "GETs a second". */
  readonly what: string;
  readonly unit: string;
  readonly ours: readonly number[];
  /** Whom it is measured against, e.g. "nginx". */
  readonly against?: string;
  /** Empty if that program is not here. */
  readonly theirs?: readonly number[];
  readonly goal?: Goal;
}

/** The middle one of several values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** Ours by theirs, round by round; undefined if there is nothing to compare with. */
export function ratios({ ours, theirs = [] }: Figure): number[] | undefined {
  if (theirs.length === 0) return undefined;
  return ours.map((value, round) => value / (theirs[round] ?? NaN));
}

/** Whether the goal is reached; undefined if there is none, or nothing to compare with. */
export function isReached(figure: Figure): boolean | undefined {
  const { goal, ours } = figure;
  const values = goal?.of === "ratio" ? ratios(figure) : ours;
  if (goal === undefined || values === undefined) return undefined;
  const value = median(values);
  return value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity);
}

/** A figure cannot be had: nothing was measured, or nonsense. @throws {Error} saying which. */
export function assertMeasured({ what, ours, theirs = [] }: Figure): void {
  const isSound = (value: number) => Number.isFinite(value) && value >= 0;
  if (ours.length === 0 || ![...ours, ...theirs].every(isSound)) {
    throw new Error(`Cannot measure ${what}: got ${ours.join(", ")} and ${theirs.join(", ")}`);
  }
}

/** Measures both sides in turn, round by round; who begins changes each time. */
export async function inTurn(
  rounds: number,
  ours: () => Promise<number>,
  theirs: (() => Promise<number>) | undefined,
): Promise<{ ours: number[]; theirs: number[] }> {
  const result = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const both = [
      async () => void result.ours.push(await ours()),
      async () => void (theirs && result.theirs.push(await theirs())),
    ];
    for (const measure of round % 2 === 0 ? both : both.reverse()) await measure();
  }
  return result;
}
