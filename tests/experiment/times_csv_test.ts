import assert from "node:assert/strict";
import fc from "fast-check";
import {
  encodeTimes,
  parseTimes,
  timesHeader,
  type TimesRow,
} from "../../lib/experiment/times_csv.ts";
import { pure } from "../helpers/permissions.ts";

const seconds = fc.integer({ min: 0, max: 1_000_000_000 }).map((micros) => micros / 1e6);
const names = fc.string({ maxLength: 20 }).filter((name) => !/[\r\n]/.test(name));
const rows: fc.Arbitrary<TimesRow> = fc.record({
  peer: names,
  position: fc.nat(),
  number: fc.nat(),
  holder: names,
  bytes: fc.nat(),
  seconds,
  cumulative: seconds,
  predicted: fc.option(seconds, { nil: undefined }),
}, { noNullPrototype: true }).chain((row) =>
  fc.constantFrom(row, { ...row, system: "di", task: "task2", order: "worst", repeat: 3 } as const)
);

Deno.test("parseTimes: gives back what encodeTimes wrote", pure, () => {
  fc.assert(fc.property(fc.array(rows), (written) => {
    const text = timesHeader + written.map(encodeTimes).join("");
    assert.deepEqual(parseTimes(text), written);
    assert.deepEqual(parseTimes(text.replaceAll("\n", "\r\n")), written);
  }));
});

Deno.test("parseTimes: names the line that is none", pure, () => {
  const good = "ci,task1,index,1,1,1,8600,0,1000,0.5,0.5,\n";
  for (
    const [text, message] of [
      ["", /expected the columns system,task/],
      ["a,b\n", /expected the columns/],
      [`${timesHeader}${good}1,2\n`, /line 3 has no 12 columns/],
      [timesHeader + good.replace("8600", "1e3"), /line 2 has no number as rfc/],
      [timesHeader + good.replace("0.5", "-1"), /line 2 has no number as seconds/],
      [timesHeader + good.replace("task1", "task3"), /line 2 has no known task/],
      [timesHeader + good.replace("index", '"a"b'), /line 2 has no/],
    ] as const
  ) {
    assert.throws(() => parseTimes(text), { name: "TimesFormatError", message });
  }
});
