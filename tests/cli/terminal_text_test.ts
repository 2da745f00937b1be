import assert from "node:assert/strict";
import fc from "fast-check";
import { visible } from "../../lib/cli/terminal_text.ts";

Deno.test({
  name: "visible shows control characters and leaves text, line ends and tabs",
  permissions: "none",
  fn() {
    assert.equal(visible("a\x1b[2Jb\x07\r\nc\td\re"), "a\\x1b[2Jb\\x07\nc\td\\x0de");
    assert.equal(visible("Über „QUIC“ 🚀"), "Über „QUIC“ 🚀");
    // Characters that turn the direction of writing, and those of the second set of controls.
    assert.equal(visible("\u202efdp.exe\u009b"), "\\x202efdp.exe\\x9b");
  },
});

Deno.test({
  name: "visible leaves nothing in any text that a terminal obeys",
  permissions: "none",
  fn() {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.doesNotMatch(visible(text).replace(/[\n\t]/g, ""), /[\p{Cc}\p{Bidi_Control}]/u);
    }));
  },
});
