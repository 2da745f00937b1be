import assert from "node:assert/strict";
import { writeStallMs } from "../../lib/net/connection.ts";
import { ConnectionLostError } from "../../lib/net/errors.ts";
import { RateLimiter } from "../../lib/net/rate_limiter.ts";
import { ConnectedPair } from "../helpers/connected_pair.ts";
import { withSockets } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const decoder = new TextDecoder();

Deno.test({
  name: "Connection.fill receives what was sent, then tells the end",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    await other.send("abc");
    assert.equal(await connection.fill(), true);
    assert.equal(decoder.decode(connection.received.bytes), "abc");
    await other.endSending();
    assert.equal(await connection.fill(), false);
  },
});

Deno.test({
  name: "Connection.readSome gives what was received before and then what comes",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    const target = new Uint8Array(2);
    await other.send("abc");
    while (connection.received.length < 3) await connection.fill();
    assert.equal(await connection.readSome(target), 2);
    assert.equal(decoder.decode(target), "ab");
    assert.equal(await connection.readSome(target), 1);
    await other.send("d");
    assert.equal(await connection.readSome(target), 1);
    assert.equal(target[0], "d".charCodeAt(0));
    await other.endSending();
    assert.equal(await connection.readSome(target), null);
  },
});

Deno.test({
  name: "Connection.write sends everything, more than the socket takes at once",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const bytes = new Uint8Array(8_000_000).fill("x".charCodeAt(0));
    const received = pair.other.read(bytes.length);
    await pair.connection.write(bytes);
    assert.equal((await received).length, bytes.length);
  },
});

Deno.test({
  name: "Connection.expectWithin ends a wait that takes too long and says what was awaited",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const { connection } = pair;
    connection.expectWithin(10_000, "the reply");
    const filled = assert.rejects(connection.fill(), (error) => {
      assert.ok(error instanceof ConnectionLostError);
      assert.match(error.message, /^Lost connection to 127\.0\.0\.1:\d+: .*the reply$/);
      return true;
    });
    clock.advance(9_999);
    assert.equal(connection.closed, false);
    clock.advance(1);
    await filled;
    assert.equal(connection.closed, true);
  },
});

Deno.test({
  name: "Connection.expectWithin replaces the deadline before, by a later or an earlier one",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const { connection } = pair;
    connection.expectWithin(1_000, "this");
    connection.expectWithin(5_000, "that");
    clock.advance(4_999);
    assert.equal(connection.closed, false);
    connection.expectWithin(100, "something else");
    clock.advance(100);
    assert.equal(connection.closed, true);
    await assert.rejects(connection.fill(), /something else/);
  },
});

Deno.test({
  name: "Connection.relax takes the deadline away, and a new one can be set",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const { connection } = pair;
    connection.expectWithin(1_000, "this");
    connection.relax();
    clock.advance(100_000);
    assert.equal(connection.closed, false);
    connection.expectWithin(1_000, "that");
    clock.advance(1_000);
    assert.equal(connection.closed, true);
  },
});

Deno.test({
  name: "Connection.write gives up a reader that takes nothing for writeStallMs",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const tooMuch = new Uint8Array(64_000_000);
    const written = assert.rejects(pair.connection.write(tooMuch), ConnectionLostError);
    await clock.waiting(writeStallMs);
    // What the system buffers is taken first, each part with a time limit of its own.
    while (!pair.connection.closed) {
      clock.advance(writeStallMs);
      await new Promise(setImmediate);
    }
    await written;
  },
});

Deno.test({
  name: "Connection.finish lets what was sent arrive although the other side's bytes were not read",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    await other.send("x".repeat(100_000));
    await connection.write(new TextEncoder().encode("the reply"));
    const finished = connection.finish();
    assert.equal(await other.readToEnd(), "the reply");
    other.close();
    await finished;
    assert.equal(connection.closed, true);
  },
});

Deno.test({
  name: "Connection.finish does not wait for ever for the other side to close",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const finished = pair.connection.finish();
    await clock.waiting(2_000);
    clock.advance(2_000);
    await finished;
    assert.equal(pair.connection.closed, true);
  },
});

Deno.test({
  name: "Connection.finish ends a flood",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const flood = assert.rejects(pair.other.send(new Uint8Array(64_000_000)));
    await pair.connection.finish();
    assert.equal(pair.connection.closed, true);
    await flood;
  },
});

Deno.test({
  name: "Connection.close fails a pending read, and is told once",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection } = pair;
    let closed = 0;
    connection.onClose = () => closed++;
    const filled = assert.rejects(connection.fill(), /closed on this side/);
    connection.close();
    connection.close();
    await filled;
    assert.equal(closed, 1);
  },
});

Deno.test({
  name: "Connection knows both ends",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { local, remote } = pair.connection;
    assert.equal(local.host, "127.0.0.1");
    assert.equal(remote.host, "127.0.0.1");
    assert.notEqual(local.port, remote.port);
  },
});

Deno.test({
  name: "Connection sends no faster than its limiter lets it, piece by piece",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    const limiter = new RateLimiter({ bytesPerSecond: 1_000_000 });
    connection.speedLimits = { send: limiter };
    const written = connection.write(new Uint8Array(20_000).fill("x".charCodeAt(0)));
    for (let slice = 1; slice <= 4; slice++) {
      await clock.waiting(3, 5);
      clock.advance(5);
      assert.equal((await other.read(limiter.sliceBytes)).length, 5_000);
    }
    await written;
  },
});

Deno.test({
  name:
    "Connection receives no faster than its limiter lets it, which is no silence of the other side",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    connection.speedLimits = { receive: new RateLimiter({ bytesPerSecond: 100 }) };
    await other.send("x".repeat(1_500));
    connection.expectWithin(10_000, "the rest");
    const target = new Uint8Array(1_500);
    const read = connection.readSome(target);
    await clock.waiting(14_999);
    clock.advance(14_999);
    assert.equal(await read, 1_500);
    const more = assert.rejects(connection.readSome(target), /the rest/);
    clock.advance(9_999);
    assert.equal(connection.closed, false);
    clock.advance(1);
    await more;
  },
});

Deno.test({
  name: "Connection.close ends the wait for a limiter",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection } = pair;
    connection.speedLimits = { send: new RateLimiter({ bytesPerSecond: 1 }) };
    const written = assert.rejects(connection.write(new Uint8Array(3_600)), /closed on this side/);
    connection.close();
    await written;
  },
});
