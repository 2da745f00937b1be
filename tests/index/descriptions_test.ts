import assert from "node:assert/strict";
import { Descriptions } from "../../lib/index/descriptions.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("Descriptions gives those who tell the same the same object", pure, () => {
  const descriptions = new Descriptions();
  const details = () => ({ size: 5, sha256: "ab" });
  const first = descriptions.share({ title: "T", details: details() });
  assert.deepEqual(first, { title: "T", details: details() });
  assert.equal(descriptions.share({ title: "T", details: details() }), first);
});

Deno.test("Descriptions takes titles, sizes and digests apart", pure, () => {
  const descriptions = new Descriptions();
  const all = [
    { title: "T", details: undefined },
    { title: "T", details: { size: 5 } },
    { title: "T", details: { size: 5, sha256: "ab" } },
    { title: "U", details: undefined },
  ];
  const shared = all.map((description) => descriptions.share(description));
  assert.deepEqual(shared, all);
  assert.equal(new Set(shared).size, all.length);
  all.forEach((description, i) => assert.equal(descriptions.share(description), shared[i]));
});

Deno.test("Descriptions does not look through all that was ever told", pure, () => {
  const descriptions = new Descriptions();
  const told = (i: number) => descriptions.share({ title: `T${i}`, details: undefined });
  const first = told(0);
  for (const i of [1, 2, 3, 4]) told(i);
  assert.notEqual(told(0), first);
});
