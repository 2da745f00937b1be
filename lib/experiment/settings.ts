/**
 * How the lab is set up.
 * @module
 */
import type { Order, Task } from "./workload.ts";

/** The systems of the course: by central index (P2P-CI), by distributed index (P2P-DI). */
export const systems = ["ci", "di"] as const;

/** One of the systems. */
export type System = (typeof systems)[number];

/** What is measured, and under which conditions. */
export interface LabSettings {
  /** The systems to be measured. */
  readonly systems: readonly System[];
  /** The tasks to be measured. */
  readonly tasks: readonly Task[];
  /** The orders of Task 2; Task 1, with one holder, goes by number. */
  readonly orders: readonly Order[];
  /** What each peer can send, in bytes per second; undefined for as much as this machine can. */
  readonly uplink: number | undefined;
  /** How long each message travels, in ms. */
  readonly latencyMs: number;
  /** How many peers there are. */
  readonly peers: number;
  /** How many documents there are. */
  readonly rfcs: number;
  /** How often each experiment is repeated. */
  readonly repeat: number;
  /** Decides sizes, texts and orders. */
  readonly seed: number;
  /** Where real documents lie; undefined for made-up ones. */
  readonly dir: string | undefined;
}

/** Fewest peers of an experiment: with two nobody is in anybody's way. */
export const minPeers = 2;

/** Most peers of an experiment: all of them run within one process. */
export const maxPeers = 64;

/** Most documents of an experiment. Each is there once for each peer in the end. */
export const maxRfcs = 5_000;

/** Most repeats of an experiment. */
export const maxRepeats = 1_000;

/** The orders in which a task is measured. */
export function ordersOf(task: Task, { orders }: Pick<LabSettings, "orders">): readonly Order[] {
  return task === "task1" ? ["index"] : orders;
}
