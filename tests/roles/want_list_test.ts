import assert from "node:assert/strict";
import fc from "fast-check";
import { orderWanted } from "../../lib/roles/want_list.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("orderWanted puts what fewest have first, and every document once", pure, () => {
  fc.assert(fc.property(
    fc.dictionary(fc.nat(9_999).map(String), fc.integer({ min: 1, max: 5 })),
    (holders) => {
      const holdings = new Map(
        Object.entries(holders).map(([number, count]) => [Number(number), count]),
      );
      const ordered = orderWanted(holdings);
      assert.deepEqual(ordered.toSorted(), [...holdings.keys()].toSorted());
      const counts = ordered.map((number) => holdings.get(number)!);
      assert.deepEqual(counts, counts.toSorted());
    },
  ));
});

Deno.test("orderWanted leaves it to chance which of equals comes first", pure, () => {
  const holdings = new Map([[1, 1], [2, 1], [3, 1]]);
  const lots = (...values: number[]) => () => values.shift()!;
  assert.deepEqual(orderWanted(holdings, lots(0.5, 0.1, 0.9)), [2, 1, 3]);
  assert.deepEqual(orderWanted(holdings, lots(0.9, 0.5, 0.1)), [3, 2, 1]);
});
