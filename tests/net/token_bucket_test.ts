import assert from "node:assert/strict";
import fc from "fast-check";
import {
  aheadMs,
  maxLateMs,
  smallAheadMs,
  smallBytes,
  TokenBucket,
} from "../../lib/net/token_bucket.ts";
import { pure } from "../helpers/permissions.ts";

const burstMs = 10;

Deno.test({
  name: "TokenBucket lets a transfer's last byte go when all of it has had its time",
  ...pure,
  fn() {
    const bucket = new TokenBucket({ bytesPerSecond: 1_000_000 });
    bucket.resume(5_000);
    bucket.spend(60_000);
    assert.equal(bucket.waitMs(3_000, 5_000), 63 - aheadMs);
    assert.equal(bucket.waitMs(3_000, 5_063), -aheadMs);
  },
});

Deno.test({
  name: "TokenBucket makes up for a short pause, and gives nothing for a long one",
  ...pure,
  fn() {
    for (const [pauseMs, waitMs] of [[burstMs, 10], [burstMs + 1, 20], [3_600_000, 20]] as const) {
      const bucket = new TokenBucket({ bytesPerSecond: 1_000_000, burstMs });
      bucket.resume(0);
      bucket.spend(20_000);
      bucket.resume(20 + pauseMs);
      assert.equal(bucket.waitMs(20_000, 20 + pauseMs), waitMs - aheadMs);
    }
  },
});

Deno.test({
  name: "TokenBucket lets small writes go ahead of their time, but not far",
  ...pure,
  fn() {
    const bucket = new TokenBucket({ bytesPerSecond: 100_000 });
    bucket.resume(0);
    let count = 0;
    for (; bucket.waitMs(smallBytes, 0) <= 0; count++) bucket.spend(smallBytes);
    assert.equal(count, Math.ceil(smallAheadMs / (smallBytes / 100)));
    assert.ok(bucket.waitMs(smallBytes + 1, 0) > 0);
  },
});

Deno.test({
  name: "TokenBucket makes up for at most maxLateMs after the machine slept",
  ...pure,
  fn() {
    const bucket = new TokenBucket({ bytesPerSecond: 1_000_000 });
    bucket.resume(0);
    let bytes = 0;
    for (; bucket.waitMs(10_000, 3_600_000) <= 0; bytes += 10_000) bucket.spend(10_000);
    assert.ok(Math.abs(bytes - maxLateMs * 1_000) <= 20_000, `${bytes} bytes`);
  },
});

Deno.test({
  name: "TokenBucket lets through what its speed is, however its user is late, and never more",
  ...pure,
  fn() {
    fc.assert(fc.property(
      fc.integer({ min: 1_000, max: 100_000_000 }),
      fc.array(
        fc.record({ bytes: fc.integer({ min: 1, max: 65_536 }), lateMs: fc.nat(300) }),
        { minLength: 1, maxLength: 50 },
      ),
      (bytesPerSecond, takes) => {
        const bucket = new TokenBucket({ bytesPerSecond });
        const startedAt = 12_345.678;
        let now = startedAt;
        let sent = 0;
        bucket.resume(now);
        for (const { bytes, lateMs } of takes) {
          const waitMs = bucket.waitMs(bytes, now);
          if (waitMs > 0) now += waitMs + lateMs;
          assert.ok(bucket.waitMs(bytes, now) <= 1e-6);
          bucket.spend(bytes);
          sent += bytes;
          const dueMs = sent / bytesPerSecond * 1_000;
          const ownMs = Math.min(bytes, smallBytes) / bytesPerSecond * 1_000;
          const earlyMs = dueMs - (now - startedAt);
          assert.ok(earlyMs <= smallAheadMs + ownMs + 1e-6, `${earlyMs} ms early`);
        }
      },
    ));
  },
});

Deno.test({
  name: "TokenBucket refuses a speed that is none",
  ...pure,
  fn() {
    for (const bytesPerSecond of [0, -1, NaN, Infinity]) {
      assert.throws(() => new TokenBucket({ bytesPerSecond }), RangeError);
    }
  },
});
