/**
 * The summary of the lab for programs.
 * @module
 */
import type { LabSettings } from "./settings.ts";
import { boundsOf, type ExperimentResult, meanBytes, ratioOf } from "./summary.ts";
import type { LabDocument } from "./workload.ts";

/**
 * The summary as JSON: for each experiment and peer what was measured and predicted. Times are in seconds, speeds in
 * bytes per second, the latency in ms.
 *
 * @param stopped Why not everything was measured, if that is so.
 */
export function encodeSummary(
  settings: LabSettings,
  documents: readonly LabDocument[],
  results: readonly ExperimentResult[],
  stopped: string | undefined,
): string {
  const bounds = boundsOf(settings, documents);
  const summary = {
    settings: {
      systems: settings.systems,
      tasks: settings.tasks,
      orders: settings.orders,
      uplink: settings.uplink ?? null,
      latency: settings.latencyMs,
      peers: settings.peers,
      rfcs: settings.rfcs,
      repeat: settings.repeat,
      seed: settings.seed,
      dir: settings.dir ?? null,
    },
    stopped: stopped ?? null,
    documents: { count: documents.length, meanBytes: meanBytes(documents) },
    bounds: bounds ?? null,
    results: results.flatMap(({ system, task, order, runs, peers, last }) =>
      [...peers, last].map((result) => ({
        system,
        task,
        order,
        peer: result.peer,
        repeats: runs.length,
        bytes: result.bytes,
        measured: result.sample.mean,
        predicted: result.predicted ?? null,
        ratio: ratioOf(result) ?? null,
        interval: result.sample.halfInterval === undefined ? null : [
          result.sample.mean - result.sample.halfInterval,
          result.sample.mean + result.sample.halfInterval,
        ],
        min: result.sample.min,
        max: result.sample.max,
      }))
    ),
  };
  return `${JSON.stringify(summary, undefined, 2)}\n`;
}
