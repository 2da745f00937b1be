import assert from "node:assert/strict";
import { CopiesGiven, maxCopies, maxDocuments, namedMs } from "../../lib/roles/copies_given.ts";
import { pure } from "../helpers/permissions.ts";

const peer = (port: number) => ({ host: "192.0.2.1", port });

Deno.test("CopiesGiven tells who else has a document, whom fewest were told of first", pure, () => {
  const copies = new CopiesGiven();
  assert.deepEqual(copies.tell(1, peer(9)), []);
  for (const port of [1, 2, 3, 4]) copies.add(1, peer(port));
  assert.deepEqual(copies.tell(1, peer(9)), [peer(1), peer(2), peer(3)]);
  assert.deepEqual(copies.tell(1, peer(9)), [peer(4), peer(1), peer(2)]);
  assert.deepEqual(copies.tell(2, peer(9)), []);
});

Deno.test("CopiesGiven tells nobody of itself", pure, () => {
  const copies = new CopiesGiven();
  copies.add(1, peer(1));
  assert.deepEqual(copies.tell(1, peer(1)), []);
});

Deno.test("CopiesGiven forgets who did not get it, and what is long ago", pure, () => {
  let now = 0;
  const copies = new CopiesGiven(() => now);
  copies.add(1, peer(1));
  copies.add(1, peer(2));
  copies.remove(1, peer(1));
  now = namedMs;
  assert.deepEqual(copies.tell(1, peer(9)), [peer(2)]);
  now++;
  assert.deepEqual(copies.tell(1, peer(9)), []);
  assert.equal(copies.has(1), false);
});

Deno.test("CopiesGiven remembers so many copies of so many documents", pure, () => {
  const copies = new CopiesGiven();
  for (let port = 1; port <= maxCopies + 1; port++) copies.add(1, peer(port));
  const told = new Set<number>();
  for (let i = 0; i < maxCopies; i++) {
    for (const { port } of copies.tell(1, peer(9_999))) told.add(port);
  }
  assert.equal(told.has(1), false);
  assert.equal(told.size, maxCopies);
  for (let number = 2; number <= maxDocuments + 1; number++) copies.add(number, peer(1));
  assert.equal(copies.has(1), false);
  assert.equal(copies.has(2), true);
});
