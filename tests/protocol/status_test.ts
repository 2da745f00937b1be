import assert from "node:assert/strict";
import { statusPhrase } from "../../lib/protocol/status.ts";
import { pure } from "../helpers/permissions.ts";

const phrases = [
  [200, "OK"],
  [206, "Partial Content"],
  [304, "Not Modified"],
  [400, "Bad Request"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [416, "Range Not Satisfiable"],
  [503, "Service Unavailable"],
] as const;

Deno.test("statusPhrase gives the phrase that the specification has for a code", pure, () => {
  for (const [code, phrase] of phrases) {
    assert.equal(statusPhrase("P2P-CI", code), phrase);
    assert.equal(statusPhrase("P2P-DI", code), phrase);
  }
});

Deno.test("statusPhrase names the protocol in a 505", pure, () => {
  assert.equal(statusPhrase("P2P-CI", 505), "P2P-CI Version Not Supported");
  assert.equal(statusPhrase("P2P-DI", 505), "P2P-DI Version Not Supported");
});
