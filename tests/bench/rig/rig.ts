/**
 * What rows are given to measure with.
 * @module
 */
import type { Figure } from "./figures.ts";
import type { LoadProgram } from "./load.ts";

/** A bench run. */
export interface Rig {
  /** Whether it only shows that everything can be measured: small sizes, one round. */
  readonly short: boolean;
  /** How often each side is measured. */
  readonly rounds: number;
  readonly load: LoadProgram;
  /** A folder for whatever is written. */
  readonly folder: string;
}

/** A kind of work that is measured. */
export interface Row {
  /** What it is called on the command line. */
  readonly name: string;
  /** What is done, as the table says it. */
  readonly work: string;
  measure(rig: Rig): Promise<Figure[]>;
  /** How the figure grows with one size. */
  readonly growth?: Growth;
}

/** One figure at three sizes. */
export interface Growth {
  /** What is measured, with its unit. */
  readonly what: string;
  /** What the sizes are of, e.g. "records". */
  readonly of: string;
  readonly sizes: readonly [number, number, number];
  at(size: number, rig: Rig): Promise<number>;
}
