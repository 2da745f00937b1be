import assert from "node:assert/strict";
import { discuss } from "../../lib/experiment/discussion.ts";
import type { Run } from "../../lib/experiment/measurement.ts";
import type { LabSettings } from "../../lib/experiment/settings.ts";
import { type Bounds, summarize } from "../../lib/experiment/summary.ts";
import type { Order, Task } from "../../lib/experiment/workload.ts";
import { pure } from "../helpers/permissions.ts";

const settings: LabSettings = {
  systems: ["ci"],
  tasks: ["task1", "task2"],
  orders: ["best"],
  uplink: 1_000,
  latencyMs: 0,
  peers: 2,
  rfcs: 2,
  repeat: 5,
  seed: 1,
  dir: undefined,
};
const bounds: Bounds = { clientServer: 15, peerToPeer: 10 };

/** Runs in which one peer downloaded one document and had it after so many seconds. */
function runsOf(task: Task, order: Order, ends: readonly number[], predicted?: number): Run[] {
  return ends.map((cumulative, i) => ({
    system: "ci",
    task,
    order,
    repeat: i + 1,
    isWhole: true,
    measurements: [
      {
        peer: 1,
        position: 1,
        number: 1,
        holder: 0,
        bytes: 9,
        seconds: cumulative,
        cumulative,
        predicted,
      },
    ],
  }));
}

function textOf(
  runs: readonly Run[],
  changes: Partial<LabSettings> = {},
  its: Bounds | null = bounds,
) {
  const all = { ...settings, ...changes };
  return discuss(all, summarize(all, runs), its ?? undefined).flatMap((
    { text, points },
  ) => [text, ...points])
    .join("\n");
}

Deno.test(
  "discuss: 21 s and 18 s mean nothing if the spread is wider than the difference",
  pure,
  () => {
    const text = textOf([
      ...runsOf("task1", "index", [21, 25, 17, 23, 19], 21),
      ...runsOf("task2", "best", [18, 22, 14, 20, 16], 18),
    ]);
    assert.match(text, /Task 2, best order and Task 1: 3\.00 s apart, give or take/);
    assert.match(
      text,
      /The spread between runs is wider than the difference, which therefore means nothing/,
    );
    assert.doesNotMatch(text, /times as fast/);
  },
);

Deno.test("discuss: says how much faster what is clearly faster was", pure, () => {
  const text = textOf([
    ...runsOf("task1", "index", [20, 20.1, 19.9], 20),
    ...runsOf("task2", "best", [10, 10.1, 9.9], 10),
  ]);
  assert.match(
    text,
    /Task 2, best order: 2\.0 times as fast as Task 1, by 10\.0 ± 0\.\d+ s \(95 %\)/,
  );
  assert.match(text, /2 of 2 peers' times are within 5 % of the fluid model; .* explain the times/);
  assert.match(text, /1 of 1 orders of Task 2 were/);
});

Deno.test("discuss: tells what the spread explains from what something else did", pure, () => {
  const off = textOf(runsOf("task2", "best", [12, 12.1, 11.9], 10));
  assert.match(off, /measured by predicted 1\.200\. Something else than the uplinks took part/);
  const spread = textOf(runsOf("task2", "best", [8, 12, 16], 10));
  assert.match(spread, /by no more than the runs differ among themselves/);
});

Deno.test(
  "discuss: without a limit the loopback was measured, and nothing is compared",
  pure,
  () => {
    const ends = [2, 2.1, 1.9];
    const runs = [
      ...runsOf("task1", "index", ends),
      ...runsOf("task2", "best", ends.map((end) => end / 2)),
    ];
    const text = textOf(runs, { uplink: undefined }, null);
    assert.match(text, /^No uplink was limited .* this machine's loopback/);
    assert.doesNotMatch(text, /times as fast/);
  },
);

Deno.test("discuss: single runs are no finding", pure, () => {
  const runs = [...runsOf("task1", "index", [20], 20), ...runsOf("task2", "best", [10], 10)];
  const text = textOf(runs, { repeat: 1 });
  assert.match(text, /10\.0 s apart; with single runs that is no finding/);
  assert.match(text, /Repeat them/);
});

Deno.test("discuss: nothing measured, nothing said", pure, () => {
  assert.match(textOf([]), /nothing to discuss/);
});
