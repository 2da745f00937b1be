import assert from "node:assert/strict";
import fc from "fast-check";
import { LinkedList, type Place } from "../../lib/net/linked_list.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test({
  name: "LinkedList has its members in order, as a Set has, whoever comes and goes",
  ...pure,
  fn() {
    // An even number adds a member; an odd one removes one that is there, or was.
    fc.assert(fc.property(fc.array(fc.nat()), (steps) => {
      const list = new LinkedList<number>();
      const expected = new Set<number>();
      const places: Place<number>[] = [];
      for (const step of steps) {
        if (step % 2 === 0) {
          expected.add(places.length);
          places.push(list.add(places.length));
        } else if (places.length > 0) {
          const place = places[step % places.length]!;
          assert.equal(list.remove(place), expected.delete(place.member));
        }
        assert.equal(list.size, expected.size);
        assert.deepEqual([...list], [...expected]);
      }
    }));
  },
});

Deno.test({
  name: "LinkedList lets the member that it gives be removed, and gives the others",
  ...pure,
  fn() {
    const list = new LinkedList<string>();
    const places = ["a", "b", "c"].map((member) => list.add(member));
    let given = 0;
    for (const _ of list) assert.ok(list.remove(places[given++]!));
    assert.equal(given, 3);
    assert.equal(list.size, 0);
  },
});

Deno.test({
  name: "LinkedList removes no member of another, and leaves a removed one no way to others",
  ...pure,
  fn() {
    const [one, other] = [new LinkedList<string>(), new LinkedList<string>()];
    const [a, b] = [one.add("a"), one.add("b")];
    assert.equal(other.remove(a), false);
    assert.equal(one.remove(b), true);
    assert.deepEqual([b.list, b.previous, b.next], [undefined, undefined, undefined]);
    assert.deepEqual([...one], ["a"]);
  },
});
