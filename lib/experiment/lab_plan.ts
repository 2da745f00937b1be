/**
 * The plan of the lab: all runs, and what the model says of them.
 * @module
 */
import { lagOf } from "./lab_peer.ts";
import type { RunName } from "./measurement.ts";
import { predict } from "./prediction.ts";
import { seededRandom } from "./seeded_random.ts";
import { type LabSettings, ordersOf } from "./settings.ts";
import { type LabDocument, planTask1, planTask2, type Workload } from "./workload.ts";

/** A run that is to be made. */
export interface PlannedRun {
  /** Which one. */
  readonly name: RunName;
  /** Who downloads what from whom. */
  readonly workload: Workload;
  /** When the model has each download of each peer end, in seconds; undefined where no uplink is limited. */
  readonly predicted: number[][] | undefined;
  /** What its uplinks may send together, in bytes per second. */
  readonly load: number;
}

/** Everything is planned beforehand: who thinks while others are measured is in their way. */
export function planRuns(
  settings: LabSettings,
  documents: readonly LabDocument[],
): PlannedRun[] {
  const { systems, tasks, uplink, latencyMs, peers, repeat, seed } = settings;
  const planned: PlannedRun[] = [];
  for (const system of systems) {
    for (const task of tasks) {
      const load = (uplink ?? Infinity) * (task === "task1" ? 1 : peers);
      for (const order of ordersOf(task, settings)) {
        const plan = (i: number) => {
          const workload = task === "task1"
            ? planTask1(documents, peers)
            : planTask2(documents, peers, order, seededRandom(seed, i));
          const lag = lagOf(system, latencyMs);
          return {
            workload,
            predicted: uplink === undefined ? undefined : predict(workload, uplink, lag),
          };
        };
        const first = plan(1);
        for (let i = 1; i <= repeat; i++) {
          // Only chance has another order for each repeat.
          const plans = i > 1 && order === "random" ? plan(i) : first;
          planned.push({ name: { system, task, order, repeat: i }, ...plans, load });
        }
      }
    }
  }
  return planned;
}
