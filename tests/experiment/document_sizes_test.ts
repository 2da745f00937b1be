import assert from "node:assert/strict";
import fc from "fast-check";
import { drawSizes, partLength, sizeAt } from "../../lib/experiment/document_sizes.ts";
import { seededRandom } from "../../lib/experiment/seeded_random.ts";
import { minDocumentBytes, synthesize } from "../../lib/experiment/synthetic_document.ts";
import { findTitle } from "../../lib/files/title.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("sizeAt: the lengths of real RFCs, in between on a line", pure, () => {
  assert.equal(sizeAt(0), 4_128);
  assert.equal(sizeAt(0.5), 38_166);
  assert.equal(sizeAt(0.525), (38_166 + 42_566) / 2);
  assert.equal(sizeAt(1), 298_030);
});

Deno.test(
  "drawSizes: close to the mean of real RFCs, dealt evenly, the same for the same seed",
  pure,
  () => {
    fc.assert(fc.property(fc.nat(), (seed) => {
      const sizes = drawSizes(60, 6, seededRandom(seed));
      assert.deepEqual(sizes, drawSizes(60, 6, seededRandom(seed)));
      const total = sizes.reduce((sum, size) => sum + size, 0);
      assert.ok(Math.abs(total / 60 / 56_191 - 1) < 0.02);
      for (let part = 0; part < 6; part++) {
        const held = sizes.slice(part * 10, part * 10 + 10).reduce((sum, size) => sum + size, 0);
        assert.ok(Math.abs(held / (total / 6) - 1) < 0.05);
      }
    }));
    assert.notDeepEqual(drawSizes(60, 6, seededRandom(1)), drawSizes(60, 6, seededRandom(2)));
  },
);

Deno.test("drawSizes: as many as asked for, however they are dealt", pure, () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), (n, parts) => {
      assert.equal(drawSizes(n, parts, seededRandom(n)).length, n);
      const dealt = Array.from({ length: parts }, (_, part) => partLength(n, parts, part));
      assert.equal(dealt.reduce((sum, each) => sum + each), n);
    }),
  );
});

Deno.test("synthesize: text of exactly the length, with a title that is found", pure, () => {
  fc.assert(fc.property(
    fc.integer({ min: minDocumentBytes, max: 20_000 }),
    fc.integer({ min: 1, max: 99_999 }),
    (bytes, number) => {
      const text = synthesize(number, bytes, seededRandom(number));
      assert.equal(new TextEncoder().encode(text).length, bytes);
      assert.equal(text, synthesize(number, bytes, seededRandom(number)));
      assert.ok(text.split(/[\n\f]/).every((line) => line.length <= 72));
      assert.match(findTitle(text) ?? "", new RegExp(`exchange, part ${number}$`, "i"));
    },
  ));
});
