import assert from "node:assert/strict";
import type { DownloadEvent, SummaryEvent } from "../../lib/cli/download_events.ts";
import { toText } from "../../lib/cli/events.ts";
import { pure } from "../helpers/permissions.ts";

const one = { host: "192.0.2.11", port: 4001 };
const two = { host: "::1", port: 2 };
const downloaded = { event: "downloaded", rfc: 1, path: "rfc1.txt", verified: true } as const;
const summary: SummaryEvent = {
  event: "summary",
  downloaded: 1,
  present: 0,
  failed: 0,
  bytes: 20,
  seconds: 0.5,
  unverified: 0,
  sources: [{ ...one, bytes: 20, documents: 1 }],
  failures: [],
};
const [sha256, otherSha256] = ["a".repeat(64), "b".repeat(64)];

for (
  const [event, ...lines] of [
    [{ event: "present", rfc: 1, path: "rfcs/rfc1.txt" }, "RFC 1 is there already: rfcs/rfc1.txt"],
    [
      { ...downloaded, bytes: 9_999, seconds: 0.0123, sources: [{ ...two, bytes: 9_999 }] },
      "RFC 1 from [::1]:2: 9999 bytes in 12 ms, verified -> rfc1.txt",
    ],
    [
      {
        ...downloaded,
        bytes: 20,
        seconds: 0.0123,
        sources: [{ ...two, bytes: 20 }],
        verified: false,
      },
      "RFC 1 from [::1]:2: 20 bytes in 12 ms, could not be verified -> rfc1.txt",
    ],
    [
      {
        ...downloaded,
        bytes: 50_000_000,
        seconds: 12.34,
        sources: [{ ...one, bytes: 20_000_000 }, { ...two, bytes: 10_000_000 }],
      },
      "RFC 1 from 2 holders: 50.0 MB in 12.3 s, 20.0 MB of it from an earlier run, verified -> rfc1.txt",
    ],
    [
      { ...downloaded, bytes: 2_000_000, seconds: 1, sources: [] },
      "RFC 1: 2000 kB in 1.0 s, 2000 kB of it from an earlier run, verified -> rfc1.txt",
    ],
    [
      { event: "passed over", rfc: 1, reason: "h:1 answered 404 Not Found" },
      "RFC 1: h:1 answered 404 Not Found; looking further",
    ],
    [
      { event: "passed over", reason: "Cannot connect to h:1" },
      "Cannot connect to h:1; looking further",
    ],
    [
      { event: "dropped", ...two, reason: "what it sent of RFC 1 does not match its digest" },
      "[::1]:2 is not asked again: what it sent of RFC 1 does not match its digest",
    ],
    [
      { event: "dropped", ...two, reason: "[::1]:2: its RFC 1 is another" },
      "[::1]:2: its RFC 1 is another; it is not asked again",
    ],
    [
      {
        event: "disagreement",
        rfc: 1,
        chosen: sha256,
        votes: [
          { sha256, holders: [one, one, two, two, two] },
          { sha256: otherSha256, holders: [two] },
        ],
      },
      "RFC 1: holders disagree about its digest",
      `  sha-256:${sha256}  taken     192.0.2.11:4001, 192.0.2.11:4001, [::1]:2 and 2 more`,
      `  sha-256:${otherSha256}  not this  [::1]:2`,
    ],
    [{ event: "failed", rfc: 1, reason: "nobody has it" }, "nobody has it"],
    [
      {
        ...summary,
        downloaded: 2,
        bytes: 20_000,
        seconds: 1,
        present: 1,
        failed: 3,
        unverified: 1,
        sources: [],
      },
      "2 documents, 20 kB in 1.0 s; 1 there already; 3 failed; 1 could not be verified",
    ],
    [summary, "1 document, 20 bytes in 500 ms"],
    [
      {
        ...summary,
        sources: [
          { ...one, bytes: 12_345_678, documents: 120 },
          { ...two, bytes: 20, documents: 1 },
        ],
      },
      "1 document, 20 bytes in 500 ms",
      "  from 192.0.2.11:4001   12.3 MB  120 documents",
      "  from [::1]:2          20 bytes  1 document",
    ],
  ] satisfies readonly (readonly [DownloadEvent, ...string[]])[]
) {
  Deno.test({
    name: `toText says "${lines[0]}"${lines.length > 1 ? " and more" : ""}`,
    ...pure,
    fn: () => assert.equal(toText(event), lines.join("\n")),
  });
}

Deno.test({
  name: "toText of a summary repeats what failed when it may have scrolled away, and not all of it",
  ...pure,
  fn() {
    const failures = Array.from({ length: 40 }, (_, i) => ({ rfc: i, reason: `why ${i}` }));
    const few = toText({ ...summary, failed: 2, failures: failures.slice(0, 2) });
    assert.equal(few.split("\n").length, 1);
    const two = toText({ ...summary, downloaded: 60, failed: 2, failures: failures.slice(0, 2) });
    assert.deepEqual(two.split("\n").slice(1), ["  why 0", "  why 1"]);
    const all = toText({ ...summary, downloaded: 60, failed: 40, failures }).split("\n");
    assert.equal(all.length, 11);
    assert.equal(all.at(-1), "  … and 31 more");
  },
});
