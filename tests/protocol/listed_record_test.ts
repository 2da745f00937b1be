import assert from "node:assert/strict";
import fc from "fast-check";
import { maxLineBytes } from "../../lib/protocol/limits.ts";
import { findListedRecord, listedObject } from "../../lib/protocol/listed_record.ts";
import { pure } from "../helpers/permissions.ts";

const sha256 = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
const needed = { rfc: 1234, title: "Tunneling", host: "peer1.example.org", port: 50_001 };
const record = { number: 1234, title: "Tunneling", host: "peer1.example.org", port: 50_001 };
const details = { address: "127.0.0.1", ttlSeconds: 7_200, size: 174, sha256 };

const find = (members: Readonly<Record<string, unknown>>) =>
  findListedRecord(JSON.stringify({ ...needed, ...members }));

Deno.test("findListedRecord reads what listedObject gives", pure, () => {
  for (const some of [record, { ...record, ...details }, { ...record, title: "" }]) {
    assert.deepEqual(findListedRecord(JSON.stringify(listedObject(some))), some);
  }
});

Deno.test("findListedRecord ignores members that it does not know, and any order", pure, () => {
  const line = `{"port":50001, "more":{"rfc":1}, "host":"peer1.example.org","rfc":1234}`;
  assert.deepEqual(findListedRecord(line), { ...record, title: "" });
});

for (
  const members of [
    { rfc: "1234" },
    { rfc: 0 },
    { rfc: 1.5 },
    { rfc: 10_000_000 },
    { rfc: undefined },
    { host: "" },
    { host: "two words" },
    { host: "line\r\nend" },
    { host: 1 },
    { host: "h".repeat(256) },
    { port: 0 },
    { port: 65_536 },
    { port: "80" },
    { port: null },
  ]
) {
  Deno.test(
    `findListedRecord finds none with ${JSON.stringify(members).slice(0, 40)}`,
    pure,
    () => {
      assert.equal(find(members), undefined);
    },
  );
}

for (
  const members of [
    { address: "" },
    { address: 7 },
    { address: "a\nb" },
    { ttl: -1 },
    { ttl: "7200" },
    { ttl: 1e9 },
    { size: -1 },
    { size: 0.5 },
    { size: 2 ** 53 },
    { size: "174" },
    { digest: sha256 },
    { digest: `sha-256:${sha256}0` },
    { digest: `md5:${sha256}` },
    { digest: ["sha-256:"] },
    { digest: null },
  ]
) {
  Deno.test(`findListedRecord passes over ${JSON.stringify(members).slice(0, 40)}`, pure, () => {
    assert.deepEqual(find(members), record);
  });
}

Deno.test("findListedRecord makes a title one line", pure, () => {
  assert.equal(find({ title: " a\r\nRFC 1\u0000\u001b[2J  b\t" })?.title, "a RFC 1 [2J b");
  assert.equal(find({ title: "x".repeat(1_025) })?.title, "");
  assert.equal(find({ title: 7 })?.title, "");
});

Deno.test("findListedRecord takes a digest in capitals for the same", pure, () => {
  assert.equal(find({ digest: `SHA-256:${sha256.toUpperCase()}` })?.sha256, sha256);
});

Deno.test("findListedRecord finds none in a line past the limit", pure, () => {
  const line = JSON.stringify(needed);
  assert.deepEqual(findListedRecord(line.padEnd(maxLineBytes)), record);
  assert.equal(findListedRecord(line.padEnd(maxLineBytes + 1)), undefined);
});

Deno.test("findListedRecord takes any line", pure, () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
    assert.equal(findListedRecord(line), undefined);
  }));
});
