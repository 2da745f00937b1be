import assert from "node:assert/strict";
import { type Description, ownText, shareDescription } from "../../lib/index/descriptions.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("shareDescription gives what another told alike", pure, () => {
  const telling = (): Description => ({ title: "T", details: { size: 5, sha256: "ab" } });
  const told = [telling(), { title: "U", details: undefined }];
  assert.equal(shareDescription(told, telling()), told[0]);
});

Deno.test("shareDescription takes titles, sizes and digests apart", pure, () => {
  const told: Description[] = [];
  const all = [
    { title: "T", details: undefined },
    { title: "T", details: { size: 5 } },
    { title: "T", details: { size: 5, sha256: "ab" } },
    { title: "U", details: undefined },
  ];
  for (const description of all) {
    const kept = shareDescription(told, description);
    assert.deepEqual(kept, description);
    assert.ok(!told.includes(kept));
    told.push(kept);
  }
});

Deno.test("shareDescription looks at the last ones only", pure, () => {
  const told = Array.from({ length: 100 }, (_, i) => ({ title: `T${i}`, details: undefined }));
  assert.equal(shareDescription(told, { title: "T95", details: undefined }), told[95]);
  assert.notEqual(shareDescription(told, { title: "T5", details: undefined }), told[5]);
});

Deno.test("ownText gives the same text, whatever is in it", pure, () => {
  for (const text of ["", '"\\', "Zürich \u{1f600}", "\ud800"]) assert.equal(ownText(text), text);
});
