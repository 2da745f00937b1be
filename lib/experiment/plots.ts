/**
 * The plots of the lab.
 * @module
 */
import { type CurvePlot, drawCurves, type PlottedBound } from "./curve_plot.ts";
import { curvesOf } from "./curves.ts";
import { drawOverview } from "./overview_plot.ts";
import type { System } from "./settings.ts";
import type { Bounds, ExperimentResult } from "./summary.ts";
import type { Markup } from "./svg.ts";
import type { TimesRow } from "./times_csv.ts";
import type { Order, Task } from "./workload.ts";

/** What the systems are called. */
export const systemNames: Readonly<Record<System, string>> = { ci: "P2P-CI", di: "P2P-DI" };

const taskNames: Readonly<Record<Task, string>> = { task1: "Task 1", task2: "Task 2" };

const orderNames: Readonly<Record<Order, string>> = {
  best: "best order",
  index: "index order",
  random: "random order",
  worst: "worst order",
};

/** What an experiment is called, e.g. `Task 2, best order`. */
export function nameOf({ task, order }: Pick<ExperimentResult, "task" | "order">): string {
  return task === "task1" ? taskNames.task1 : `${taskNames.task2}, ${orderNames[order]}`;
}

/** The name of an experiment's plot as a file. */
export function fileNameOf(
  { system, task, order }: Pick<ExperimentResult, "system" | "task" | "order">,
): string {
  return task === "task1" ? `${system}-task1.svg` : `${system}-task2-${order}.svg`;
}

/** Bounds with their names. */
export function namedBounds(bounds: Bounds | undefined): PlottedBound[] {
  if (bounds === undefined) return [];
  return [
    { name: "bound of client-server", seconds: bounds.clientServer },
    { name: "bound of peer-to-peer", seconds: bounds.peerToPeer },
  ];
}

/** The plot of one experiment. */
export function plotExperiment(result: ExperimentResult, bounds: Bounds | undefined): Markup {
  const { system, runs } = result;
  const steps = runs.flatMap(({ measurements }) =>
    measurements.map((each) => ({ ...each, peer: `peer ${each.peer}` }))
  );
  return drawCurves({
    title: `${nameOf(result)} (${systemNames[system]})`,
    subtitle: subtitleOf(runs.length, bounds !== undefined),
    curves: curvesOf(steps),
    bounds: namedBounds(bounds),
  });
}

function subtitleOf(runs: number, hasModel: boolean): string {
  const measured = runs === 1 ? "line: one run" : `line: mean of ${runs} runs · band: all of them`;
  return hasModel ? `${measured} · dotted: fluid model` : measured;
}

/** The plot of all experiments, or undefined if there are none. */
export function plotOverview(
  results: readonly ExperimentResult[],
  bounds: Bounds | undefined,
): Markup | undefined {
  if (results.length === 0) return undefined;
  const isMixed = new Set(results.map(({ system }) => system)).size > 1;
  const rows = results.map((result) => ({
    ...result.last,
    name: isMixed ? `${systemNames[result.system]} ${shortNameOf(result)}` : nameOf(result),
  }));
  return drawOverview(rows, namedBounds(bounds));
}

function shortNameOf({ task, order }: ExperimentResult): string {
  return task === "task1" ? taskNames.task1 : `${taskNames.task2}, ${order}`;
}

/** A file of measured times and what it is called. */
export interface TimesFile {
  /** Names peers that have no better name. */
  readonly name: string;
  /** What it holds. */
  readonly rows: readonly TimesRow[];
}

/**
 * The plot of files: one for each experiment that they hold, one for all downloads that belong to none.
 *
 * @returns By what it is called.
 */
export function plotFiles(files: readonly TimesFile[]): Map<string, Markup> {
  const groups = new Map<string, { title: string; steps: TimesRow[]; runs: Set<string> }>();
  for (const { name, rows } of files) {
    for (const row of rows) {
      const { system, task, order, repeat } = row;
      const [key, title] = system !== undefined && task !== undefined && order !== undefined
        ? [
          fileNameOf({ system, task, order }),
          `${nameOf({ task, order })} (${systemNames[system]})`,
        ]
        : ["times.svg", "Downloads"];
      const group = groups.get(key) ?? { title, steps: [], runs: new Set<string>() };
      groups.set(key, group);
      group.runs.add(`${repeat ?? 1}`);
      group.steps.push({
        ...row,
        peer: /^\d+$/.test(row.peer) ? `peer ${row.peer}` : row.peer || name,
      });
    }
  }
  return new Map(
    Array.from(groups, ([key, { title, steps, runs }]) => {
      const hasModel = steps.every(({ predicted }) => predicted !== undefined);
      const plot: CurvePlot = {
        title,
        subtitle: subtitleOf(runs.size, hasModel),
        curves: curvesOf(steps),
        bounds: [],
      };
      return [key, drawCurves(plot)];
    }),
  );
}
