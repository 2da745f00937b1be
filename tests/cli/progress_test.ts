import assert from "node:assert/strict";
import fc from "fast-check";
import { type Progress, renderProgress, secondsLeft } from "../../lib/cli/progress.ts";
import { pure } from "../helpers/permissions.ts";

const rows: readonly Progress[] = [
  {
    label: "RFC 8600",
    bytes: 5_200_000,
    whole: 12_300_000,
    bytesPerSecond: 4_100_000,
    holders: 2,
  },
  { label: "RFC 10", bytes: 70_000, bytesPerSecond: 900, holders: 1 },
  {
    label: "3 of 120",
    bytes: 45_000_000,
    whole: 90_000_000,
    isGuess: true,
    bytesPerSecond: 4_100_000,
    holders: 3,
  },
];

for (
  const [width, lines] of [
    [39, [
      "RFC 8600   42%   4100 kB/s   0:02 left",
      "RFC 10             900 B/s",
      "3 of 120   50%   4100 kB/s   0:11 left",
    ]],
    [60, [
      "RFC 8600   42%    5.2 of 12.3 MB   4100 kB/s   0:02 left",
      "RFC 10                     70 kB     900 B/s",
      "3 of 120   50%  45.0 of ~90.0 MB   4100 kB/s   0:11 left",
    ]],
    [79, [
      "RFC 8600   42%  ━━━━╌╌╌╌╌╌    5.2 of 12.3 MB   4100 kB/s   0:02 left  2 holders",
      "RFC 10                                 70 kB     900 B/s               1 holder",
      "3 of 120   50%  ━━━━━╌╌╌╌╌  45.0 of ~90.0 MB   4100 kB/s   0:11 left  3 holders",
    ]],
  ] as const
) {
  Deno.test({
    name: `renderProgress shows what fits into ${width} characters, aligned`,
    ...pure,
    fn: () => assert.deepEqual(renderProgress(rows, width), lines),
  });
}

Deno.test({
  name: "renderProgress never makes a line longer than the terminal, and one for each row",
  ...pure,
  fn() {
    const amount = fc.integer({ min: 0, max: 2 ** 45 });
    const row = fc.record({
      label: fc.string({ unit: "grapheme-ascii", maxLength: 20 }),
      bytes: amount,
      whole: fc.option(amount, { nil: undefined }),
      bytesPerSecond: fc.double({ min: 0, max: 1e12, noNaN: true }),
      holders: fc.nat(5_000),
    });
    fc.assert(fc.property(
      fc.array(row, { maxLength: 9 }),
      fc.integer({ min: 1, max: 300 }),
      (rows, width) => {
        const lines = renderProgress(rows, width);
        assert.equal(lines.length, rows.length);
        for (const line of lines) assert.ok(line.length <= width, line);
      },
    ));
  },
});

Deno.test({
  name: "renderProgress says 100% of what is whole only",
  ...pure,
  fn() {
    const at = (bytes: number) =>
      renderProgress([{ label: "", bytes, whole: 1_000, bytesPerSecond: 1, holders: 1 }], 20)[0]!;
    assert.match(at(999), /99%/);
    assert.match(at(1_000), /100%/);
    // A holder that was dropped may have made it more than there is.
    assert.match(at(1_500), /100%/);
  },
});

Deno.test({
  name: "secondsLeft says nothing when nothing comes, or nobody knows how much will",
  ...pure,
  fn() {
    const known = { label: "", bytes: 100, whole: 300, bytesPerSecond: 50, holders: 1 };
    assert.equal(secondsLeft(known), 4);
    assert.equal(secondsLeft({ ...known, bytesPerSecond: 0.1 }), undefined);
    assert.equal(secondsLeft({ ...known, whole: undefined }), undefined);
    assert.equal(secondsLeft({ ...known, bytes: 400 }), 0);
  },
});
