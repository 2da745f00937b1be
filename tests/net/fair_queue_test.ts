import assert from "node:assert/strict";
import fc from "fast-check";
import { FairQueue } from "../../lib/net/fair_queue.ts";
import { pure } from "../helpers/permissions.ts";

/** Gives the next its turn and says who it was. */
function serve(queue: FairQueue<number>, again = false): string {
  const { name, item } = queue.peek()!;
  queue.charge(name, item);
  queue.remove(name, item, again);
  return name;
}

Deno.test({
  name: "FairQueue gives sharers turns, however many each has waiting",
  ...pure,
  fn() {
    const queue = new FairQueue<number>();
    for (let i = 0; i < 100; i++) queue.add("greedy", 10);
    for (let i = 0; i < 3; i++) queue.add("modest", 10);
    const turns = Array.from({ length: 8 }, () => serve(queue));
    assert.equal(turns.filter((name) => name === "modest").length, 3);
    assert.deepEqual(new Set(turns.slice(0, 2)), new Set(["greedy", "modest"]));
  },
});

Deno.test({
  name: "FairQueue counts what sharers had, not their turns",
  ...pure,
  fn() {
    const queue = new FairQueue<number>();
    queue.add("long", 1_000);
    queue.add("short", 10);
    const had = { long: 0, short: 0 };
    for (let i = 0; i < 1_010; i++) {
      const { name, item } = queue.peek()!;
      had[name as keyof typeof had] += item;
      serve(queue, true);
    }
    assert.ok(Math.abs(had.long - had.short) <= 1_000, JSON.stringify(had));
  },
});

Deno.test({
  name: "FairQueue gives who comes late no more than those who are there",
  ...pure,
  fn() {
    const queue = new FairQueue<number>();
    queue.add("old", 10);
    for (let i = 0; i < 100; i++) serve(queue, true);
    queue.add("new", 10);
    const turns = Array.from({ length: 20 }, () => serve(queue, true));
    assert.equal(turns.filter((name) => name === "new").length, 10);
  },
});

Deno.test({
  name: "FairQueue.remove takes out what no longer waits, and only that",
  ...pure,
  fn() {
    const queue = new FairQueue<number>();
    queue.add("a", 1);
    assert.equal(queue.remove("a", 2), false);
    assert.equal(queue.remove("b", 1), false);
    assert.equal(queue.remove("a", 1), true);
    assert.equal(queue.size, 0);
    assert.equal(queue.peek(), undefined);
  },
});

Deno.test({
  name: "FairQueue keeps sharers that always wait within one item of each other",
  ...pure,
  fn() {
    const sizes = fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 1, maxLength: 6 });
    fc.assert(fc.property(sizes, fc.integer({ min: 1, max: 200 }), (sizes, turns) => {
      const queue = new FairQueue<number>();
      for (const [i, size] of sizes.entries()) queue.add(`${i}`, size);
      const had = sizes.map(() => 0);
      for (let turn = 0; turn < turns; turn++) {
        const i = Number(serve(queue, true));
        had[i]! += sizes[i]!;
        assert.ok(Math.max(...had) - Math.min(...had) <= Math.max(...sizes), `${had}`);
      }
    }));
  },
});
