import assert from "node:assert/strict";
import { type ToolEvent, toText } from "../../lib/cli/events.ts";

const ipv6 = { host: "::1", port: 7734 };

for (
  const [event, text] of [
    [{ event: "listening", tool: "rs", ...ipv6 }, "rs listening on [::1]:7734"],
    [
      { event: "joined", system: "ci", server: "h:1", ...ipv6, documents: 1 },
      "joined central index server h:1 as [::1]:7734 with 1 document",
    ],
    [
      { event: "joined", system: "rs", server: "h:1", ...ipv6, documents: 2 },
      "joined registration server h:1 as [::1]:7734 with 2 documents",
    ],
    [
      { event: "lost", system: "ci", server: "h:1", reason: "why" },
      "lost central index server h:1, trying again: why",
    ],
    [{ event: "announced", rfc: 1, title: "A Title" }, "announced RFC 1 A Title"],
    [{ event: "withdrawn", rfc: 1, title: "A Title" }, "withdrew RFC 1 A Title"],
    [
      { event: "record", rfc: 1, title: "A Title", host: "h", port: 2 },
      "RFC 1      h:2                    A Title",
    ],
    [
      { event: "record", rfc: 1, title: "A Title", host: "h", port: 2, ttl: 7200 },
      "RFC 1      h:2                     7200 s  A Title",
    ],
    [{ event: "peer", ...ipv6 }, "[::1]:7734"],
    [{ event: "uploaded", rfc: 1, ...ipv6 }, "sent RFC 1 to [::1]:7734"],
    [{ event: "present", rfc: 1, path: "rfcs/rfc1.txt" }, "RFC 1 is there already: rfcs/rfc1.txt"],
    [
      { event: "downloaded", rfc: 1, bytes: 9_999, seconds: 0.0123, ...ipv6, path: "rfc1.txt" },
      "RFC 1 from [::1]:7734: 9999 bytes in 12 ms -> rfc1.txt",
    ],
    [
      { event: "downloaded", rfc: 1, bytes: 12_345_678, seconds: 12.34, ...ipv6, path: "-" },
      "RFC 1 from [::1]:7734: 12.3 MB in 12.3 s -> -",
    ],
    [
      { event: "passed over", rfc: 1, reason: "h:1 answered 404 Not Found" },
      "RFC 1: h:1 answered 404 Not Found; looking further",
    ],
    [{ event: "failed", rfc: 1, reason: "nobody has it" }, "nobody has it"],
    [
      { event: "summary", downloaded: 2, present: 1, failed: 3, bytes: 20_000, seconds: 1 },
      "2 documents, 20 kB in 1.0 s; 1 there already; 3 failed",
    ],
    [
      { event: "summary", downloaded: 1, present: 0, failed: 0, bytes: 20, seconds: 0.5 },
      "1 document, 20 bytes in 500 ms",
    ],
    [{ event: "left" }, "left"],
  ] satisfies readonly (readonly [ToolEvent, string])[]
) {
  Deno.test({
    name: `toText says "${text}"`,
    permissions: "none",
    fn: () => assert.equal(toText(event), text),
  });
}
