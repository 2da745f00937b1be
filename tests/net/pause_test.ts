import assert from "node:assert/strict";
import fc from "fast-check";
import { firstPauseMs, growingPauses, longestPauseMs, pause } from "../../lib/net/pause.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

Deno.test({
  name: "growingPauses doubles up to longestPauseMs",
  permissions: "none",
  fn() {
    const pauses = growingPauses(() => 0).take(9);
    assert.deepEqual([...pauses], [
      500,
      1_000,
      2_000,
      4_000,
      8_000,
      16_000,
      30_000,
      30_000,
      30_000,
    ]);
  },
});

Deno.test({
  name: "growingPauses shortens each pause by up to half",
  permissions: "none",
  fn() {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        let full = firstPauseMs;
        for (const ms of growingPauses(() => random).take(10)) {
          assert.ok(full / 2 <= ms && ms <= full, `${ms} of ${full}`);
          full = Math.min(full * 2, longestPauseMs);
        }
      }),
    );
  },
});

Deno.test({
  name: "pause ends when its time is over, not before",
  permissions: "none",
  async fn() {
    using clock = new WoundClock();
    let over = false;
    const paused = pause(500, new AbortController().signal).then(() => over = true);
    clock.advance(499);
    await Promise.resolve();
    assert.equal(over, false);
    clock.advance(1);
    await paused;
  },
});

Deno.test({
  name: "pause ends when its signal fires, and leaves no timer behind",
  permissions: "none",
  async fn() {
    const abort = new AbortController();
    const paused = pause(3_600_000, abort.signal);
    abort.abort();
    await paused;
    await pause(3_600_000, abort.signal);
  },
});
