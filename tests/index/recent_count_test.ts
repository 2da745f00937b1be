import assert from "node:assert/strict";
import fc from "fast-check";
import { RecentCount } from "../../lib/index/recent_count.ts";
import { pure } from "../helpers/permissions.ts";

const dayMs = 24 * 3_600_000;
const noon = Date.UTC(2026, 10, 21, 12);

Deno.test("RecentCount begins at 0", pure, () => {
  assert.equal(new RecentCount().total(noon), 0);
});

Deno.test("RecentCount counts several in a day", pure, () => {
  const recent = new RecentCount();
  recent.count(noon);
  recent.count(noon);
  recent.count(noon + 1);
  assert.equal(recent.total(noon + 2), 3);
});

Deno.test("RecentCount forgets a day when 30 days have begun after it", pure, () => {
  const recent = new RecentCount();
  const midnight = Date.UTC(2026, 10, 22);
  recent.count(noon);
  recent.count(midnight - 1);
  recent.count(midnight);
  assert.equal(recent.total(midnight + 29 * dayMs - 1), 3);
  assert.equal(recent.total(midnight + 29 * dayMs), 1);
  assert.equal(recent.total(midnight + 30 * dayMs - 1), 1);
  assert.equal(recent.total(midnight + 30 * dayMs), 0);
});

Deno.test("RecentCount forgets old days also while it only counts", pure, () => {
  const recent = new RecentCount();
  recent.count(noon);
  recent.count(noon + 40 * dayMs);
  assert.equal(recent.total(noon + 40 * dayMs), 1);
});

Deno.test("RecentCount counts what happened today and on the 29 days before", pure, () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 12 * dayMs }), { maxLength: 40 });
  fc.assert(
    fc.property(pauses, (pauses) => {
      const recent = new RecentCount();
      const times: number[] = [];
      let now = noon;
      for (const pause of pauses) {
        now += pause;
        recent.count(now);
        times.push(now);
        const today = Math.floor(now / dayMs);
        const expected = times.filter((time) => Math.floor(time / dayMs) > today - 30).length;
        assert.equal(recent.total(now), expected);
      }
    }),
  );
});
