/**
 * Figures as tables, and the machine that they are of.
 * @module
 */
import { arch, cpus, release, totalmem, type as systemType } from "node:os";
import { type Figure, isReached, median, ratios } from "./figures.ts";
import { find, run } from "./programs.ts";

/** What was measured of one row. */
export interface MeasuredRow {
  readonly work: string;
  readonly figures: readonly Figure[];
}

/** A figure at three sizes. */
export interface MeasuredGrowth {
  readonly what: string;
  readonly of: string;
  readonly points: readonly (readonly [size: number, value: number])[];
}

/** The table of all figures, in Markdown. */
export function figureTable(rows: readonly MeasuredRow[]): string {
  const lines = rows.flatMap(({ work, figures }) =>
    figures.map((figure, i) => [
      i === 0 ? work : "",
      figure.what,
      formatSample(figure.ours, figure.unit),
      formatTheirs(figure),
      formatRatio(figure),
      formatGoal(figure),
      { true: "yes", false: "**no**", undefined: "" }[String(isReached(figure))] ?? "",
    ])
  );
  const head = ["work", "figure", "ours", "theirs", "ratio", "to reach", "reached"];
  return markdownTable(head, lines);
}

/** How figures grow, in Markdown. */
export function growthTable(growths: readonly MeasuredGrowth[]): string {
  const lines = growths.map(({ what, of, points }) => [
    what,
    points.map(([size]) => formatNumber(size)).join(" / ") + ` ${of}`,
    points.map(([, value]) => formatNumber(value)).join(" / "),
  ]);
  return markdownTable(["figure", "at", "is"], lines);
}

/** The machine and what ran on it, a line each. */
export async function machineLines(): Promise<string[]> {
  const [cpu] = cpus();
  const machine =
    `${cpus().length} × ${cpu?.model.trim()}, ${formatNumber(totalmem() / 1e9)} GB, ` +
    `${systemType()} ${release()} ${arch()}`;
  const programs = [`deno ${Deno.version.deno}`];
  for (const [name, command] of askedVersions) {
    programs.push(`${name} ${await versionOf(name, command)}`);
  }
  return [machine, programs.join(", ")];
}

/** What says the version of each program. */
const askedVersions = [
  ["redis-server", "redis-server --version"],
  ["nginx", "nginx -v"],
  ["curl", "curl --version"],
  ["aria2c", "aria2c --version"],
  ["rsync", "rsync --version"],
  // It does not know its own.
  ["opentracker", "dpkg-query -W opentracker"],
] as const;

async function versionOf(name: string, command: string): Promise<string> {
  if (find(name) === undefined) return "not here";
  // nginx says it on standard error.
  const { stdout } = await run("anywhere", ["sh", "-c", `${command} 2>&1 || true`]);
  return /\d+\.\d+(?:\.\d+|~git\d+)?/.exec(stdout)?.[0] ?? "of some version";
}

function formatSample(values: readonly number[], unit: string): string {
  const text = `${formatNumber(median(values))} ${unit}`;
  if (values.length < 2) return text;
  return `${text} (${formatNumber(Math.min(...values))}–${formatNumber(Math.max(...values))})`;
}

function formatTheirs({ theirs, unit, against }: Figure): string {
  if (against === undefined) return "";
  return theirs?.length ? `${against}: ${formatSample(theirs, unit)}` : `${against}: not here`;
}

function formatRatio(figure: Figure): string {
  const values = ratios(figure);
  return values === undefined ? "" : formatSample(values, "×");
}

function formatGoal({ goal, unit }: Figure): string {
  if (goal === undefined) return "";
  const [word, value] = goal.atLeast === undefined
    ? ["at most", goal.atMost]
    : ["at least", goal.atLeast];
  return `${word} ${value} ${goal.of === "ratio" ? "×" : unit}`;
}

/** Three digits that count. */
export function formatNumber(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 0.001))));
  return Number(value.toFixed(Math.min(digits, 4))).toLocaleString("en-US", {
    maximumFractionDigits: 4,
  });
}

function markdownTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}
