/**
 * The command `peer lab`: the course's experiments.
 * @module
 */
import { basename, join } from "node:path";
import { type LabResult, runLab } from "../experiment/lab.ts";
import { describeRun } from "../experiment/measurement.ts";
import {
  fileNameOf,
  nameOf,
  plotExperiment,
  plotFiles,
  plotOverview,
  systemNames,
} from "../experiment/plots.ts";
import { standalone } from "../experiment/plot_style.ts";
import { writeReport } from "../experiment/report.ts";
import type { LabSettings } from "../experiment/settings.ts";
import { boundsOf, type ExperimentResult, ratioOf, summarize } from "../experiment/summary.ts";
import { encodeSummary } from "../experiment/summary_json.ts";
import {
  encodeTimes,
  maxTimesBytes,
  parseTimes,
  rowOf,
  timesHeader,
} from "../experiment/times_csv.ts";
import { orders, tasks } from "../experiment/workload.ts";
import { makeResultFolder, readText, writeText } from "../files/text_file.ts";
import { describeFailure } from "../roles/failure.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit_code.ts";
import type { LabOptions, PlotOptions } from "./lab_options.ts";
import { LabProgress } from "./lab_progress.ts";
import type { Output } from "./output.ts";
import { systemName } from "./system_name.ts";
import type { ToolContext } from "./tool.ts";

/** Makes the experiments and writes down what came of them, also of those that were interrupted. */
export async function measure(
  options: LabOptions,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  const settings = settingsOf(options);
  makeResultFolder(options.out);
  const result = await runShown(settings, options, { output, interrupt, trace });
  const { stopped } = result;
  const reason = stopped === undefined
    ? undefined
    : interrupt.signal.aborted
    ? "it was interrupted"
    : describeFailure(stopped);
  const results = summarize(settings, result.runs);
  for (const each of results) output.result(experimentEvent(each));
  for (const [name, text] of filesOf(settings, result, results, reason)) {
    await writeText(join(options.out, name), text);
  }
  output.result({ event: "written", path: join(options.out, "report.html") });
  if (reason === undefined) return exitCodes.done;
  output.error(`Not everything was measured: ${reason}`);
  return exitCodes.incomplete;
}

/** Draws files of times. */
export async function plot(
  { files, out }: PlotOptions,
  { output }: ToolContext,
): Promise<ExitCode> {
  const read = files.map((path) => {
    try {
      return {
        name: basename(path).replace(/\.csv$/i, ""),
        rows: parseTimes(readText(path, maxTimesBytes)),
      };
    } catch (error) {
      throw new Error(`${path}: ${describeFailure(error)}`, { cause: error });
    }
  });
  if (read.every(({ rows }) => rows.length === 0)) throw new UsageError("The files hold no times");
  makeResultFolder(out);
  for (const [name, drawn] of plotFiles(read)) {
    const path = join(out, name);
    await writeText(path, standalone(drawn));
    output.result({ event: "written", path });
  }
  return exitCodes.done;
}

function settingsOf(options: LabOptions): LabSettings {
  const { system, what, order, uplink, latency, peers, quick, seed, dir } = options;
  const rfcs = options.rfcs ?? Math.max(quick ? 24 : 60, peers);
  if (rfcs < peers) {
    throw new UsageError(
      `Each peer has to hold a document: expected --rfcs of at least ${peers}, got ${rfcs}`,
    );
  }
  return {
    systems: [system],
    tasks: what === "all" ? tasks : [what],
    orders: order.length === 0 ? orders : orders.filter((each) => order.includes(each)),
    uplink,
    latencyMs: latency,
    peers,
    rfcs,
    repeat: options.repeat ?? (quick ? 2 : 10),
    seed,
    dir,
  };
}

async function runShown(
  settings: LabSettings,
  { out }: LabOptions,
  { output, interrupt, trace }: ToolContext,
): Promise<LabResult> {
  using progress = new LabProgress(settings, output, trace !== undefined);
  return await runLab(settings, {
    folder: out,
    os: systemName(),
    trace,
    signal: interrupt.signal,
    events: {
      measured: () => progress.downloaded(),
      ran(run, done, total) {
        progress.ran();
        const { cumulative } = run.measurements.at(-1)!;
        const predicted = Math.max(...run.measurements.map(({ predicted }) => predicted ?? NaN));
        output.notice({
          event: "run",
          run: describeRun(run),
          done,
          total,
          seconds: cumulative,
          ...(Number.isNaN(predicted) ? {} : { predicted }),
        });
      },
    },
  });
}

function experimentEvent(result: ExperimentResult): Parameters<Output["result"]>[0] {
  const { last, runs, system } = result;
  const { mean, halfInterval } = last.sample;
  const ratio = ratioOf(last);
  return {
    event: "experiment",
    experiment: `${nameOf(result)} (${systemNames[system]})`,
    repeats: runs.length,
    measured: mean,
    ...(halfInterval === undefined ? {} : { interval: halfInterval }),
    ...(last.predicted === undefined ? {} : { predicted: last.predicted }),
    ...(ratio === undefined ? {} : { ratio }),
  };
}

/** All that is written, by file name. */
function* filesOf(
  settings: LabSettings,
  { runs, collection: { documents }, messages }: LabResult,
  results: readonly ExperimentResult[],
  stopped: string | undefined,
): Generator<[name: string, text: string]> {
  for (const system of settings.systems) {
    for (const task of settings.tasks) {
      const rows = runs.filter((run) => run.system === system && run.task === task)
        .flatMap((run) => run.measurements.map((each) => encodeTimes(rowOf(run, each))));
      yield [`${system}-${task}.csv`, timesHeader + rows.join("")];
    }
  }
  yield ["messages.txt", messages];
  yield ["summary.json", encodeSummary(settings, documents, results, stopped)];
  const bounds = boundsOf(settings, documents);
  for (const result of results) {
    yield [fileNameOf(result), standalone(plotExperiment(result, bounds))];
  }
  const overview = plotOverview(results, bounds);
  if (overview !== undefined) yield ["overview.svg", standalone(overview)];
  yield ["report.html", writeReport({ settings, documents, results, messages, stopped })];
}
