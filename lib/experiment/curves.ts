/**
 * Curves of downloads: when each peer had its first document, its second, and so on, over all repeats.
 * @module
 */
import { sampleOf } from "./statistics.ts";

/** One download of one run, as far as a curve is about it. Times are in seconds. */
export interface CurveStep {
  /** Whose curve. */
  readonly peer: string;
  /** The how manieth of its downloads, from 1. */
  readonly position: number;
  /** When it ended. */
  readonly cumulative: number;
  /** When the model has it end; undefined if there is none. */
  readonly predicted: number | undefined;
}

/** A point of a curve. Times are in seconds. */
export interface CurvePoint {
  /** How many documents a peer had. */
  readonly position: number;
  /** When it had them, in the mean of all repeats. */
  readonly mean: number;
  /** In the fastest repeat. */
  readonly min: number;
  /** In the slowest repeat. */
  readonly max: number;
  /** In the model, in the mean of all repeats; undefined if there is none. */
  readonly predicted: number | undefined;
}

/** A peer's curve, from the start. */
export interface Curve {
  /** What it is called. */
  readonly name: string;
  /** By position; the first is the start. */
  readonly points: readonly CurvePoint[];
}

const start: CurvePoint = { position: 0, mean: 0, min: 0, max: 0, predicted: 0 };

/** The curves of all peers that downloaded, in the order of their names; numbers in them count as numbers. */
export function curvesOf(steps: Iterable<CurveStep>): Curve[] {
  const byPeer = new Map<string, Map<number, CurveStep[]>>();
  for (const step of steps) {
    const positions = byPeer.get(step.peer) ?? new Map<number, CurveStep[]>();
    byPeer.set(step.peer, positions);
    positions.set(step.position, [...positions.get(step.position) ?? [], step]);
  }
  const sorted = [...byPeer].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  return sorted.map(([name, positions]) => {
    const points = Array.from(positions, ([position, those]) => pointOf(position, those));
    return { name, points: [start, ...points.sort((a, b) => a.position - b.position)] };
  });
}

function pointOf(position: number, steps: readonly CurveStep[]): CurvePoint {
  const { mean, min, max } = sampleOf(steps.map(({ cumulative }) => cumulative));
  const predicted = sampleOf(steps.map(({ predicted }) => predicted ?? NaN)).mean;
  return { position, mean, min, max, predicted: Number.isNaN(predicted) ? undefined : predicted };
}
