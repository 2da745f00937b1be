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

/** The plot without the room that labels need. */
const plain: Frame = { width: 580, height: 400, top: 62, right: 18, bottom: 48, left: 58 };

/** How far behind the axes the labels of lines begin, in pixels. */
const labelIndent = 20;

/** Width of a character of a label, in pixels: that of the widest of the fonts in use. */
const characterPixels = 8.2;

/** How far apart the labels of lines are at least, in pixels. */
const labelPixels = 16;

/** How far above the last curve a bound may be so that it is still drawn, as a factor. */
const boundRoom = 1.1;

type Scale = (value: number) => number;

/** Draws it. */
export function drawCurves({ title, subtitle, curves, bounds }: CurvePlot): Markup {
  const points = curves.flatMap((curve) => curve.points);
  const latest = Math.max(...points.map(({ max, predicted }) => Math.max(max, predicted ?? 0)));
  const shown = bounds.filter(({ seconds }) => seconds <= latest * boundRoom);
  const highest = Math.max(latest, ...shown.map(({ seconds }) => seconds));
  const most = Math.max(...points.map(({ position }) => position));
  // A peer has the same colour in every plot.
  const colours = curves.map(({ name }, i) =>
    colourClass(Number(/^peer (\d{1,4})$/.exec(name)?.[1] ?? i))
  );
  const y = scaleLinear([0, highest * 1.04], [plain.height - plain.bottom, plain.top]);
  const labels = labelCurves(curves, colours, y);
  const frame = withRoomFor(labels);
  const { width, right, left } = frame;
  const x = scaleLinear([0, most], [left, width - right]);
  return frameOf(
    frame,
    title,
    element("text", { class: "title", x: 12, y: 24 }, title),
    element("text", { class: "soft", x: 12, y: 43 }, subtitle),
    drawTicks(frame, x, x.ticks(6).filter(Number.isInteger), y, y.ticks(6)),
    curves.map(({ points }, i) => drawBand(points, colours[i]!, x, y)),
    curves.map(({ points }, i) => drawLine(points, colours[i]!, x, y)),
    curves.map(({ points }) => drawModel(points, x, y)),
    shown.map((bound) => drawBound(frame, bound, curves, x, y)),
    drawLabels(labels, width - right + labelIndent, x),
  );
}

function drawTicks(
  { width, height, right, bottom, left, top }: Frame,
  x: Scale,
  xTicks: readonly number[],
  y: Scale,
  yTicks: readonly number[],
): Markup {
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
  { left, width, right }: Frame,
  { name, seconds }: PlottedBound,
  curves: readonly Curve[],
  x: Scale,
  y: Scale,
): Markup {
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

/** A label, and the ends of the lines that it is for. */
interface CurveLabel {
  readonly text: string;
  /** Where the middle of the text is, in pixels from the top. */
  readonly y: number;
  readonly ends: readonly {
    readonly position: number;
    readonly y: number;
    readonly colour: string;
  }[];
}

function labelCurves(
  curves: readonly Curve[],
  colours: readonly string[],
  y: Scale,
): CurveLabel[] {
  const ends = curves.map(({ name, points }, i) => {
    const { position, mean } = points.at(-1)!;
    return { text: name, y: y(mean), position, colour: colours[i]! };
  });
  return placeLabels(ends, labelPixels, plain.height - plain.bottom).map(({ labels, y }) => ({
    text: nameTogether(labels.map(({ text }) => text)),
    y,
    ends: ends.filter((end) => labels.includes(end)),
  }));
}

/** The plot, as wide as its labels need it: how many lines end together is known only now. */
function withRoomFor(labels: readonly CurveLabel[]): Frame {
  const longest = Math.max(0, ...labels.map(({ text }) => text.length));
  const room = Math.ceil(labelIndent + longest * characterPixels);
  return { ...plain, width: plain.width + room, right: plain.right + room };
}

function drawLabels(labels: readonly CurveLabel[], labelX: number, x: Scale): Markup {
  return element(
    "g",
    {},
    labels.map((label) =>
      label.ends.map(({ position, y, colour }) =>
        element("path", {
          class: `leader ${colour}`,
          d: line<[number, number]>().digits(1)([[x(position), y], [labelX - 4, label.y]]) ?? "",
        })
      )
    ),
    labels.map(({ text, y }) => element("text", { x: labelX, y: y + 4 }, text)),
  );
}

/** Three digits that count: `0.0535`, `0.27`, `2.71`, `13.4`, `137`. */
export function formatSeconds(seconds: number): string {
  if (seconds > 0.001 && seconds < 0.1) return seconds.toPrecision(3);
  return seconds.toFixed(seconds >= 100 ? 0 : seconds >= 10 ? 1 : 2);
}
