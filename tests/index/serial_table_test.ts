import assert from "node:assert/strict";
import fc from "fast-check";
import { SerialTable } from "../../lib/index/serial_table.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("SerialTable behaves as a Map does", pure, () => {
  // Few numbers that lie close together, and some that are far away: neighbours in the table, and around its end.
  const numbers = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9_999_999 }));
  const steps = fc.array(fc.tuple(numbers, fc.option(fc.nat())), { size: "+2" });
  fc.assert(fc.property(steps, (steps) => {
    const model = new Map<number, number>();
    const table = new SerialTable();
    for (const [number, serial] of steps) {
      if (serial === null) {
        model.delete(number);
        table.delete(number);
      } else {
        model.set(number, serial);
        table.set(number, serial);
      }
      assert.equal(table.get(number), model.get(number));
      assert.equal(table.size, model.size);
    }
    assert.deepEqual(new Map(table.entries()), model);
  }));
});

Deno.test("SerialTable finds every number while it grows and shrinks", pure, () => {
  const table = new SerialTable();
  const count = 5_000;
  const numberOf = (i: number) => 1 + (i * 7_919) % 100_003;
  for (let i = 0; i < count; i++) table.set(numberOf(i), i);
  for (let i = 0; i < count; i++) assert.equal(table.get(numberOf(i)), i);
  for (let i = 0; i < count; i++) {
    table.delete(numberOf(i));
    assert.equal(table.get(numberOf(i)), undefined);
    if (i + 1 < count) assert.equal(table.get(numberOf(count - 1)), count - 1);
  }
  assert.deepEqual([...table.entries()], []);
});

Deno.test("SerialTable keeps serials beyond 32 bits", pure, () => {
  const table = new SerialTable();
  for (const number of [1, 2, 3, 4, 5, 6, 7]) table.set(number, 2 ** 40 + number);
  assert.equal(table.get(4), 2 ** 40 + 4);
  assert.equal(table.get(8), undefined);
});
