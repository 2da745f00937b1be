/**
 * What is measured: one download, and a run of an experiment.
 * @module
 */
import type { System } from "./settings.ts";
import type { Order, Task } from "./workload.ts";

/** Which run of which experiment. */
export interface RunName {
  /** What the peers speak. */
  readonly system: System;
  /** What they do. */
  readonly task: Task;
  /** In which order. */
  readonly order: Order;
  /** The how manieth of the repeats, from 1. */
  readonly repeat: number;
}

/** A download that was made. Times are in seconds. */
export interface Measurement {
  /** Who downloaded, numbered from 0. */
  readonly peer: number;
  /** The how manieth of this peer's downloads, from 1. */
  readonly position: number;
  /** Number of the document. */
  readonly number: number;
  /** Who gave it. */
  readonly holder: number;
  /** Length of the document. */
  readonly bytes: number;
  /** From asking who has it until the last byte was there. */
  readonly seconds: number;
  /** From the common start until the last byte was there. */
  readonly cumulative: number;
  /** When the model has this download end, from the common start; undefined where no uplink is limited. */
  readonly predicted: number | undefined;
}

/** A run of an experiment, or as much of it as was done. */
export interface Run extends RunName {
  /** In the order in which the downloads ended. */
  readonly measurements: readonly Measurement[];
  /** Whether every download was made. */
  readonly isWhole: boolean;
}

/** A run's name in words, e.g. `ci task2 worst, repeat 3`. */
export function describeRun({ system, task, order, repeat }: RunName): string {
  return `${system} ${task}${task === "task1" ? "" : ` ${order}`}, repeat ${repeat}`;
}
