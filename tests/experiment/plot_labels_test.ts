import assert from "node:assert/strict";
import fc from "fast-check";
import { placeBoundLabel } from "../../lib/experiment/bound_labels.ts";
import { nameTogether, placeLabels } from "../../lib/experiment/plot_labels.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test(
  "placeLabels: near lines share a label, the others do not overlap and stay on the plot",
  pure,
  () => {
    const labels = fc.array(fc.double({ min: 50, max: 350, noNaN: true }), {
      minLength: 1,
      maxLength: 18,
    });
    fc.assert(fc.property(labels, (ys) => {
      const placed = placeLabels(ys.map((y, i) => ({ text: String(i), y })), 16, 350);
      assert.equal(placed.flatMap(({ labels }) => labels).length, ys.length);
      for (const [i, { y }] of placed.entries()) {
        assert.ok(y <= 350 + 1e-9);
        if (i > 0) assert.ok(y - placed[i - 1]!.y >= 16 - 1e-9);
      }
    }));
    assert.deepEqual(
      placeLabels([{ text: "a", y: 100 }, { text: "b", y: 60 }, { text: "c", y: 102 }], 16, 350)
        .map(({ labels, y }) => [labels.map(({ text }) => text).join(), y]),
      [["b", 60], ["a,c", 101]],
    );
  },
);

Deno.test("nameTogether: numbers of peers in rows, other names one by one", pure, () => {
  assert.equal(nameTogether(["peer 3"]), "peer 3");
  assert.equal(nameTogether(["peer 5", "peer 1", "peer 2", "peer 3"]), "peers 1-3, 5");
  assert.equal(nameTogether(["peer 1", "peer 2"]), "peers 1, 2");
  assert.equal(nameTogether(["lab-01", "peer 2"]), "lab-01, peer 2");
});

Deno.test("placeBoundLabel: where the curves cross it least", pure, () => {
  const place = (curve: readonly (readonly [number, number])[]) =>
    placeBoundLabel("a bound", 100, 50, 550, [curve]);
  assert.deepEqual(place([[50, 300], [550, 100]]), { x: 55, y: 95, anchor: "start" });
  assert.deepEqual(place([[50, 92], [550, 92]]), { x: 545, y: 115, anchor: "end" });
  assert.deepEqual(place([[60, 90], [61, 130], [550, 110]]), { x: 545, y: 95, anchor: "end" });
});
