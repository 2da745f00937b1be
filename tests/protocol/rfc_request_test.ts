import assert from "node:assert/strict";
import fc from "fast-check";
import { parseHead } from "../../lib/protocol/head.ts";
import { decodeRfcRequest, encodeGetIndex, encodeGetRfc } from "../../lib/protocol/rfc_request.ts";
import { rfcNumbers } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { headOf, refusal, textOf } from "../helpers/wire.ts";
import * as distributedIndex from "../vectors/distributed_index.ts";
import * as handout from "../vectors/handout.ts";

Deno.test("encodeGetRfc writes the bytes of handout and specification", pure, () => {
  assert.equal(
    textOf(encodeGetRfc(1_234, "P2P-CI", "somehost", "Mac OS 10.4.1")),
    handout.get.request,
  );
  assert.equal(
    textOf(encodeGetRfc(1_234, "P2P-DI", "peer1.example.org", "Linux")),
    distributedIndex.getRfc.request,
  );
});

Deno.test("encodeGetRfc writes extensions behind the given fields", pure, () => {
  assert.equal(
    textOf(encodeGetRfc(1, "P2P-CI", "h", "o", [["Range", "bytes=5-"]])),
    "GET RFC 1 P2P-CI/1.0\r\nHost: h\r\nOS: o\r\nRange: bytes=5-\r\n\r\n",
  );
});

Deno.test("encodeGetIndex writes the bytes of the specification", pure, () => {
  assert.equal(
    textOf(encodeGetIndex("peer1.example.org", "Linux")),
    distributedIndex.getIndex.request,
  );
});

Deno.test("decodeRfcRequest reads requests of both protocols", pure, () => {
  assert.deepEqual(decodeRfcRequest(headOf(handout.get.request)), {
    method: "GET RFC",
    protocol: "P2P-CI",
    number: 1_234,
  });
  assert.deepEqual(decodeRfcRequest(headOf(distributedIndex.getRfc.request)), {
    method: "GET RFC",
    protocol: "P2P-DI",
    number: 1_234,
  });
  assert.deepEqual(decodeRfcRequest(headOf(distributedIndex.getIndex.request)), {
    method: "GET RFC-Index",
    protocol: "P2P-DI",
  });
});

Deno.test("decodeRfcRequest needs no field", pure, () => {
  assert.equal(decodeRfcRequest(headOf("GET RFC 1 P2P-CI/1.0\r\n\r\n")).method, "GET RFC");
  assert.equal(
    decodeRfcRequest(headOf("GET RFC-Index P2P-DI/1.0\r\n\r\n")).method,
    "GET RFC-Index",
  );
});

Deno.test("decodeRfcRequest refuses all else with 400", pure, () => {
  const wrong = [
    "GET P2P-CI/1.0",
    "GET RFC P2P-CI/1.0",
    "GET RFC 0 P2P-CI/1.0",
    "GET RFC -1 P2P-CI/1.0",
    "GET RFC 1e3 P2P-CI/1.0",
    "GET RFC 12345678 P2P-CI/1.0",
    "GET RFC ../../etc/passwd P2P-CI/1.0",
    "GET rfc 1 P2P-CI/1.0",
    "GET RFC 1 2 P2P-CI/1.0",
    "GET RFC-Index P2P-CI/1.0",
    "LIST ALL P2P-CI/1.0",
    "ADD RFC 1 P2P-CI/1.0",
    "GET RFC-Index 1 P2P-DI/1.0",
    "GET RFC-index P2P-DI/1.0",
    "PQuery P2P-DI/1.0",
    "get RFC 1 P2P-DI/1.0",
  ];
  for (const line of wrong) {
    const protocol = line.includes("P2P-CI") ? "P2P-CI" : "P2P-DI";
    assert.throws(
      () => decodeRfcRequest(headOf(`${line}\r\nHost: h\r\nPort: 1\r\nTitle: T\r\n\r\n`)),
      refusal(400, { protocol, framingLost: false }),
      line,
    );
  }
});

Deno.test("decodeRfcRequest answers another version with 505", pure, () => {
  for (const protocol of ["P2P-CI", "P2P-DI"] as const) {
    assert.throws(
      () => decodeRfcRequest(headOf(`GET RFC 1234 ${protocol}/7.3\r\n\r\n`)),
      refusal(505, { protocol, framingLost: false }),
    );
  }
});

Deno.test("decodeRfcRequest reads what encodeGetRfc writes", pure, () => {
  fc.assert(
    fc.property(rfcNumbers, fc.constantFrom("P2P-CI", "P2P-DI"), (number, protocol) => {
      const bytes = encodeGetRfc(number, protocol, "h", "o");
      assert.deepEqual(decodeRfcRequest(parseHead(bytes)), { method: "GET RFC", protocol, number });
    }),
  );
});
