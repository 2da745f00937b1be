import assert from "node:assert/strict";
import { drawCurves } from "../../lib/experiment/curve_plot.ts";
import { pure } from "../helpers/permissions.ts";

/** A plot whose lines end at these seconds. */
function plotEndingAt(ends: Readonly<Record<string, number>>): string {
  const curves = Object.entries(ends).map(([name, seconds]) => ({
    name,
    points: [0, 1].map((position) => {
      const mean = position * seconds;
      return { position, mean, min: mean, max: mean, predicted: mean };
    }),
  }));
  return drawCurves({ title: "Title", subtitle: "", curves, bounds: [] }).text;
}

function widthOf(svg: string): number {
  return Number(/ width="(\d+)"/.exec(svg)![1]);
}

Deno.test("drawCurves has room for a label that many lines share", pure, () => {
  const together = plotEndingAt({
    "peer 1": 1,
    "peer 2": 1,
    "peer 4": 1,
    "peer 5": 1,
    "peer 7": 1,
  });
  assert.match(together, />peers 1, 2, 4, 5, 7</);
  const apart = plotEndingAt({ "peer 1": 1, "peer 2": 2 });
  const widest = 0.64 * 13;
  const characters = "peers 1, 2, 4, 5, 7".length - "peer 1".length;
  assert.ok(widthOf(together) - widthOf(apart) >= characters * widest * 0.95);
});

Deno.test("drawCurves draws a line to its label from where it ends", pure, () => {
  const svg = plotEndingAt({ "peer 1": 1, "peer 2": 2 });
  const ends = Array.from(
    svg.matchAll(/class="line c\d" d="[^"]*L([\d.]+,[\d.]+)"/g),
    ([, end]) => end,
  );
  const leaders = Array.from(
    svg.matchAll(/class="leader c\d" d="M([\d.]+,[\d.]+)L/g),
    ([, at]) => at,
  );
  assert.equal(ends.length, 2);
  assert.deepEqual(leaders.sort(), ends.sort());
});
