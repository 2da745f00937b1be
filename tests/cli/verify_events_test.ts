import assert from "node:assert/strict";
import { toText } from "../../lib/cli/events.ts";
import type { CheckedEvent, VerifyEvent } from "../../lib/cli/verify_events.ts";
import { pure } from "../helpers/permissions.ts";

const [a, b] = ["a".repeat(64), "b".repeat(64)];
const checked = { event: "checked", rfc: 8600, path: "rfc8600.txt", announced: [] } as const;

for (
  const [event, text] of [
    [
      { ...checked, verdict: "fine", sha256: a, kept: a },
      "RFC 8600   fine     rfc8600.txt  as it was",
    ],
    [
      {
        ...checked,
        verdict: "fine",
        sha256: a,
        announced: [{ sha256: b, holders: 1 }, { sha256: a, holders: 2 }],
      },
      "RFC 8600   fine     rfc8600.txt  as 2 others have it",
    ],
    [
      { ...checked, verdict: "damaged", sha256: a, kept: b },
      "RFC 8600   damaged  rfc8600.txt  SHA-256 aaaaaaaaaaaa…, was bbbbbbbbbbbb…",
    ],
    [
      { ...checked, verdict: "damaged", reason: "Cannot open document x: it is a folder" },
      "RFC 8600   damaged  rfc8600.txt  Cannot open document x: it is a folder",
    ],
    [
      { ...checked, rfc: 1, verdict: "changed", sha256: a, kept: b },
      "RFC 1      changed  rfc8600.txt  written to: SHA-256 aaaaaaaaaaaa…, was bbbbbbbbbbbb…",
    ],
    [
      {
        ...checked,
        verdict: "differs",
        sha256: a,
        kept: a,
        announced: [{ sha256: b, holders: 1 }],
      },
      "RFC 8600   differs  rfc8600.txt  SHA-256 aaaaaaaaaaaa…, 1 other has bbbbbbbbbbbb…",
    ],
    [
      { ...checked, verdict: "unknown", sha256: a },
      "RFC 8600   unknown  rfc8600.txt  nothing to compare it with",
    ],
    [
      { event: "set aside", rfc: 8600, path: "old" },
      "RFC 8600: the old one is kept as old",
    ],
    [
      {
        event: "verified",
        documents: 6,
        fine: 2,
        damaged: 1,
        changed: 1,
        differs: 1,
        unknown: 1,
        repaired: 1,
        seconds: 1.5,
      },
      "6 documents read in 1.5 s; 2 fine; 1 damaged; 1 changed; 1 differs; 1 unknown; 1 repaired",
    ],
  ] satisfies readonly (readonly [CheckedEvent | VerifyEvent, string])[]
) {
  Deno.test(`toText says "${text}"`, pure, () => assert.equal(toText(event), text));
}
