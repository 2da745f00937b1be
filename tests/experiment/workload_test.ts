import assert from "node:assert/strict";
import { simulate } from "../../lib/experiment/fluid_model.ts";
import { predict } from "../../lib/experiment/prediction.ts";
import { seededRandom } from "../../lib/experiment/seeded_random.ts";
import {
  type Order,
  orders,
  planTask1,
  planTask2,
  type Workload,
} from "../../lib/experiment/workload.ts";
import { pure } from "../helpers/permissions.ts";

/** The course's 60 documents, each of a byte. */
const documents = Array.from({ length: 60 }, (_, i) => ({ number: i + 1, bytes: 1 }));

/** When the last peer ends, at a byte a second. */
function endOf({ downloads }: Workload): number {
  const ends = simulate(downloads.map(() => 1), downloads).map((times) => times.at(-1) ?? 0);
  return Math.max(...ends);
}

function planned(order: Order, seed = 1): Workload {
  return planTask2(documents, 6, order, seededRandom(seed));
}

Deno.test("planTask1: one holds 60, five download the first 50 each", pure, () => {
  const { holdings, downloads } = planTask1(documents, 6);
  assert.deepEqual(holdings.map(({ length }) => length), [60, 0, 0, 0, 0, 0]);
  assert.deepEqual(downloads.map(({ length }) => length), [0, 50, 50, 50, 50, 50]);
  assert.ok(downloads.flat().every(({ holder }) => holder === 0));
  assert.equal(endOf({ holdings, downloads }), 250);
});

Deno.test(
  "planTask2: six hold 10 each, and everyone downloads the other 50 of who holds them",
  pure,
  () => {
    for (const order of orders) {
      const { holdings, downloads } = planned(order);
      assert.deepEqual(holdings.map(({ length }) => length), [10, 10, 10, 10, 10, 10]);
      for (const [peer, those] of downloads.entries()) {
        const own = holdings[peer]!.map(({ number }) => number);
        const all = [...own, ...those.map(({ number }) => number)].sort((a, b) => a - b);
        assert.deepEqual(all, documents.map(({ number }) => number), `${order}, peer ${peer}`);
        for (const { number, holder } of those) {
          assert.ok(holdings[holder]!.some((document) => document.number === number));
        }
      }
    }
  },
);

Deno.test(
  "planTask2: best ends after 50 f/u, by index after 150, at random after about 92",
  pure,
  () => {
    assert.ok(Math.abs(endOf(planned("best")) - 50) < 1e-6);
    assert.ok(Math.abs(endOf(planned("index")) - 150) < 1e-6);
    const seeds = Array.from({ length: 200 }, (_, i) => i + 1);
    const random = seeds.reduce((sum, seed) => sum + endOf(planned("random", seed)), 0) / 200;
    assert.ok(random > 90.5 && random < 93, String(random));
  },
);

Deno.test(
  "planTask2: the worst order is no better than that by index, whatever the seed",
  pure,
  () => {
    for (const seed of [1, 2]) {
      const end = endOf(planned("worst", seed));
      assert.ok(end >= 149 && end <= 250, String(end));
    }
  },
);

Deno.test("planTask2: documents that cannot be dealt evenly are all dealt", pure, () => {
  const { holdings, downloads } = planTask2(documents.slice(0, 8), 3, "best", seededRandom(1));
  assert.deepEqual(holdings.map((each) => each.map(({ number }) => number)), [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
  assert.deepEqual(downloads.map(({ length }) => length), [5, 5, 6]);
});

Deno.test("predict: close to the model itself where nothing hangs by a thread", pure, () => {
  const ends = predict(planned("best"), 1).map((times) => times.at(-1)!);
  assert.ok(ends.every((end) => Math.abs(end - 50) < 1), ends.join());
});
