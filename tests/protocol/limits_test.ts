import assert from "node:assert/strict";
import * as limits from "../../lib/protocol/limits.ts";
import { lacks } from "../helpers/permissions.ts";

const specification = new URL("../../rfcs/rfc60001.txt", import.meta.url);

Deno.test({
  name: "limits are those of RFC 60001 section 3.7",
  ignore: lacks("read"),
  permissions: { read: [specification] },
  fn() {
    const text = Deno.readTextFileSync(specification);
    const rows = text.matchAll(/^ +\| (\S.*?) +\| ([\d,]+)(?: bytes| chars| digits)? +\|$/gm);
    const stated = Object.fromEntries(
      Array.from(rows, ([, what, number]) => [what!, Number(number!.replace(",", ""))]),
    );
    const { maxLineBytes, maxHeadBytes, maxFields, maxHostBytes, maxTitleChars } = limits;
    assert.equal(stated["a line of a head, with its CRLF"], maxLineBytes);
    assert.equal(stated["a head"], maxHeadBytes);
    assert.equal(stated["fields in a head"], maxFields);
    assert.equal(stated["host"], maxHostBytes);
    assert.equal(stated["title"], maxTitleChars);
    assert.equal(stated["RFC number"], String(limits.maxRfcNumber).length);
  },
});
