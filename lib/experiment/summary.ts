/**
 * What all runs say together: measured and predicted, by experiment and peer.
 * @module
 */
import { clientServerBound, type Distribution, peerToPeerBound } from "./bounds.ts";
import type { Run } from "./measurement.ts";
import { type LabSettings, ordersOf, type System } from "./settings.ts";
import { type Sample, sampleOf } from "./statistics.ts";
import type { LabDocument, Order, Task } from "./workload.ts";

/** How one peer, or the last one, did. Times are in seconds. */
export interface PeerResult {
  /** The peer's number; `last` is whoever ended last in each run. */
  readonly peer: number | "last";
  /** How many bytes it downloaded. */
  readonly bytes: number;
  /** When its last download ended, from the common start: one measurement a run. */
  readonly sample: Sample;
  /** What the model says of that; undefined where no uplink is limited. */
  readonly predicted: number | undefined;
}

/** How an experiment went. */
export interface ExperimentResult {
  /** What the peers speak. */
  readonly system: System;
  /** What they do. */
  readonly task: Task;
  /** In which order. */
  readonly order: Order;
  /** The runs that were made to their end. */
  readonly runs: readonly Run[];
  /** Each peer that downloaded. */
  readonly peers: readonly PeerResult[];
  /** Whoever ended last. */
  readonly last: PeerResult;
}

/** The bounds of Kurose and Ross, in seconds. */
export interface Bounds {
  /** Of one server for all. */
  readonly clientServer: number;
  /** Of peers that pass on what they have. */
  readonly peerToPeer: number;
}

/** The experiments of which at least one run was made to its end, in the order in which they were asked for. */
export function summarize(settings: LabSettings, runs: readonly Run[]): ExperimentResult[] {
  const whole = runs.filter(({ isWhole }) => isWhole);
  return settings.systems.flatMap((system) =>
    settings.tasks.flatMap((task) =>
      ordersOf(task, settings).flatMap((order) => {
        const these = whole
          .filter((run) => run.system === system && run.task === task && run.order === order)
          .toSorted((a, b) => a.repeat - b.repeat);
        return these.length === 0 ? [] : [resultOf({ system, task, order }, these)];
      })
    )
  );
}

function resultOf(
  name: Pick<ExperimentResult, "system" | "task" | "order">,
  runs: readonly Run[],
): ExperimentResult {
  const downloading = new Set(runs[0]!.measurements.map(({ peer }) => peer));
  const peers = [...downloading].sort((a, b) => a - b);
  const last = (run: Run) => Math.max(...run.measurements.map(({ cumulative }) => cumulative));
  const lastPredicted = (run: Run) =>
    Math.max(...run.measurements.map(({ predicted }) => predicted ?? NaN));
  return {
    ...name,
    runs,
    peers: peers.map((peer) => peerResult(peer, runs)),
    last: {
      peer: "last",
      bytes: runs[0]!.measurements.reduce((sum, { bytes }) => sum + bytes, 0),
      sample: sampleOf(runs.map(last)),
      predicted: meanOf(runs.map(lastPredicted)),
    },
  };
}

function peerResult(peer: number, runs: readonly Run[]): PeerResult {
  const own = runs.map(({ measurements }) => measurements.filter((each) => each.peer === peer));
  return {
    peer,
    bytes: own[0]!.reduce((sum, { bytes }) => sum + bytes, 0),
    sample: sampleOf(own.map((each) => each.at(-1)!.cumulative)),
    predicted: meanOf(own.map((each) => each.at(-1)!.predicted ?? NaN)),
  };
}

/** Undefined if there is not a number for each. */
function meanOf(values: readonly number[]): number | undefined {
  const { mean } = sampleOf(values);
  return Number.isNaN(mean) ? undefined : mean;
}

/** Measured by predicted; undefined where nothing is predicted. */
export function ratioOf({ sample, predicted }: PeerResult): number | undefined {
  return predicted === undefined ? undefined : sample.mean / predicted;
}

/**
 * How soon everybody can have what Task 1 brings to everybody, by the two ways; Task 2 brings as much. Undefined where
 * no uplink is limited.
 */
export function boundsOf(
  { uplink, peers }: LabSettings,
  documents: readonly LabDocument[],
): Bounds | undefined {
  if (uplink === undefined) return undefined;
  const share = (peers - 1) / peers;
  const distribution: Distribution = {
    peers: peers - 1,
    bytes: share * documents.reduce((sum, { bytes }) => sum + bytes, 0),
    serverUplink: uplink,
    peerUplinks: Array.from({ length: peers - 1 }, () => uplink),
  };
  return {
    clientServer: clientServerBound(distribution),
    peerToPeer: peerToPeerBound(distribution),
  };
}

/** Mean length of the documents, in bytes: the `f` of `f/u`. */
export function meanBytes(documents: readonly LabDocument[]): number {
  return documents.reduce((sum, { bytes }) => sum + bytes, 0) / documents.length;
}
