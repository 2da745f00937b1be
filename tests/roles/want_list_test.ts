import assert from "node:assert/strict";
import fc from "fast-check";
import { orderWanted } from "../../lib/roles/want_list.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("orderWanted puts what fewest have first, and every document once", pure, () => {
  const holding = fc.record({
    holders: fc.integer({ min: 1, max: 5 }),
    size: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(fc.property(fc.dictionary(fc.nat(9_999).map(String), holding), (found) => {
    const holdings = new Map(Object.entries(found).map(([number, each]) => [Number(number), each]));
    const ordered = orderWanted(holdings);
    assert.deepEqual(ordered.toSorted(), [...holdings.keys()].toSorted());
    const counts = ordered.map((number) => holdings.get(number)!.holders);
    assert.deepEqual(counts, counts.toSorted());
  }));
});

Deno.test(
  "orderWanted puts long documents first, and has the same order for every peer",
  pure,
  () => {
    const sizes = [[3, 10], [1, 70_000], [4, 10], [2, undefined]] as const;
    const asked = new Map(sizes.map(([number, size]) => [number, { holders: 1, size }]));
    assert.deepEqual(orderWanted(asked), [1, 2, 3, 4]);
    assert.deepEqual(orderWanted(new Map([...asked].reverse())), [1, 2, 3, 4]);
  },
);
