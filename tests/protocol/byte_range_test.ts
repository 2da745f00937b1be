import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findByteRange,
  formatContentRange,
  formatRange,
  parseContentRange,
} from "../../lib/protocol/byte_range.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

const size = 174;

Deno.test("findByteRange finds the part that was asked for", pure, () => {
  const parts = {
    "bytes=61-121": [61, 121],
    "bytes=0-0": [0, 0],
    "bytes=173-173": [173, 173],
    "bytes=122-": [122, 173],
    "bytes=0-": [0, 173],
    "bytes=100-174": [100, 173],
    "bytes=0-999999999999999": [0, 173],
    "bytes=-52": [122, 173],
    "bytes=-174": [0, 173],
    "bytes=-175": [0, 173],
    "bytes=007-010": [7, 10],
    "Bytes= 1-2\t": [1, 2],
  };
  for (const [value, [first, last]] of Object.entries(parts)) {
    assert.deepEqual(findByteRange(value, size), { first, last }, value);
  }
});

Deno.test("findByteRange says so if the document has none of the part", pure, () => {
  for (const value of ["bytes=174-", "bytes=174-180", "bytes=999999999999999-", "bytes=-0"]) {
    assert.equal(findByteRange(value, size), "unsatisfiable", value);
  }
  for (const value of ["bytes=0-", "bytes=0-0", "bytes=-1"]) {
    assert.equal(findByteRange(value, 0), "unsatisfiable", value);
  }
});

Deno.test("findByteRange ignores what it does not understand", pure, () => {
  const ignored = [
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=0-59,61-121",
    "bytes=5-4",
    "bytes=1",
    "bytes=a-b",
    "bytes=1e1-20",
    "bytes=0x1-0x2",
    "bytes=--1",
    "bytes=1--2",
    "bytes=1 - 2",
    "lines=1-2",
    "xbytes=1-2",
    "bytes=1-2 x",
    "bytes=1234567890123456-",
    "bytes=0-1234567890123456",
    "bytes=-1234567890123456",
  ];
  for (const value of ignored) assert.equal(findByteRange(value, size), undefined, value);
});

Deno.test("formatContentRange writes a part of a whole, or the whole without a part", pure, () => {
  assert.equal(formatContentRange({ first: 61, last: 121 }, 174), "bytes 61-121/174");
  assert.equal(formatContentRange(undefined, 174), "bytes */174");
});

Deno.test("parseContentRange gives part and size", pure, () => {
  assert.deepEqual(parseContentRange("bytes 61-121/174"), { first: 61, last: 121, size: 174 });
  assert.deepEqual(parseContentRange("Bytes 0-0/1"), { first: 0, last: 0, size: 1 });
});

Deno.test("parseContentRange refuses what tells no part, or contradicts itself", pure, () => {
  const wrong = [
    "",
    "bytes */174",
    "bytes 0-1/*",
    "bytes 5-4/174",
    "bytes 0-174/174",
    "bytes 0-0/0",
    "bytes 0-1",
    "bytes=0-1/174",
    "bytes 0-1e2/174",
    "bytes -1-5/174",
    "bytes 0-1/174 ",
    "lines 0-1/174",
    "kilobytes 0-1/174",
    "bytes 0-1/1234567890123456",
  ];
  for (const value of wrong) {
    assert.throws(() => parseContentRange(value), refusal(400), JSON.stringify(value));
  }
});

/** A document's size and a part of it. */
const partOfWhole = fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 1_000 }))
  .map(([first, more, rest]) => ({ first, last: first + more, size: first + more + 1 + rest }));

Deno.test("findByteRange reads what formatRange writes", pure, () => {
  fc.assert(
    fc.property(partOfWhole, ({ size, ...range }) => {
      assert.deepEqual(findByteRange(formatRange(range), size), range);
    }),
  );
});

Deno.test("parseContentRange reads what formatContentRange writes", pure, () => {
  fc.assert(
    fc.property(partOfWhole, ({ size, ...range }) => {
      assert.deepEqual(parseContentRange(formatContentRange(range, size)), { ...range, size });
    }),
  );
});

Deno.test("findByteRange never leaves the document", pure, () => {
  const number = fc.oneof(fc.nat({ max: 20 }).map(String), fc.constant(""));
  const value = fc.tuple(number, number).map(([from, to]) => `bytes=${from}-${to}`);
  fc.assert(
    fc.property(value, fc.nat({ max: 15 }), (value, size) => {
      const range = findByteRange(value, size);
      if (range === undefined || range === "unsatisfiable") return;
      assert.ok(0 <= range.first && range.first <= range.last && range.last < size);
    }),
    { numRuns: 1_000 },
  );
});
