import assert from "node:assert/strict";
import fc from "fast-check";
import { inRanges, numbersOf, parseNumberRanges } from "../../lib/protocol/number_ranges.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("parseNumberRanges reads numbers and ranges as people type them", pure, () => {
  const one = { first: 8_600, last: 8_600 };
  for (const text of ["8600", " 8600 ", "rfc8600", "RFC 8600", "08600", "8600-8600"]) {
    assert.deepEqual(parseNumberRanges(text), [one], text);
  }
  assert.deepEqual(parseNumberRanges("1,2, RFC 8600-8605 ,1-9999999"), [
    { first: 1, last: 1 },
    { first: 2, last: 2 },
    { first: 8_600, last: 8_605 },
    { first: 1, last: 9_999_999 },
  ]);
});

Deno.test("parseNumberRanges refuses what is neither", pure, () => {
  const wrong = [
    "",
    ",",
    "1,",
    ",1",
    "1,,2",
    "-",
    "-1",
    "1-",
    "1--2",
    "1-2-3",
    "2-1",
    "0",
    "0-5",
    "1-10000000",
    "1e3",
    "0x1f",
    "1.5",
    "1 2",
    "1;2",
    "8600–8605", // an en dash
    "all",
    "86rfc00",
    "99999999999",
    "1,2,x",
  ];
  for (const text of wrong) {
    assert.throws(() => parseNumberRanges(text), RangeError, JSON.stringify(text));
  }
});

Deno.test("inRanges includes both ends", pure, () => {
  const ranges = parseNumberRanges("5-7,9");
  const inside = Array.from({ length: 11 }, (_, i) => i).filter((i) => inRanges(ranges, i));
  assert.deepEqual(inside, [5, 6, 7, 9]);
  assert.equal(inRanges([], 5), false);
});

Deno.test("numbersOf gives every number once, in the order given", pure, () => {
  assert.deepEqual([...numbersOf(parseNumberRanges("7-9,1,8-10,1"))], [7, 8, 9, 1, 10]);
});

Deno.test("numbersOf begins at once, however long the range is", pure, () => {
  const [first] = numbersOf(parseNumberRanges("1-9999999"));
  assert.equal(first, 1);
});

Deno.test("numbersOf agrees with inRanges", pure, () => {
  const range = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 10 }))
    .map(([first, more]) => ({ first: first + 1, last: first + 1 + more }));
  fc.assert(
    fc.property(fc.array(range, { maxLength: 5 }), (ranges) => {
      const given = [...numbersOf(ranges)];
      const expected = Array.from({ length: 50 }, (_, i) => i).filter((i) => inRanges(ranges, i));
      assert.deepEqual(given.toSorted((a, b) => a - b), expected);
    }),
  );
});
