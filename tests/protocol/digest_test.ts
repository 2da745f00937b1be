import assert from "node:assert/strict";
import fc from "fast-check";
import { findSha256, formatDigestField, parseSha256 } from "../../lib/protocol/digest.ts";
import { pure } from "../helpers/permissions.ts";

/** The digest of the document of the specification's examples (RFC 60003 section 3.3). */
const hex = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
const field = "sha-256=:oyeuJ2O/xQZ4PfAiH2OZ0MAO02G9tanLI6JKu19r+ws=:";

Deno.test("formatDigestField writes base64 between colons", pure, () => {
  assert.equal(formatDigestField(hex), field);
});

Deno.test("findSha256 finds the digest among others", pure, () => {
  const others = [
    field,
    `md5=:1B2M2Y8AsgTpgAmY7PhCfg==:, ${field}`,
    `${field},sha-512=:AAAA:`,
    `md5=:AA==:,\t${field}`,
  ];
  for (const value of others) assert.equal(findSha256(value), hex, value);
});

Deno.test("findSha256 finds none in anything else", pure, () => {
  const wrong = [
    "",
    hex,
    `sha-256=${hex}`,
    `sha-256=:${hex}:`,
    field.replace("256", "512"),
    `x${field}`,
    `x-${field}`,
    field.slice(0, -1),
    field.replace("=:o", "=:"),
    field.replace("=:o", "=:oo"),
    field.replace("/", "_"),
    field.replace("ws=:", "ws:"),
    "sha-256=::",
  ];
  for (const value of wrong) assert.equal(findSha256(value), undefined, value);
});

Deno.test("findSha256 reads what formatDigestField writes", pure, () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
      assert.equal(findSha256(formatDigestField(digest.toHex())), digest.toHex());
    }),
  );
});

Deno.test("findSha256 gives 64 hexadecimal digits or nothing, whatever the value", pure, () => {
  const base64 = fc.string({ unit: fc.constantFrom(..."AZaz09+/="), minLength: 42, maxLength: 45 });
  fc.assert(
    fc.property(fc.oneof(base64.map((text) => `sha-256=:${text}:`), fc.string()), (value) => {
      assert.match(findSha256(value) ?? "0".repeat(64), /^[0-9a-f]{64}$/);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("parseSha256 takes the forms in which people find digests", pure, () => {
  const base64 = field.slice("sha-256=:".length, -1);
  const forms = [
    hex,
    hex.toUpperCase(),
    `sha-256:${hex}`,
    `sha256:${hex}`,
    `SHA-256:${hex}`,
    ` ${hex}\n`,
    base64,
    `sha-256:${base64}`,
    field,
  ];
  for (const form of forms) assert.equal(parseSha256(form), hex, form);
});

Deno.test("parseSha256 takes nothing else", pure, () => {
  const wrong = [
    "",
    "sha-256:",
    hex.slice(1),
    `${hex}0`,
    `md5:${hex}`,
    `${hex} rfc1.txt`,
    "=".repeat(44),
  ];
  for (const text of wrong) {
    assert.throws(() => parseSha256(text), /expected sha-256: and 64/, text);
  }
});
