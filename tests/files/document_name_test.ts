import assert from "node:assert/strict";
import { basename } from "node:path";
import fc from "fast-check";
import { documentName, findDocumentNumber } from "../../lib/files/document_name.ts";
import { maxRfcNumber } from "../../lib/protocol/limits.ts";

/** Names made of the pieces that real and hostile names are made of, and any others. */
const anyName = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(
    fc.oneof(
      fc.constantFrom("rfc", "RFC", ".txt", ".TXT", "..", "/", "\\", "\0", "\n", " ", "%2f", "-"),
      fc.nat({ max: 99_999_999 }).map(String),
    ),
    { maxLength: 6 },
  ).map((pieces) => pieces.join("")),
);

for (
  const [name, number] of [
    ["rfc8600.txt", 8600],
    ["RFC8600.txt", 8600],
    ["8600.txt", 8600],
    ["Rfc8600.TXT", 8600],
    ["rfc0042.txt", 42],
    ["rfc1.txt", 1],
    ["rfc9999999.txt", 9_999_999],
  ] as const
) {
  Deno.test({
    name: `findDocumentNumber takes ${name} for RFC ${number}`,
    permissions: "none",
    fn: () => assert.equal(findDocumentNumber(name), number),
  });
}

for (
  const name of [
    "rfc0.txt",
    "rfc10000000.txt",
    "rfc8600.txt.part",
    ".rfc8600.txt.0a1b.part",
    "rfc8600.html",
    "rfc8600",
    "rfc-8600.txt",
    "rfc 8600.txt",
    "../rfc8600.txt",
    "a/rfc8600.txt",
    "rfc1e3.txt",
    "rfc0x1f.txt",
    "rfc-1.txt",
    "rfc٣.txt",
    "rfc8600.txt\n",
    "",
  ]
) {
  Deno.test({
    name: `findDocumentNumber takes ${JSON.stringify(name)} for no document`,
    permissions: "none",
    fn: () => assert.equal(findDocumentNumber(name), undefined),
  });
}

Deno.test({
  name: "findDocumentNumber finds what documentName gives, for every number",
  permissions: "none",
  fn() {
    fc.assert(fc.property(fc.integer({ min: 1, max: maxRfcNumber }), (number) => {
      assert.equal(findDocumentNumber(documentName(number)), number);
    }));
  },
});

Deno.test({
  name: "findDocumentNumber accepts only names that normalise to themselves and lead nowhere else",
  permissions: "none",
  fn() {
    fc.assert(fc.property(anyName, (name) => {
      const number = findDocumentNumber(name);
      if (number === undefined) return;
      const normal = documentName(number);
      assert.equal(documentName(findDocumentNumber(normal)!), normal);
      for (const accepted of [name, normal]) {
        assert.equal(basename(accepted), accepted);
        assert.match(accepted, /^[A-Za-z0-9]+\.(?:txt)$/i);
      }
    }));
  },
});
