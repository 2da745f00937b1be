import assert from "node:assert/strict";
import fc from "fast-check";
import { lastUpTo } from "../../lib/index/serials.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("lastUpTo finds the last place whose serial is not above another", pure, () => {
  const serials = fc.uniqueArray(fc.integer({ min: 1, max: 60 })).map((all) =>
    all.toSorted((a, b) => a - b)
  );
  fc.assert(fc.property(serials, fc.integer({ min: 0, max: 62 }), (serials, serial) => {
    const expected = serials.findLastIndex((other) => other <= serial);
    assert.equal(lastUpTo(serials, serials.length, serial), expected);
  }));
});

Deno.test("lastUpTo looks at the first ones only", pure, () => {
  assert.equal(lastUpTo(new Float64Array([3, 5, 8, 2, 0]), 3, 9), 2);
  assert.equal(lastUpTo([3, 5, 8], 0, 5), -1);
});
