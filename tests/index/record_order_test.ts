import assert from "node:assert/strict";
import { RecordOrder } from "../../lib/index/record_order.ts";
import { pure } from "../helpers/permissions.ts";

const many = 1_000;

/** An order of records about documents of these numbers. */
function orderOf(count: number): { order: RecordOrder; serials: number[] } {
  const order = new RecordOrder();
  return { order, serials: Array.from({ length: count }, (_, i) => order.add(i + 1)) };
}

Deno.test("RecordOrder gives all records, newest first, with rising serials", pure, () => {
  const { order, serials } = orderOf(many);
  const expected = serials.map((serial, i) => ({ serial, number: i + 1 })).toReversed();
  assert.deepEqual([...order.newestFirst()], expected);
  assert.equal(order.size, many);
  assert.equal(order.lastSerial, serials.at(-1));
});

Deno.test("RecordOrder goes on with who reads while nearly all records go", pure, () => {
  const { order, serials } = orderOf(many);
  const reader = order.newestFirst();
  for (let i = 0; i < many / 2; i++) reader.next();
  // All but every tenth of the old ones: holes are closed on the way.
  serials.forEach((serial, i) => {
    if (i % 10 > 0 || i > many / 2) order.remove(serial);
  });
  order.add(many + 1);
  const expected = Array.from({ length: many / 20 }, (_, i) => many / 2 - 9 - i * 10);
  assert.deepEqual(Array.from(reader, ({ number }) => number), expected);
});

Deno.test("RecordOrder goes on after all records went", pure, () => {
  const { order, serials } = orderOf(many);
  const reader = order.newestFirst();
  reader.next();
  for (const serial of serials) order.remove(serial);
  assert.deepEqual([...reader], []);
  assert.equal(order.size, 0);
  const serial = order.add(7);
  assert.deepEqual([...order.newestFirst()], [{ serial, number: 7 }]);
});
