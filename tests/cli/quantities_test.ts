import assert from "node:assert/strict";
import {
  bytesOfBytesText,
  bytesText,
  clockText,
  count,
  secondsText,
  speedText,
} from "../../lib/cli/quantities.ts";
import { pure } from "../helpers/permissions.ts";

for (
  const [actual, expected] of [
    [count(1, "peer"), "1 peer"],
    [count(0, "peer"), "0 peers"],
    [bytesText(9_999), "9999 bytes"],
    [bytesText(10_000), "10 kB"],
    [bytesText(12_345_678), "12.3 MB"],
    [bytesText(10_000_000_000), "10.0 GB"],
    [bytesOfBytesText(1_000, 20_000), "1 of 20 kB"],
    [bytesOfBytesText(5, 20, true), "5 of ~20 bytes"],
    [speedText(12.4), "12 B/s"],
    [speedText(12_345_678), "12.3 MB/s"],
    [secondsText(0.0123), "12 ms"],
    [secondsText(12.34), "12.3 s"],
    [clockText(0), "0:00"],
    [clockText(4.2), "0:05"],
    [clockText(754), "12:34"],
    [clockText(3_723), "1:02:03"],
    [clockText(48 * 3_600), "48:00:00"],
    [clockText(240 * 3_600), "10 days"],
  ] as const
) {
  Deno.test({
    name: `an amount reads "${expected}"`,
    ...pure,
    fn: () => assert.equal(actual, expected),
  });
}
