/**
 * The lab: all runs that were asked for, as many at once as this machine carries without being in their way.
 * @module
 */
import { ScratchFolder } from "../files/scratch_folder.ts";
import type { Trace } from "../net/trace.ts";
import { type Collection, openCollection } from "./collection.ts";
import { type PlannedRun, planRuns } from "./lab_plan.ts";
import type { Measurement, Run, RunName } from "./measurement.ts";
import { MessageLog } from "./message_log.ts";
import { makeRun } from "./run.ts";
import type { LabSettings } from "./settings.ts";

/**
 * How much the uplinks of all runs that go on at the same time may send together, in bytes per second: a quarter of
 * what one core of a small machine moves through the two ends of these connections.
 */
export const sideBySideBytesPerSecond = 18 * 1_048_576;

/** How many runs go on at the same time at most: each has its servers, folders and connections. */
const maxSideBySide = 12;

/** What the lab tells while it works. */
export interface LabEvents {
  /** A download ended. */
  measured(run: RunName, measurement: Measurement): void;
  /** A run ended; it is the `done`-th of `total`. */
  ran(run: Run, done: number, total: number): void;
}

/** What the lab is given besides its settings. */
export interface LabOptions {
  /** Below it the peers' folders are made, and removed in the end. */
  readonly folder: string;
  /** What the `OS` field says. */
  readonly os: string;
  /** Is told of every message that peers send and receive. */
  readonly trace?: Trace | undefined;
  /** Is told how it goes. */
  readonly events: LabEvents;
  /** Ends everything; what was measured is kept. */
  readonly signal: AbortSignal;
}

/** What came of it. */
export interface LabResult {
  /** The runs, those that were not finished too. */
  readonly runs: readonly Run[];
  /** The documents. */
  readonly collection: Collection;
  /** The exact messages of the first exchanges. */
  readonly messages: string;
  /** Why it stopped before everything was done: the error of a download, or that it was interrupted. */
  readonly stopped: unknown;
}

/**
 * Makes all runs.
 *
 * @throws {FileError | TooFewDocumentsError} if there are no documents to be had.
 */
export async function runLab(settings: LabSettings, options: LabOptions): Promise<LabResult> {
  using scratch = new ScratchFolder(options.folder);
  const collection = await openCollection(settings, scratch);
  const waiting = planRuns(settings, collection.documents);
  const total = waiting.length;
  const log = new MessageLog();
  const stopping = new AbortController();
  const stop = () => stopping.abort(options.signal.reason);
  if (options.signal.aborted) stop();
  options.signal.addEventListener("abort", stop);
  const runs: Run[] = [];
  const active = new Map<PlannedRun, Promise<void>>();

  const make = async (planned: PlannedRun) => {
    const { name, workload, predicted } = planned;
    const measurements: Measurement[] = [];
    try {
      const run = await makeRun({
        name,
        workload,
        predicted,
        pathOf: collection.pathOf,
        settings,
        folder: scratch.path,
        os: options.os,
        traceOf: (peer) => traceOf(options.trace, log, name, peer),
        measured: (measurement) => {
          measurements.push(measurement);
          options.events.measured(name, measurement);
        },
        signal: stopping.signal,
      });
      runs.push(run);
      if (run.isWhole) options.events.ran(run, runs.length, total);
    } catch (error) {
      runs.push({ ...name, measurements, isWhole: false });
      stopping.abort(error);
    } finally {
      active.delete(planned);
    }
  };

  try {
    if (waiting[0] !== undefined) {
      await warmUp(waiting[0], collection, { ...options, folder: scratch.path });
    }
    while (!stopping.signal.aborted && waiting.length + active.size > 0) {
      const next = waiting[0];
      if (next !== undefined && hasPlace(active.keys(), next)) {
        waiting.shift();
        active.set(next, make(next));
      } else {
        await Promise.race(active.values());
      }
    }
    await Promise.all(active.values());
  } finally {
    options.signal.removeEventListener("abort", stop);
  }
  const stopped = stopping.signal.aborted ? stopping.signal.reason : undefined;
  return { runs, collection, messages: log.text, stopped };
}

/** How many documents each peer downloads before anything is measured. */
const warmUpDocuments = 12;

/** Makes a short run without limits that does not count: the first downloads of a program take several times as long. */
async function warmUp(
  { name, workload: { holdings, downloads } }: PlannedRun,
  { pathOf }: Collection,
  { folder, os, signal }: LabOptions,
): Promise<void> {
  await makeRun({
    name,
    workload: { holdings, downloads: downloads.map((each) => each.slice(0, warmUpDocuments)) },
    predicted: undefined,
    pathOf,
    settings: { uplink: undefined, latencyMs: 0 },
    folder,
    os,
    traceOf: () => undefined,
    measured: () => {},
    signal,
  });
}

/** Whether one more run would leave the machine room enough. One alone always may. */
function hasPlace(active: Iterable<PlannedRun>, next: PlannedRun): boolean {
  const all = [...active];
  if (all.length === 0) return true;
  const load = all.reduce((sum, each) => sum + each.load, next.load);
  return all.length < maxSideBySide && load <= sideBySideBytesPerSecond;
}

/** Of the first repeat the first two peers are listened to: one holder and one that downloads, in each task. */
function traceOf(
  trace: Trace | undefined,
  log: MessageLog,
  { system, repeat }: RunName,
  peer: number,
): Trace | undefined {
  if (repeat !== 1 || peer > 1) return trace;
  const listener = log.listener(system, peer);
  return (message) => {
    listener(message);
    trace?.(message);
  };
}
