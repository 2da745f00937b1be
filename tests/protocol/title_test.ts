import assert from "node:assert/strict";
import fc from "fast-check";
import { maxTitleChars } from "../../lib/protocol/limits.ts";
import { parseTitle } from "../../lib/protocol/title.ts";
import { titles } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

Deno.test("parseTitle makes one blank of each run of white space", pure, () => {
  assert.equal(parseTitle(" A   Proferred\tOfficial \u00a0\u2028ICP "), "A Proferred Official ICP");
  assert.equal(parseTitle(" \t "), "");
});

Deno.test("parseTitle leaves a title alone that has single blanks", pure, () => {
  fc.assert(fc.property(titles, (title) => parseTitle(title) === title));
});

Deno.test("parseTitle takes a title at the limit and refuses one past it", pure, () => {
  const longest = "x".repeat(maxTitleChars);
  assert.equal(parseTitle(longest), longest);
  assert.throws(() => parseTitle(`${longest}x`), refusal(400, { framingLost: false }));
});
