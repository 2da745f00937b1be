/**
 * The plot of an experiment: a curve for each peer, the spread over the repeats as a band, the model and the bounds.
 * @module
 */
// @ts-types="@types/d3-scale"
import { scaleLinear } from "d3-scale";
// @ts-types="@types/d3-shape"
import { area, line } from "d3-shape";
import { placeBoundLabel, type Point } from "./bound_labels.ts";
import type { Curve, CurvePoint } from "./curves.ts";
import { nameTogether, placeLabels } from "./plot_labels.ts";
import { colourClass, type Frame, frameOf } from "./plot_style.ts";
import { element, type Markup } from "./svg.ts";

/** A bound to be drawn: nobody can be faster. */
export interface PlottedBound {
  /** What it is called. */
  readonly name: string;
  /** Where it is. */
  readonly seconds: number;
}

/** What is to be drawn. */
export interface CurvePlot {
  /** What it shows. */
  readonly title: string;
  /** What the title leaves to say: how many runs, what bands are. */
  readonly subtitle: string;
  /** One a peer. */
  readonly curves: readonly Curve[];
  /** Those above all curves are left out. */
  readonly bounds: readonly PlottedBound[];
}

const frame: Frame = { width: 680, height: 400, top: 62, right: 118, bottom: 48, left: 58 };

/** How far apart the labels of lines are at least, in pixels. */
const labelPixels = 16;

/** How far above the last curve a bound may be so that it is still drawn, as a factor. */
const boundRoom = 1.1;

type Scale = (value: number) => number;

/** Draws it. */
export function drawCurves({ title, subtitle, curves, bounds }: CurvePlot): Markup {
  const { width, height, top, right, bottom, left } = frame;
  const points = curves.flatMap((curve) => curve.points);
  const latest = Math.max(...points.map(({ max, predicted }) => Math.max(max, predicted ?? 0)));
  const shown = bounds.filter(({ seconds }) => seconds <= latest * boundRoom);
  const highest = Math.max(latest, ...shown.map(({ seconds }) => seconds));
  const most = Math.max(...points.map(({ position }) => position));
  // A peer has the same colour in every plot.
  const colours = curves.map(({ name }, i) =>
    colourClass(Number(/^peer (\d{1,4})$/.exec(name)?.[1] ?? i))
  );
  const x = scaleLinear([0, most], [left, width - right]);
  const y = scaleLinear([0, highest * 1.04], [height - bottom, top]);
  return frameOf(
    frame,
    title,
    element("text", { class: "title", x: 12, y: 24 }, title),
    element("text", { class: "soft", x: 12, y: 43 }, subtitle),
    drawTicks(x, x.ticks(6).filter(Number.isInteger), y, y.ticks(6)),
    curves.map(({ points }, i) => drawBand(points, colours[i]!, x, y)),
    curves.map(({ points }, i) => drawLine(points, colours[i]!, x, y)),
    curves.map(({ points }) => drawModel(points, x, y)),
    shown.map((bound) => drawBound(bound, curves, x, y)),
    drawLabels(curves, colours, x, y),
  );
}

function drawTicks(
  x: Scale,
  xTicks: readonly number[],
  y: Scale,
  yTicks: readonly number[],
): Markup {
  const { width, height, right, bottom, left, top } = frame;
  const base = height - bottom;
  return element(
    "g",
    {},
    yTicks.map((tick) => [
      element("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      element(
        "text",
        { class: "soft", x: left - 8, y: y(tick) + 4, "text-anchor": "end" },
        String(tick),
      ),
    ]),
    xTicks.map((tick) =>
      element(
        "text",
        { class: "soft", x: x(tick), y: base + 18, "text-anchor": "middle" },
        String(tick),
      )
    ),
    element("line", { class: "axis", x1: left, x2: width - right, y1: base, y2: base }),
    element(
      "text",
      { x: (left + width - right) / 2, y: height - 10, "text-anchor": "middle" },
      "documents downloaded",
    ),
    element(
      "text",
      {
        x: 16,
        y: (top + base) / 2,
        "text-anchor": "middle",
        transform: `rotate(-90 16 ${(top + base) / 2})`,
      },
      "time since the start (s)",
    ),
  );
}

function drawBound(
  { name, seconds }: PlottedBound,
  curves: readonly Curve[],
  x: Scale,
  y: Scale,
): Markup {
  const { left, width, right } = frame;
  const text = `${name} ${formatSeconds(seconds)} s`;
  const drawn = curves.map(({ points }) =>
    points.map(({ position, mean }): Point => [x(position), y(mean)])
  );
  const at = y(seconds);
  const { anchor, ...place } = placeBoundLabel(text, at, left, width - right, drawn);
  return element(
    "g",
    {},
    element("line", { class: "bound", x1: left, x2: width - right, y1: at, y2: at }),
    element("text", { class: "halo", ...place, "text-anchor": anchor }, text),
  );
}

function drawBand(points: readonly CurvePoint[], colour: string, x: Scale, y: Scale): Markup {
  const band = area<CurvePoint>().digits(1)
    .x(({ position }) => x(position)).y0(({ min }) => y(min)).y1(({ max }) => y(max));
  return element("path", { class: `band ${colour}`, d: band(points) ?? "" });
}

function drawLine(points: readonly CurvePoint[], colour: string, x: Scale, y: Scale): Markup {
  const mean = line<CurvePoint>().digits(1).x(({ position }) => x(position)).y(({ mean }) =>
    y(mean)
  );
  return element("path", { class: `line ${colour}`, d: mean(points) ?? "" });
}

function drawModel(points: readonly CurvePoint[], x: Scale, y: Scale): Markup | readonly Markup[] {
  if (points.some(({ predicted }) => predicted === undefined)) return [];
  const model = line<CurvePoint>().digits(1)
    .x(({ position }) => x(position)).y(({ predicted }) => y(predicted!));
  return element("path", { class: "model", d: model(points) ?? "" });
}

function drawLabels(
  curves: readonly Curve[],
  colours: readonly string[],
  x: Scale,
  y: Scale,
): Markup {
  const ends = curves.map(({ name, points }, i) => {
    const { position, mean } = points.at(-1)!;
    return { text: name, y: y(mean), x: x(position), colour: colours[i]! };
  });
  const labelX = frame.width - frame.right + 20;
  const placed = placeLabels(ends, labelPixels, frame.height - frame.bottom);
  return element(
    "g",
    {},
    ends.map((end) => {
      const label = placed.find(({ labels }) => labels.includes(end))!;
      return element("path", {
        class: `leader ${end.colour}`,
        d: line<[number, number]>().digits(1)([[end.x, end.y], [labelX - 4, label.y]]) ?? "",
      });
    }),
    placed.map(({ labels, y }) =>
      element("text", { x: labelX, y: y + 4 }, nameTogether(labels.map(({ text }) => text)))
    ),
  );
}

/** Three digits that count: `0.0535`, `0.27`, `2.71`, `13.4`, `137`. */
export function formatSeconds(seconds: number): string {
  if (seconds > 0.001 && seconds < 0.1) return seconds.toPrecision(3);
  return seconds.toFixed(seconds >= 100 ? 0 : seconds >= 10 ? 1 : 2);
}
