/**
 * What repeated measurements say together.
 * @module
 */

/** The two-sided 95 % quantiles of Student's distribution, by degrees of freedom, from 1. */
const studentQuantiles = [
  12.706,
  4.303,
  3.182,
  2.776,
  2.571,
  2.447,
  2.365,
  2.306,
  2.262,
  2.228,
  2.201,
  2.179,
  2.160,
  2.145,
  2.131,
  2.120,
  2.110,
  2.101,
  2.093,
  2.086,
  2.080,
  2.074,
  2.069,
  2.064,
  2.060,
  2.056,
  2.052,
  2.048,
  2.045,
  2.042,
];

/** The same for many degrees of freedom: that of the normal distribution. */
const normalQuantile = 1.96;

/** What some measurements of the same thing have in common. */
export interface Sample {
  /** How many there are. */
  readonly count: number;
  /** Their mean; not a number if there are none. */
  readonly mean: number;
  /** The least of them. */
  readonly min: number;
  /** The greatest of them. */
  readonly max: number;
  /** Their standard deviation, that of a sample; undefined for fewer than two. */
  readonly deviation: number | undefined;
  /** Half the width of the 95 % confidence interval around the mean; undefined for fewer than two. */
  readonly halfInterval: number | undefined;
}

/** Looks at measurements of the same thing. */
export function sampleOf(values: readonly number[]): Sample {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = count < 2 ? undefined : Math.sqrt(squares / (count - 1));
  return {
    count,
    mean,
    min: Math.min(...values),
    max: Math.max(...values),
    deviation,
    halfInterval: deviation === undefined
      ? undefined
      : studentQuantile(count - 1) * deviation / Math.sqrt(count),
  };
}

/** How two samples differ. */
export interface Difference {
  /** By how much the second mean is greater than the first. */
  readonly mean: number;
  /** Half the width of the 95 % confidence interval around it (Welch); undefined if either spread is unknown. */
  readonly halfInterval: number | undefined;
  /** Whether the difference is wider than what the spread leaves open. */
  readonly isClear: boolean;
}

/** Compares two samples; neither need have the spread of the other (Welch's test at 5 %). */
export function differenceOf(first: Sample, second: Sample): Difference {
  const mean = second.mean - first.mean;
  if (first.deviation === undefined || second.deviation === undefined) {
    return { mean, halfInterval: undefined, isClear: false };
  }
  const a = first.deviation ** 2 / first.count;
  const b = second.deviation ** 2 / second.count;
  const freedom = (a + b) ** 2 / (a ** 2 / (first.count - 1) + b ** 2 / (second.count - 1));
  const halfInterval = a + b === 0 ? 0 : studentQuantile(freedom) * Math.sqrt(a + b);
  return { mean, halfInterval, isClear: Math.abs(mean) > halfInterval };
}

/** Degrees of freedom that lie between two rows of the table get the wider interval. */
function studentQuantile(freedom: number): number {
  return studentQuantiles[Math.max(1, Math.floor(freedom)) - 1] ?? normalQuantile;
}
