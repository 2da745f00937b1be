import assert from "node:assert/strict";
import fc from "fast-check";
import { maxSliceBytes, minSliceBytes, RateLimiter } from "../../lib/net/rate_limiter.ts";
import { pure } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const bytesPerSecond = 1_048_576;

/** A transfer that always wants more. */
class EndlessTransfer {
  bytes = 0;
  readonly #end = new AbortController();
  readonly #ended: Promise<void>;

  constructor(limiter: RateLimiter, takeBytes: number, sharer = "") {
    this.#ended = this.#run(limiter, takeBytes, sharer);
  }

  async end(): Promise<void> {
    this.#end.abort();
    await this.#ended;
  }

  async #run(limiter: RateLimiter, takeBytes: number, sharer: string): Promise<void> {
    try {
      for (;;) {
        await limiter.take(takeBytes, this.#end.signal, sharer);
        this.bytes += takeBytes;
      }
    } catch (error) {
      assert.equal(error, this.#end.signal.reason);
    }
  }
}

async function wind(clock: WoundClock, steps: Iterable<number>): Promise<void> {
  for (const ms of steps) {
    clock.advance(ms);
    await new Promise(setImmediate);
  }
}

const everyMs = (ms: number) => Array<number>(ms).fill(1);

Deno.test({
  name: "RateLimiter keeps its speed to half a percent, however late its timers are",
  ...pure,
  async fn() {
    const lateness = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 9 });
    const speeds = fc.integer({ min: 10_240, max: 100_000_000 });
    await fc.assert(
      fc.asyncProperty(speeds, lateness, async (bytesPerSecond, lateness) => {
        using clock = new WoundClock();
        const limiter = new RateLimiter({ bytesPerSecond, burstMs: 60 });
        const transfer = new EndlessTransfer(limiter, limiter.sliceBytes);
        const startedAt = performance.now();
        while (performance.now() - startedAt < 20_000) await wind(clock, lateness);
        const due = bytesPerSecond * (performance.now() - startedAt) / 1_000;
        const off = Math.abs(transfer.bytes - due) - limiter.sliceBytes;
        await transfer.end();
        assert.ok(off <= due * 0.005, `${transfer.bytes} instead of ${due} bytes`);
      }),
      { numRuns: 10 },
    );
  },
});

Deno.test({
  name: "RateLimiter gives two transfers half each, however much each asks for at once",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond });
    const [large, small] = [131_072, 4_096];
    const transfers = [large, small].map((bytes, i) => new EndlessTransfer(limiter, bytes, `${i}`));
    await wind(clock, everyMs(1_000));
    const half = bytesPerSecond / 2;
    for (const { bytes } of transfers) {
      assert.ok(Math.abs(bytes - half) < large, `${bytes} instead of ${half}`);
    }
    for (const transfer of transfers) await transfer.end();
  },
});

Deno.test({
  name: "RateLimiter gives a peer with a hundred connections no more than one with one",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond });
    const size = limiter.sliceBytes;
    const greedy = Array.from({ length: 100 }, () => new EndlessTransfer(limiter, size, "greedy"));
    const modest = new EndlessTransfer(limiter, size, "modest");
    await wind(clock, everyMs(2_000));
    const taken = greedy.reduce((sum, { bytes }) => sum + bytes, 0);
    assert.ok(Math.abs(taken - modest.bytes) <= 3 * size, `${taken} and ${modest.bytes}`);
    const shares = greedy.map(({ bytes }) => bytes);
    assert.ok(Math.max(...shares) - Math.min(...shares) <= size, "not fair within the peer");
    for (const transfer of [...greedy, modest]) await transfer.end();
  },
});

Deno.test({
  name: "RateLimiter saves up nothing in an idle hour",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond });
    await limiter.take(1);
    clock.advance(3_600_000);
    let passed = false;
    const taken = limiter.take(100_000).then(() => passed = true);
    const fullMs = Math.floor(100_000 / bytesPerSecond * 1_000);
    await wind(clock, everyMs(fullMs - 2));
    assert.equal(passed, false);
    await wind(clock, everyMs(4));
    assert.equal(passed, true);
    await taken;
  },
});

Deno.test({
  name: "RateLimiter lets a head pass an idle link without a timer",
  ...pure,
  async fn() {
    using _clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond: 102_400 });
    for (let i = 0; i < 3; i++) await limiter.take(200);
  },
});

Deno.test({
  name: "RateLimiter.take ends when its signal fires, and who waits behind moves up",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond });
    const leaving = new AbortController();
    const left = assert.rejects(limiter.take(10 * bytesPerSecond, leaving.signal), {
      message: "x",
    });
    let passed = false;
    const behind = limiter.take(10_000).then(() => passed = true);
    leaving.abort(new Error("x"));
    await left;
    await wind(clock, everyMs(20));
    assert.equal(passed, true);
    await behind;
    await assert.rejects(limiter.take(1, leaving.signal), { message: "x" });
  },
});

Deno.test({
  name: "RateLimiter leaves no timer behind when everybody has given up",
  ...pure,
  async fn() {
    const limiter = new RateLimiter({ bytesPerSecond: 1 });
    const leaving = new AbortController();
    const left = [1, 2, 3].map(() => assert.rejects(limiter.take(3_600, leaving.signal)));
    leaving.abort();
    await Promise.all(left);
  },
});

Deno.test({
  name: "RateLimiter takes slices of some ms, neither tiny nor huge",
  ...pure,
  fn() {
    const sliceOf = (bytesPerSecond: number) => new RateLimiter({ bytesPerSecond }).sliceBytes;
    assert.equal(sliceOf(10_000), minSliceBytes);
    assert.equal(sliceOf(1_000_000), 5_000);
    assert.equal(sliceOf(1_000_000_000), maxSliceBytes);
  },
});

/** How long a transfer takes on a link that is asked at `askedMs` and given the bytes at `givenMs`, both after an idle second. */
async function takeAfter(askedMs: number | undefined, givenMs: number): Promise<number> {
  using clock = new WoundClock();
  const limiter = new RateLimiter({ bytesPerSecond: 1_000_000, burstMs: 100 });
  await limiter.take(1_000);
  clock.advance(1_000);
  if (askedMs !== undefined) {
    clock.advance(askedMs);
    limiter.expect(performance.now());
  }
  clock.advance(givenMs - (askedMs ?? 0));
  const givenAt = performance.now();
  const took = limiter.take(50_000).then(() => performance.now() - givenAt);
  await wind(clock, everyMs(60));
  return await took;
}

Deno.test({
  name: "RateLimiter makes up for the time since it was told to expect bytes, and for no other",
  ...pure,
  async fn() {
    assert.ok(Math.abs(await takeAfter(undefined, 30) - 50) <= 2);
    assert.ok(Math.abs(await takeAfter(0, 30) - 20) <= 2);
    assert.ok(Math.abs(await takeAfter(20, 30) - 40) <= 2);
    assert.ok(Math.abs(await takeAfter(0, 200) - 50) <= 2);
  },
});

Deno.test({
  name: "RateLimiter says until when it is busy",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const limiter = new RateLimiter({ bytesPerSecond: 1_000_000 });
    const took = limiter.take(20_000);
    await wind(clock, everyMs(30));
    await took;
    assert.equal(limiter.busyUntil, 20);
  },
});
