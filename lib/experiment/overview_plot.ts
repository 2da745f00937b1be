/**
 * The plot of all experiments beside each other: when the last peer ended, the model, and the bounds.
 * @module
 */
// @ts-types="@types/d3-scale"
import { scaleLinear } from "d3-scale";
import type { PlottedBound } from "./curve_plot.ts";
import { formatSeconds } from "./curve_plot.ts";
import { type Frame, frameOf } from "./plot_style.ts";
import type { Sample } from "./statistics.ts";
import { element, type Markup } from "./svg.ts";

/** An experiment in the overview. */
export interface OverviewRow {
  /** What it is called. */
  readonly name: string;
  /** When the last peer ended, in seconds: one measurement a run. */
  readonly sample: Sample;
  /** What the model says of that, in seconds; undefined if there is none. */
  readonly predicted: number | undefined;
}

/** How high a row is, in pixels. */
const rowPixels = 34;

/** How far below the labels of bounds the first row is, in pixels. */
const headPixels = 98;

/** How much longer the axis is than what is drawn, as a factor, so that the last label has room. */
const labelRoom = 1.2;

/** Draws a row for each experiment. */
export function drawOverview(
  rows: readonly OverviewRow[],
  bounds: readonly PlottedBound[],
): Markup {
  const frame: Frame = {
    width: 680,
    height: headPixels + rows.length * rowPixels + 52,
    top: headPixels,
    right: 40,
    bottom: 52,
    left: 172,
  };
  const values = rows.flatMap(({ sample, predicted }) => [
    sample.max,
    sample.mean + (sample.halfInterval ?? 0),
    predicted ?? 0,
  ]);
  const highest = Math.max(...values, ...bounds.map(({ seconds }) => seconds));
  const x = scaleLinear([0, highest * labelRoom], [frame.left, frame.width - frame.right]);
  const base = frame.height - frame.bottom;
  const title = "When the last peer had everything";
  const hasModel = rows.some(({ predicted }) => predicted !== undefined);
  const subtitle = "dot: mean · thin line: all runs · wide line: 95 % confidence interval" +
    (hasModel ? " · stroke: fluid model" : "");
  return frameOf(
    frame,
    title,
    element("text", { class: "title", x: 12, y: 24 }, title),
    element("text", { class: "soft", x: 12, y: 43 }, subtitle),
    x.ticks(8).map((tick) => [
      element("line", { class: "grid", x1: x(tick), x2: x(tick), y1: frame.top - 8, y2: base }),
      element(
        "text",
        { class: "soft", x: x(tick), y: base + 18, "text-anchor": "middle" },
        String(tick),
      ),
    ]),
    element(
      "text",
      {
        x: (frame.left + frame.width - frame.right) / 2,
        y: frame.height - 12,
        "text-anchor": "middle",
      },
      "time since the start (s)",
    ),
    drawBounds(bounds, x, base),
    rows.map((row, i) => drawRow(row, x, frame, frame.top + (i + 0.5) * rowPixels)),
  );
}

/** Labels stand above their lines, in two rows, away from the nearer edge. */
function drawBounds(
  bounds: readonly PlottedBound[],
  x: (seconds: number) => number,
  base: number,
): Markup[] {
  return bounds.map(({ name, seconds }, i) => {
    const y = headPixels - 30 + (i % 2) * 17;
    const isRight = x(seconds) > 400;
    return element(
      "g",
      {},
      element("line", { class: "bound", x1: x(seconds), x2: x(seconds), y1: y - 10, y2: base }),
      element(
        "text",
        { x: x(seconds) + (isRight ? -6 : 6), y, "text-anchor": isRight ? "end" : "start" },
        `${name} ${formatSeconds(seconds)} s`,
      ),
    );
  });
}

function drawRow(
  { name, sample, predicted }: OverviewRow,
  x: (seconds: number) => number,
  { left }: Frame,
  y: number,
): Markup {
  const { mean, min, max, halfInterval = 0 } = sample;
  const end = Math.max(x(max), x(predicted ?? 0), x(mean + halfInterval));
  return element(
    "g",
    {},
    element("text", { x: left - 12, y: y + 4, "text-anchor": "end" }, name),
    element("line", {
      class: "interval",
      x1: x(Math.max(0, mean - halfInterval)),
      x2: x(mean + halfInterval),
      y1: y,
      y2: y,
    }),
    element("line", { class: "spread", x1: x(min), x2: x(max), y1: y, y2: y }),
    predicted === undefined ? [] : element("line", {
      class: "expected",
      x1: x(predicted),
      x2: x(predicted),
      y1: y - 10,
      y2: y + 10,
    }),
    element("circle", { class: "dot", cx: x(mean), cy: y, r: 4.5 }),
    element("text", { class: "halo", x: end + 9, y: y + 4 }, `${formatSeconds(mean)} s`),
  );
}
