import assert from "node:assert/strict";
import { contentText, element, Markup } from "../../lib/experiment/svg.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("element: everything that is not markup is escaped", pure, () => {
  const name = `<script>"&'`;
  assert.equal(
    contentText([
      element("text", { x: 1.26, y: undefined, id: name }, name, element("b", {}), [
        new Markup("<i/>"),
      ]),
    ]),
    `<text x="1.3" id="&lt;script&gt;&quot;&amp;'">&lt;script&gt;&quot;&amp;'<b/><i/></text>`,
  );
});
