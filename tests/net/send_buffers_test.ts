import assert from "node:assert/strict";
import {
  maxLargeBuffers,
  sendBufferBytes,
  SendBuffers,
  smallBufferBytes,
} from "../../lib/net/send_buffers.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test(
  "SendBuffers gives a buffer to one at a time, and again when it is given back",
  pure,
  () => {
    const buffers = new SendBuffers();
    const first = buffers.take();
    const second = buffers.take();
    assert.equal(first.length, sendBufferBytes);
    assert.notEqual(first, second);
    buffers.giveBack(first);
    assert.equal(buffers.take(), first);
  },
);

Deno.test("SendBuffers gives small buffers while all large ones are taken", pure, () => {
  const buffers = new SendBuffers();
  const taken = Array.from({ length: maxLargeBuffers }, () => buffers.take());
  assert.ok(taken.every(({ length }) => length === sendBufferBytes));
  const small = buffers.take();
  assert.equal(small.length, smallBufferBytes);
  buffers.giveBack(small);
  assert.equal(buffers.take().length, smallBufferBytes);
  buffers.giveBack(taken[0]!);
  assert.equal(buffers.take(), taken[0]);
});
