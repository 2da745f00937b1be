import assert from "node:assert/strict";
import fc from "fast-check";
import { type Route, simulate } from "../../lib/experiment/fluid_model.ts";
import { pure } from "../helpers/permissions.ts";

const oneByte = (holder: number) => ({ holder, bytes: 1 });
const uplinks = [1, 1, 1, 1, 1, 1];

/** When each peer has all it wants. */
function endsOf(routes: readonly Route[]): (number | undefined)[] {
  return simulate(uplinks, routes).map((times) => times.at(-1)).map((end) => end && round(end));
}

function round(seconds: number): number {
  return Math.round(seconds * 1e6) / 1e6;
}

/** Ten documents of one byte from each holder in turn, at one byte a second. */
function blocks(holders: readonly number[]): Route {
  return holders.flatMap((holder) => Array.from({ length: 10 }, () => oneByte(holder)));
}

Deno.test("simulate: Task 1 ends after 250 times f/u", pure, () => {
  const route = Array.from({ length: 50 }, () => oneByte(0));
  assert.deepEqual(endsOf([[], route, route, route, route, route]), [
    undefined,
    250,
    250,
    250,
    250,
    250,
  ]);
});

Deno.test(
  "simulate: Task 2 ends after 50 times f/u if each peer starts with the next one",
  pure,
  () => {
    const routes = uplinks.map((_, peer) => blocks([1, 2, 3, 4, 5].map((i) => (peer + i) % 6)));
    assert.deepEqual(endsOf(routes), [50, 50, 50, 50, 50, 50]);
  },
);

Deno.test("simulate: Task 2 ends after 50 to 150 times f/u by index", pure, () => {
  const routes = uplinks.map((_, peer) => blocks([0, 1, 2, 3, 4, 5].filter((i) => i !== peer)));
  assert.deepEqual(endsOf(routes), [50, 90, 120, 140, 150, 150]);
});

Deno.test(
  "simulate: messages that travel delay each download and leave the uplink to others",
  pure,
  () => {
    const lag = { beforeS: 3, afterS: 1 };
    assert.deepEqual(simulate([1, 1], [[], [oneByte(0), oneByte(0)]], lag), [[], [5, 10]]);
    const twoBytes = { holder: 0, bytes: 2 };
    assert.deepEqual(
      simulate([1, 1, 1], [[], [twoBytes], [twoBytes, oneByte(0)]], { beforeS: 1, afterS: 0 }),
      [[], [5], [5, 7]],
    );
  },
);

Deno.test(
  "simulate: no uplink sends faster than it can, and none rests while somebody waits",
  pure,
  () => {
    const route = fc.array(
      fc.record({ holder: fc.nat(2), bytes: fc.integer({ min: 1, max: 1_000 }) }),
      { maxLength: 12 },
    );
    fc.assert(fc.property(fc.array(route, { minLength: 3, maxLength: 3 }), (routes) => {
      const times = simulate([10, 20, 40], routes);
      assert.deepEqual(times.map(({ length }) => length), routes.map(({ length }) => length));
      for (const ends of times) assert.deepEqual(ends, ends.toSorted((a, b) => a - b));
      const total = (holder: number) =>
        routes.flat().filter((step) => step.holder === holder)
          .reduce((sum, { bytes }) => sum + bytes, 0);
      const end = Math.max(0, ...times.flat());
      const sending = [total(0) / 10, total(1) / 20, total(2) / 40];
      assert.ok(end >= Math.max(...sending) - 1e-6);
      assert.ok(end <= sending.reduce((sum, each) => sum + each) + 1e-6);
    }));
  },
);
