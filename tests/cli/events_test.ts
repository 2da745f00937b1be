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
    [{ event: "left" }, "left"],
  ] satisfies readonly (readonly [ToolEvent, string])[]
) {
  Deno.test({
    name: `toText says "${text}"`,
    permissions: "none",
    fn: () => assert.equal(toText(event), text),
  });
}
