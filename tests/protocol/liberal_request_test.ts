import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeCiRequest } from "../../lib/protocol/ci_request.ts";
import { dropPadding, findRequest } from "../../lib/protocol/liberal_request.ts";
import { maxFields } from "../../lib/protocol/limits.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { translate } from "../../lib/protocol/translation.ts";
import { indexServerWords } from "../../lib/protocol/words.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

const add = "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n";

/** How many characters the first request takes; undefined if its end has not come. */
function lengthOf(text: string, ending: "open" | "silent" | "ended" = "open"): number | undefined {
  return findRequest(text, ending, indexServerWords, true)?.length;
}

Deno.test(
  "findRequest ends a request at a blank line, an end mark, padding or the next one",
  pure,
  () => {
    assert.equal(lengthOf(`${add}\nrest`), add.length + 1);
    assert.equal(lengthOf(`${add}END\nrest`), add.length + 4);
    assert.equal(lengthOf(`${add}~~~~~~rest`), add.length + 6);
    assert.equal(lengthOf(`${add}\0rest`), add.length + 1);
    assert.equal(lengthOf(`${add}LIST P2P-CI/1.0\n`), add.length);
  },
);

Deno.test("findRequest waits while more may come", pure, () => {
  for (let length = 0; length <= add.length; length++) {
    assert.equal(lengthOf(add.slice(0, length)), undefined);
  }
  assert.equal(lengthOf(add, "silent"), add.length);
  assert.equal(lengthOf(add.trimEnd(), "ended"), add.length - 1);
  assert.equal(lengthOf("", "ended"), undefined);
});

Deno.test(
  "findRequest waits for an end mark behind a blank line until it is known that none comes",
  pure,
  () => {
    const found = (text: string, marksKnown: boolean) =>
      findRequest(text, "open", indexServerWords, marksKnown);
    assert.equal(found(`${add}\n`, false), undefined);
    assert.equal(found(`${add}\nEN`, false), undefined);
    assert.equal(found(`${add}\nEND\n`, false)?.form.endMark, "END");
    assert.equal(found(`${add}\nLIST`, false)?.form.endMark, undefined);
    assert.equal(found(`${add}\n`, true)?.length, add.length + 1);
  },
);

Deno.test("findRequest does not take a title for a request line", pure, () => {
  const text = add.replace("Title: T", "Title: LIST of things");
  assert.equal(lengthOf(`${text}\n`), text.length + 1);
});

Deno.test("findRequest takes as many fields as a head may have, and not one more", pure, () => {
  const text = (fields: number) => `EXIT P2P-CI/1.0\n${"A: b\n".repeat(fields)}\n`;
  assert.equal(lengthOf(text(maxFields)), text(maxFields).length);
  assert.throws(() => lengthOf(text(maxFields + 1)), refusal(400, { framingLost: true }));
});

Deno.test("dropPadding leaves a title its own marks", pure, () => {
  assert.deepEqual(["Wow!!!", "T~~~~~", "T\0", "T!!!!"].map(dropPadding), [
    "Wow!!!",
    "T",
    "T",
    "T",
  ]);
});

Deno.test(
  "findRequest and translate throw nothing but ProtocolError, and never take nothing",
  pure,
  () => {
    const pieces = fc.constantFrom(
      "ADD RFC 1 P2P-CI/1.0",
      "LIST",
      "Host: h",
      "Title:",
      "END",
      "~~~~",
      "\n",
      "\r",
      "\r\n",
      "\0",
      " ",
      "é",
    );
    const texts = fc.oneof(
      fc.array(pieces).map((all) => all.join("")),
      fc.uint8Array().map((bytes) => String.fromCharCode(...bytes)),
    );
    const endings = fc.constantFrom("open" as const, "silent" as const, "ended" as const);
    fc.assert(fc.property(texts, endings, fc.boolean(), (text, ending, marksKnown) => {
      const request = findRequest(text, ending, indexServerWords, marksKnown);
      if (request === undefined) return;
      assert.ok(0 < request.length && request.length <= text.length);
      const { head } = translate(request, indexServerWords, "plain", "h");
      if (head instanceof ProtocolError) return;
      try {
        decodeCiRequest(head);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }));
  },
);
