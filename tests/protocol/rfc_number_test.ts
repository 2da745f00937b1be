import assert from "node:assert/strict";
import fc from "fast-check";
import { findRfcNumber, parseRfcNumber } from "../../lib/protocol/rfc_number.ts";
import { rfcNumbers } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";
import { wrongNumbers } from "../vectors/wrong_numbers.ts";

Deno.test("findRfcNumber reads decimal digits and drops leading zeros", pure, () => {
  assert.equal(findRfcNumber("1"), 1);
  assert.equal(findRfcNumber("0123"), 123);
  assert.equal(findRfcNumber("0000001"), 1);
  assert.equal(findRfcNumber("9999999"), 9_999_999);
});

Deno.test("findRfcNumber reads every number that there is", pure, () => {
  fc.assert(fc.property(rfcNumbers, (number) => findRfcNumber(String(number)) === number));
});

Deno.test("findRfcNumber and parseRfcNumber refuse all else", pure, () => {
  for (const text of [...wrongNumbers, "0", "0000000", "10000000", "00000001"]) {
    assert.equal(findRfcNumber(text), undefined, JSON.stringify(text));
    assert.throws(() => parseRfcNumber(text), refusal(400, { framingLost: false }));
  }
});

Deno.test("parseRfcNumber reads what findRfcNumber does", pure, () => {
  assert.equal(parseRfcNumber("0123"), 123);
});
