import assert from "node:assert/strict";
import fc from "fast-check";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { pure } from "../helpers/permissions.ts";
import { bytesOf, concat, textOf } from "../helpers/wire.ts";

Deno.test("ReceiveBuffer begins empty", pure, () => {
  const buffer = new ReceiveBuffer();
  assert.equal(buffer.length, 0);
  assert.equal(buffer.bytes.length, 0);
  assert.equal(buffer.scanned, 0);
});

Deno.test("ReceiveBuffer.commit makes the filled part of the space pending", pure, () => {
  const buffer = new ReceiveBuffer();
  buffer.space().set(bytesOf("abc"));
  buffer.commit(2);
  assert.equal(textOf(buffer.bytes), "ab");
  buffer.commit(0);
  assert.equal(buffer.length, 2);
});

Deno.test("ReceiveBuffer.space gives at least what was asked for", pure, () => {
  const buffer = new ReceiveBuffer(8);
  buffer.append(bytesOf("abcdef"));
  for (const minBytes of [0, 1, 2, 3, 8, 9, 4_096]) {
    assert.ok(buffer.space(minBytes).length >= minBytes, `asked for ${minBytes}`);
    assert.equal(textOf(buffer.bytes), "abcdef");
  }
});

Deno.test("ReceiveBuffer.space reuses the place of consumed bytes", pure, () => {
  const buffer = new ReceiveBuffer(8);
  buffer.append(bytesOf("abcdefgh"));
  buffer.consume(6);
  const { buffer: storage } = buffer.bytes;
  assert.equal(buffer.space(6).buffer, storage);
  assert.equal(textOf(buffer.bytes), "gh");
});

Deno.test("ReceiveBuffer does not grow while all that comes is consumed", pure, () => {
  const buffer = new ReceiveBuffer(64);
  const { buffer: storage } = buffer.bytes;
  for (let i = 0; i < 100; i++) {
    buffer.append(new Uint8Array(40));
    buffer.consume(40);
  }
  assert.equal(buffer.bytes.buffer, storage);
});

Deno.test(
  "ReceiveBuffer gives more room to whoever fills it, up to a limit, and less later",
  pure,
  () => {
    const buffer = new ReceiveBuffer(1_024);
    const read = (bytes: number) => {
      const space = buffer.space();
      buffer.commit(Math.min(bytes, space.length));
      buffer.consume(buffer.length);
      return space.length;
    };
    const sizes = Array.from({ length: 6 }, () => read(100_000));
    assert.deepEqual(sizes, [1_024, 2_048, 4_096, 8_192, 16_384, 16_384]);
    for (let quiet = 0; quiet < 15; quiet++) assert.equal(read(100), 16_384);
    assert.equal(read(10_000), 16_384);
    for (let quiet = 0; quiet < 200; quiet++) read(100);
    assert.equal(read(100), 1_024);
  },
);

Deno.test("ReceiveBuffer keeps the room that somebody asks for again and again", pure, () => {
  const buffer = new ReceiveBuffer(1_024);
  const { buffer: storage } = buffer.space(100_000);
  buffer.commit(50_000);
  buffer.consume(50_000);
  assert.equal(buffer.space(100_000).buffer, storage);
  assert.equal(buffer.space().length, 1_024);
});

Deno.test("ReceiveBuffer.consume forgets how far a parser had looked", pure, () => {
  const buffer = new ReceiveBuffer();
  buffer.append(bytesOf("abc"));
  buffer.scanned = 3;
  buffer.append(bytesOf("def"));
  assert.equal(buffer.scanned, 3);
  buffer.consume(1);
  assert.equal(buffer.scanned, 0);
});

Deno.test("ReceiveBuffer.append copies", pure, () => {
  const buffer = new ReceiveBuffer();
  const bytes = bytesOf("abc");
  buffer.append(bytes);
  bytes.fill(0);
  assert.equal(textOf(buffer.bytes), "abc");
});

Deno.test("ReceiveBuffer refuses counts that cannot be", pure, () => {
  const buffer = new ReceiveBuffer(8);
  buffer.append(bytesOf("abc"));
  assert.throws(() => buffer.consume(4), RangeError);
  assert.throws(() => buffer.consume(-1), RangeError);
  assert.throws(() => buffer.commit(-1), RangeError);
  assert.throws(() => buffer.commit(6), RangeError);
  assert.equal(textOf(buffer.bytes), "abc");
  buffer.commit(5);
  assert.equal(buffer.length, 8);
});

Deno.test("ReceiveBuffer gives what it got, in order, once", pure, () => {
  const operation = fc.oneof(
    fc.record({ appended: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ consumed: fc.nat({ max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.nat({ max: 64 }), fc.array(operation), (initialBytes, operations) => {
      const buffer = new ReceiveBuffer(initialBytes);
      const got: Uint8Array[] = [];
      const given: Uint8Array[] = [];
      const take = (count: number) => {
        got.push(buffer.bytes.slice(0, count));
        buffer.consume(count);
      };
      for (const next of operations) {
        if ("consumed" in next) take(Math.min(next.consumed, buffer.length));
        else {
          buffer.append(next.appended);
          given.push(next.appended);
        }
      }
      take(buffer.length);
      assert.deepEqual(concat(got), concat(given));
    }),
  );
});
