import assert from "node:assert/strict";
import fc from "fast-check";
import { formatIndexRecord, parseIndexRecord } from "../../lib/protocol/index_record.ts";
import { indexRecords } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";
import { wrongNumberWords } from "../vectors/wrong_numbers.ts";

const record = {
  number: 1_234,
  title: "Tunneling IPX Traffic through IP Networks",
  host: "peer1.example.org",
  port: 50_001,
  ttlSeconds: 7_200,
};
const line = "RFC 1234 Tunneling IPX Traffic through IP Networks peer1.example.org 50001 7200";

Deno.test("formatIndexRecord writes the line of the specification", pure, () => {
  assert.equal(formatIndexRecord(record), line);
});

Deno.test("parseIndexRecord reads the line of the specification", pure, () => {
  assert.deepEqual(parseIndexRecord(line), record);
});

Deno.test("parseIndexRecord reads titles that look like other parts of a record", pure, () => {
  for (const title of ["7200", "host 80 7200", "RFC 1 T h 80 7200", "2001:db8::7"]) {
    assert.deepEqual(parseIndexRecord(`RFC 1 ${title} h 80 0`), {
      number: 1,
      title,
      host: "h",
      port: 80,
      ttlSeconds: 0,
    });
  }
});

Deno.test("parseIndexRecord refuses what is no record", pure, () => {
  const lines = [
    "",
    "7200",
    " 7200",
    "RFC 1 T h 80",
    "RFC 1 T h 7200",
    "RFC 1 T h 65536 7200",
    "RFC 0 T h 80 7200",
    "RFC 1 T h 80 7200 ",
    "RFC 1 T h 80 1234567890",
    "peer1.example.org 50001",
    "x\nRFC 1 T h 80 7200",
  ];
  const ttls = wrongNumberWords.map((ttl) => `RFC 1 T h 80 ${ttl}`);
  for (const wrong of [...lines, ...ttls]) {
    assert.throws(() => parseIndexRecord(wrong), refusal(400), JSON.stringify(wrong));
  }
});

Deno.test("parseIndexRecord reads what formatIndexRecord writes", pure, () => {
  fc.assert(
    fc.property(indexRecords, (record) => {
      assert.deepEqual(parseIndexRecord(formatIndexRecord(record)), record);
    }),
    { numRuns: 1_000 },
  );
});
