import assert from "node:assert/strict";
import { maxTimeScale, ProtocolClock } from "../../lib/roles/protocol_clock.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test({
  name: "ProtocolClock shows the wall's time and runs as many times as fast from there",
  ...pure,
  fn() {
    let wall = 1_000_000;
    const clock = new ProtocolClock(100, () => wall);
    assert.equal(clock.now(), 1_000_000);
    wall += 72_000;
    assert.equal(clock.now(), 1_000_000 + 7_200_000);
    assert.equal(clock.wallMs(7_200_000), 72_000);
  },
});

Deno.test({
  name: "ProtocolClock without a scale is the wall's",
  ...pure,
  fn() {
    const clock = new ProtocolClock();
    assert.equal(clock.now, Date.now);
    assert.equal(clock.wallMs(7_200_000), 7_200_000);
  },
});

Deno.test({
  name: "ProtocolClock refuses to stand still, to run backwards, or too fast",
  ...pure,
  fn() {
    for (const scale of [0, -1, 0.5, NaN, maxTimeScale + 1]) {
      assert.throws(() => new ProtocolClock(scale), /expected 1 to 10000, got/);
    }
  },
});
