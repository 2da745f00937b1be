import assert from "node:assert/strict";
import { type Evidence, judge } from "../../lib/roles/verdict.ts";
import { pure } from "../helpers/permissions.ts";

const untouched = { isUntouched: true, announced: new Map<string, number>() };
const touched = { ...untouched, isUntouched: false };

for (
  const [what, evidence, verdict, wanted] of [
    ["is as it was", { ...untouched, now: "a", kept: "a" }, "fine", undefined],
    ["was only touched", { ...touched, now: "a", kept: "a" }, "fine", undefined],
    ["rotted", { ...untouched, now: "b", kept: "a" }, "damaged", "a"],
    ["cannot be read", { ...untouched, now: undefined, kept: "a" }, "damaged", "a"],
    ["was written to", { ...touched, now: "b", kept: "a" }, "changed", "a"],
    ["is new", { ...touched, now: "a", kept: undefined }, "unknown", undefined],
    [
      "is new, and as others have it",
      { ...touched, now: "a", kept: undefined, announced: new Map([["a", 1]]) },
      "fine",
      undefined,
    ],
    [
      "was replaced by what others have",
      { ...touched, now: "b", kept: "a", announced: new Map([["b", 2], ["a", 1]]) },
      "fine",
      undefined,
    ],
    [
      "was written to, and others still have the old one",
      { ...touched, now: "b", kept: "a", announced: new Map([["a", 1]]) },
      "changed",
      "a",
    ],
    [
      "cannot be read and nothing was kept of it",
      { ...touched, now: undefined, kept: undefined, announced: new Map([["c", 1], ["d", 3]]) },
      "damaged",
      "d",
    ],
    [
      "is not what one other has",
      { ...untouched, now: "a", kept: "a", announced: new Map([["b", 1]]) },
      "differs",
      undefined,
    ],
    [
      "is not what most others have",
      { ...untouched, now: "a", kept: "a", announced: new Map([["b", 3], ["a", 1]]) },
      "differs",
      "b",
    ],
    [
      "is what as many have as anything else",
      { ...untouched, now: "b", kept: "b", announced: new Map([["b", 2], ["a", 2]]) },
      "fine",
      undefined,
    ],
    [
      "is rotten, whatever others say",
      { ...untouched, now: "b", kept: "a", announced: new Map([["b", 2]]) },
      "damaged",
      "a",
    ],
  ] satisfies readonly (readonly [string, Evidence, string, string | undefined])[]
) {
  Deno.test(`judge: a document that ${what} is ${verdict}`, pure, () => {
    assert.deepEqual(judge(evidence), { verdict, wanted });
  });
}
