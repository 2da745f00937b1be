import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCiRecord, parseCiRecord } from "../../lib/protocol/ci_record.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { ciRecords } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";
import { wrongNumberWords } from "../vectors/wrong_numbers.ts";

const host = "thishost.csc.ncsu.edu";
const port = 5_678;

Deno.test("formatCiRecord writes the handout's line", pure, () => {
  assert.equal(
    formatCiRecord({ number: 123, title: "A Proferred Official ICP", host, port }),
    "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678",
  );
});

Deno.test("parseCiRecord reads number from the left, port and host from the right", pure, () => {
  const titles = [
    "A Proferred Official ICP",
    "T",
    "Internet Protocol, Version 6 (IPv6) Specification",
    "RFC 6 of host.example.org 80",
    "1",
    "1 2 3",
    "10.0.0.1 65535",
    "[::1] 80 2001:db8::7",
    "Port: 5678",
    "日本 🎈",
  ];
  for (const title of titles) {
    assert.deepEqual(
      parseCiRecord(`RFC 123 ${title} ${host} 5678`),
      { number: 123, title, host, port },
    );
  }
});

Deno.test("parseCiRecord reads IPv6 hosts with and without brackets", pure, () => {
  const record = { number: 1, title: "T", host: "2001:db8::7", port };
  assert.deepEqual(parseCiRecord("RFC 1 T 2001:db8::7 5678"), record);
  assert.deepEqual(parseCiRecord("RFC 1 T [2001:db8::7] 5678"), record);
});

Deno.test("parseCiRecord reads a record without a title", pure, () => {
  const record = { number: 1, title: "", host, port };
  assert.deepEqual(parseCiRecord(`RFC 1 ${host} 5678`), record);
  assert.deepEqual(parseCiRecord(formatCiRecord(record)), record);
});

Deno.test("parseCiRecord drops white space around a title", pure, () => {
  assert.deepEqual(parseCiRecord("RFC 1   A  B  h 80"), {
    number: 1,
    title: "A  B",
    host: "h",
    port: 80,
  });
});

Deno.test("parseCiRecord drops leading zeros", pure, () => {
  assert.deepEqual(parseCiRecord("RFC 007 T h 0080"), {
    number: 7,
    title: "T",
    host: "h",
    port: 80,
  });
});

Deno.test("parseCiRecord refuses what is no record", pure, () => {
  const lines = [
    "",
    "RFC",
    "RFC 1",
    "RFC 1 T",
    "RFC 1 80",
    "RFC 1 T h",
    "1 T h 80",
    "RFC6 T h 80",
    "RFC: 6 T h 80",
    "rfc 6 T h 80",
    " RFC 1 T h 80",
    "RFC 1 T h 80 ",
    "RFC  1 T h 80",
    "RFC\t1\tT\th\t80",
    "RFC 1 T hôte 80",
    `RFC 1 T ${"h".repeat(256)} 80`,
    "P2P-CI/1.0 200 OK",
  ];
  const numbers = [...wrongNumberWords, "0", "12345678"].map((number) => `RFC ${number} T h 80`);
  const ports = [...wrongNumberWords, "0", "65536"].map((port) => `RFC 1 T h ${port}`);
  for (const line of [...lines, ...numbers, ...ports]) {
    assert.throws(() => parseCiRecord(line), refusal(400), JSON.stringify(line));
  }
});

Deno.test("parseCiRecord reads what formatCiRecord writes", pure, () => {
  fc.assert(
    fc.property(ciRecords, (record) => {
      assert.deepEqual(parseCiRecord(formatCiRecord(record)), record);
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("parseCiRecord gives a record or a ProtocolError, whatever the line", pure, () => {
  const line = fc.array(fc.oneof(fc.constantFrom("RFC", "1", " ", "h", "80"), fc.string()))
    .map((parts) => parts.join(" "));
  fc.assert(
    fc.property(line, (line) => {
      try {
        const record = parseCiRecord(line);
        assert.deepEqual(parseCiRecord(formatCiRecord(record)), record);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }),
    { numRuns: 1_000 },
  );
});
