import assert from "node:assert/strict";
import { Deadline } from "../../lib/net/deadline.ts";
import { pure } from "../helpers/permissions.ts";

/** Deadlines by name, and the order in which they were missed as soon as all named ones were. */
function watched<Name extends string>(names: readonly Name[], awaited: readonly Name[]) {
  const missed: Name[] = [];
  const done = Promise.withResolvers<Name[]>();
  const deadlines = Object.fromEntries(names.map((name) => [
    name,
    new Deadline(() => {
      missed.push(name);
      if (awaited.every((each) => missed.includes(each))) done.resolve(missed);
    }),
  ])) as Record<Name, Deadline>;
  return { deadlines, missed: done.promise };
}

Deno.test("Deadline is missed in its turn, whichever was set first", pure, async () => {
  const { deadlines: { late, early }, missed } = watched(["late", "early"], ["late", "early"]);
  late.set(60, "a");
  early.set(5, "b");
  assert.deepEqual(await missed, ["early", "late"]);
  late.end();
  early.end();
});

Deno.test("Deadline that moves, is cleared or ended is not missed before", pure, async () => {
  const names = ["moved", "cleared", "ended", "last"] as const;
  const { deadlines: { moved, cleared, ended, last }, missed } = watched(names, ["moved", "last"]);
  for (const each of [moved, cleared, ended]) each.set(1, "one");
  moved.set(80, "another");
  cleared.clear();
  ended.end();
  last.set(30, "the last");
  assert.equal(moved.awaited, "another");
  assert.equal(cleared.leftMs, Infinity);
  assert.deepEqual(await missed, ["last", "moved"]);
  for (const each of [moved, cleared, last]) each.end();
});

Deno.test("Deadline can be set again once it was missed", pure, async () => {
  const twice = Promise.withResolvers<void>();
  const said: string[] = [];
  const deadline = new Deadline((awaited) => {
    said.push(awaited);
    if (said.length < 2) deadline.set(1, "the second");
    else twice.resolve();
  });
  deadline.set(1, "the first");
  await twice.promise;
  assert.deepEqual(said, ["the first", "the second"]);
  deadline.end();
});

Deno.test("Deadline leaves no timer behind when it ends", pure, () => {
  const deadline = new Deadline(() => assert.fail("missed"));
  deadline.set(60_000, "nothing");
  deadline.end();
});
