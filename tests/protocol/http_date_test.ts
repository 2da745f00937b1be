import assert from "node:assert/strict";
import fc from "fast-check";
import { findHttpDate, formatHttpDate } from "../../lib/protocol/http_date.ts";
import { pure } from "../helpers/permissions.ts";

const example = Date.UTC(2009, 1, 12, 15, 12, 5);

Deno.test("formatHttpDate writes an IMF-fixdate", pure, () => {
  assert.equal(formatHttpDate(example), "Thu, 12 Feb 2009 15:12:05 GMT");
  assert.equal(formatHttpDate(example + 999), "Thu, 12 Feb 2009 15:12:05 GMT");
  assert.equal(formatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
});

Deno.test("findHttpDate reads the handout's date, whose day of the week is wrong", pure, () => {
  assert.equal(findHttpDate("Wed, 12 Feb 2009 15:12:05 GMT"), example);
});

Deno.test("findHttpDate reads what formatHttpDate writes", pure, () => {
  const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1_000 });
  fc.assert(
    fc.property(
      seconds,
      (second) => findHttpDate(formatHttpDate(second * 1_000)) === second * 1_000,
    ),
  );
});

Deno.test("findHttpDate finds no date in anything else", pure, () => {
  const wrong = [
    "",
    "1234483925",
    "2009-02-12T15:12:05Z",
    "Thursday, 12-Feb-09 15:12:05 GMT",
    "Thu Feb 12 15:12:05 2009",
    "Thu, 12 Feb 2009 15:12:05",
    "Thu, 12 Feb 2009 15:12:05 CET",
    "Thu, 12 Feb 2009 15:12 GMT",
    "Thu, 1 Feb 2009 15:12:05 GMT",
    "Thu, 12 Xxx 2009 15:12:05 GMT",
    "Thu, 32 Jan 2009 15:12:05 GMT",
    "Thu, 12 Feb 2009 25:12:05 GMT",
    " Thu, 12 Feb 2009 15:12:05 GMT",
    "Thu, 12 Feb 2009 15:12:05 GMT ",
  ];
  for (const text of wrong) assert.equal(findHttpDate(text), undefined, text);
});
