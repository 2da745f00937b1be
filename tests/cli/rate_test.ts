import assert from "node:assert/strict";
import fc from "fast-check";
import { formatRate, minBytesPerSecond, parseRate } from "../../lib/cli/rate.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test({
  name: "parseRate reads bytes per second in decimal and binary units",
  ...pure,
  fn() {
    assert.equal(parseRate("1MiB/s"), 1_048_576);
    assert.equal(parseRate("1.5 MiB/s"), 1_572_864);
    assert.equal(parseRate("100KiB/s"), 102_400);
    assert.equal(parseRate("500kB/s"), 500_000);
    assert.equal(parseRate("2GB/s"), 2_000_000_000);
    assert.equal(parseRate("1024B/s"), minBytesPerSecond);
    assert.equal(parseRate("none"), undefined);
  },
});

Deno.test({
  name: "parseRate says what it expected",
  ...pure,
  fn() {
    const texts = [
      "",
      "0",
      "0B/s",
      "1023B/s",
      "1",
      "1MiB",
      "1Mb/s",
      "8Mbit/s",
      "-1MiB/s",
      "1e3kB/s",
    ];
    for (const text of [...texts, "None", "1,5MiB/s", " 1MiB/s", "9999999999B/s"]) {
      assert.throws(() => parseRate(text), {
        name: "RangeError",
        message: /^Cannot parse a limit: expected a number with B\/s, .* or none, got "/,
      });
    }
  },
});

Deno.test({
  name: "formatRate writes what parseRate reads",
  ...pure,
  fn() {
    assert.equal(formatRate(1_048_576), "1MiB/s");
    assert.equal(formatRate(undefined), "none");
    fc.assert(fc.property(fc.integer({ min: minBytesPerSecond, max: 999_999_999 }), (rate) => {
      assert.equal(parseRate(formatRate(rate)), rate);
    }));
  },
});
