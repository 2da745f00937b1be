import assert from "node:assert/strict";
import { differenceOf, sampleOf } from "../../lib/experiment/statistics.ts";
import { pure } from "../helpers/permissions.ts";

function close(actual: number | undefined, expected: number): void {
  assert.ok(Math.abs(actual! - expected) < 1e-3, `${actual} is not ${expected}`);
}

Deno.test("sampleOf: mean, spread and the interval of Student's distribution", pure, () => {
  const sample = sampleOf([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.deepEqual([sample.count, sample.mean, sample.min, sample.max], [8, 5, 2, 9]);
  close(sample.deviation, 2.13809);
  close(sample.halfInterval, 2.365 * 2.13809 / Math.sqrt(8));
});

Deno.test("sampleOf: one measurement has no spread, none has no mean", pure, () => {
  assert.equal(sampleOf([3]).halfInterval, undefined);
  assert.equal(sampleOf([3]).mean, 3);
  assert.ok(Number.isNaN(sampleOf([]).mean));
});

Deno.test("differenceOf: clear only if it is wider than what the spread leaves open", pure, () => {
  const slow = sampleOf([21, 25, 17, 23, 19]);
  assert.equal(differenceOf(slow, sampleOf([18, 22, 14, 20, 16])).isClear, false);
  const far = differenceOf(slow, sampleOf([8, 12, 4, 10, 6]));
  assert.equal(far.isClear, true);
  close(far.mean, -13);
  close(far.halfInterval, 2.306 * Math.sqrt(4));
});

Deno.test(
  "differenceOf: of single measurements nothing is clear; equal ones do not differ",
  pure,
  () => {
    assert.equal(differenceOf(sampleOf([1]), sampleOf([9])).isClear, false);
    assert.equal(differenceOf(sampleOf([1, 1]), sampleOf([1, 1])).isClear, false);
    assert.equal(differenceOf(sampleOf([1, 1]), sampleOf([2, 2])).isClear, true);
  },
);
