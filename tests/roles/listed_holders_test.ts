import assert from "node:assert/strict";
import { ListedHolders, listedMs } from "../../lib/roles/listed_holders.ts";
import { pure } from "../helpers/permissions.ts";

const record = (number: number, host: string) => ({ number, title: "Title", host, port: 1 });

Deno.test("ListedHolders gives the records of a document once, in their order", pure, () => {
  const listed = new ListedHolders(() => 0);
  assert.equal(listed.take(1), undefined);
  listed.begin();
  for (const [number, host] of [[1, "a"], [2, "b"], [1, "c"]] as const) {
    listed.note(record(number, host));
  }
  assert.deepEqual(listed.take(1), [record(1, "a"), record(1, "c")]);
  assert.equal(listed.take(1), undefined);
  assert.deepEqual(listed.take(2), [record(2, "b")]);
  assert.equal(listed.take(3), undefined);
});

Deno.test("ListedHolders forgets a list that is old, over, or replaced", pure, () => {
  let now = 0;
  const listed = new ListedHolders(() => now);
  const list = (number: number) => {
    listed.begin();
    listed.note(record(number, "a"));
  };
  list(1);
  now = listedMs;
  assert.equal(listed.take(1)?.length, 1);
  list(1);
  now += listedMs + 1;
  assert.equal(listed.take(1), undefined);
  list(1);
  list(2);
  assert.equal(listed.take(1), undefined);
  listed.end();
  assert.equal(listed.take(2), undefined);
});
