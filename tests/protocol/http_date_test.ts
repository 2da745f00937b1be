import assert from "node:assert/strict";
import fc from "fast-check";
import { formatHttpDate } from "../../lib/protocol/http_date.ts";
import { pure } from "../helpers/permissions.ts";

const example = Date.UTC(2009, 1, 12, 15, 12, 5);

Deno.test("formatHttpDate writes an IMF-fixdate", pure, () => {
  assert.equal(formatHttpDate(example), "Thu, 12 Feb 2009 15:12:05 GMT");
  assert.equal(formatHttpDate(example + 999), "Thu, 12 Feb 2009 15:12:05 GMT");
  assert.equal(formatHttpDate(0), "Thu, 01 Jan 1970 00:00:00 GMT");
});

Deno.test("formatHttpDate keeps the second, in the form of RFC 9110 section 5.6.7", pure, () => {
  const seconds = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) / 1_000 });
  fc.assert(
    fc.property(seconds, (second) => {
      const text = formatHttpDate(second * 1_000);
      assert.match(text, /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/);
      assert.equal(Date.parse(text), second * 1_000);
    }),
  );
});
