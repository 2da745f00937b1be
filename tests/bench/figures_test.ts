import assert from "node:assert/strict";
import { pure } from "../helpers/permissions.ts";
import { assertMeasured, type Figure, inTurn, isReached, median, ratios } from "./rig/figures.ts";
import { figureTable, formatNumber, growthTable } from "./rig/report.ts";

const figure: Figure = {
  what: "queries",
  unit: "/s",
  ours: [50, 90, 60],
  against: "another",
  theirs: [100, 100, 100],
  goal: { of: "ratio", atLeast: 0.6 },
};

Deno.test("median is the middle value, or between two", pure, () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});

Deno.test("isReached looks at the median of what the goal is of", pure, () => {
  assert.deepEqual(ratios(figure), [0.5, 0.9, 0.6]);
  assert.equal(isReached(figure), true);
  assert.equal(isReached({ ...figure, goal: { of: "ratio", atLeast: 0.7 } }), false);
  assert.equal(isReached({ ...figure, goal: { of: "ours", atMost: 59 } }), false);
  assert.equal(isReached({ ...figure, theirs: [] }), undefined);
});

Deno.test("assertMeasured refuses nothing and nonsense", pure, () => {
  assertMeasured(figure);
  assert.throws(() => assertMeasured({ ...figure, ours: [] }), /Cannot measure queries/);
  assert.throws(() => assertMeasured({ ...figure, theirs: [1, NaN, 2] }), /Cannot measure queries/);
});

Deno.test("inTurn measures both sides in every round and changes who begins", pure, async () => {
  const order: string[] = [];
  const side = (name: string) => () => Promise.resolve(order.push(name));
  assert.deepEqual(await inTurn(2, side("ours"), side("theirs")), { ours: [1, 4], theirs: [2, 3] });
  assert.deepEqual(order, ["ours", "theirs", "theirs", "ours"]);
  assert.deepEqual((await inTurn(1, side("ours"), undefined)).theirs, []);
});

Deno.test("figureTable says what came of each figure", pure, () => {
  const table = figureTable([{ work: "some work", figures: [figure, { ...figure, theirs: [] }] }]);
  const [, , first, second] = table.split("\n");
  assert.equal(
    first,
    "| some work | queries | 60 /s (50–90) | another: 100 /s (100–100) | 0.6 × (0.5–0.9) | " +
      "at least 0.6 × | yes |",
  );
  assert.equal(
    second,
    "|  | queries | 60 /s (50–90) | another: not here |  | at least 0.6 × |  |",
  );
});

Deno.test("growthTable has a line for each figure", pure, () => {
  const table = growthTable([{ what: "kB", of: "peers", points: [[1_000, 1.234_5], [2_000, 20]] }]);
  assert.equal(table.split("\n")[2], "| kB | 1,000 / 2,000 peers | 1.23 / 20 |");
});

Deno.test("formatNumber gives three digits that count", pure, () => {
  assert.deepEqual(
    [123_456, 12.345, 1.234_5, 0.012_345, 0].map(formatNumber),
    ["123,456", "12.3", "1.23", "0.0123", "0"],
  );
});
