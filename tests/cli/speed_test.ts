import assert from "node:assert/strict";
import { Speed } from "../../lib/cli/speed.ts";
import { pure } from "../helpers/permissions.ts";

/** Whether two speeds are the same to a reader. */
function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= expected * 0.03, `${actual}, expected ${expected}`);
}

Deno.test({
  name: "Speed is right from the first second on",
  ...pure,
  fn() {
    const speed = new Speed(5_000);
    assert.equal(speed.bytesPerSecond(5_000), 0);
    for (let now = 5_050; now <= 6_000; now += 50) speed.add(5_000, now);
    assertNear(speed.bytesPerSecond(6_000), 100_000);
  },
});

Deno.test({
  name: "Speed follows a change within seconds and is not moved by a moment",
  ...pure,
  fn() {
    const speed = new Speed(0);
    for (let now = 100; now <= 20_000; now += 100) speed.add(10_000, now);
    assertNear(speed.bytesPerSecond(20_000), 100_000);
    // A pause of a fifth of a second is not worth a jump.
    assert.ok(speed.bytesPerSecond(20_200) > 90_000);
    for (let now = 20_100; now <= 35_000; now += 100) speed.add(1_000, now);
    assertNear(speed.bytesPerSecond(35_000), 10_600);
  },
});

Deno.test({
  name: "Speed goes to nothing when nothing comes",
  ...pure,
  fn() {
    const speed = new Speed(0);
    speed.add(1_000_000, 1_000);
    assert.ok(speed.bytesPerSecond(60_000) < 1);
  },
});
