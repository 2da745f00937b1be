import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type CiRequest,
  decodeCiRequest,
  encodeAdd,
  encodeList,
  encodeLookup,
  encodeRemove,
} from "../../lib/protocol/ci_request.ts";
import { parseHead } from "../../lib/protocol/head.ts";
import { ciRecords, endpoints, rfcNumbers, titles } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { headOf, refusal, textOf } from "../helpers/wire.ts";
import * as handout from "../vectors/handout.ts";
import { wrongNumberWords } from "../vectors/wrong_numbers.ts";

const holder = { host: "thishost.csc.ncsu.edu", port: 5_678 };
const icp = { number: 123, title: "A Proferred Official ICP", ...holder };

function decode(...lines: string[]): CiRequest {
  return decodeCiRequest(headOf([...lines, "", ""].join("\r\n")));
}

function assertRefused(...lines: string[]): void {
  assert.throws(
    () => decode(...lines),
    refusal(400, { protocol: "P2P-CI", framingLost: false }),
    lines.join("|"),
  );
}

Deno.test("encodeAdd, encodeLookup and encodeList write the handout's bytes", pure, () => {
  const title = "Requirements for IPsec Remote Access Scenarios";
  assert.equal(textOf(encodeAdd(icp)), handout.add.request);
  assert.equal(textOf(encodeLookup(3_457, holder, title)), handout.lookup.request);
  assert.equal(textOf(encodeList(holder)), handout.list.request);
});

Deno.test("encodeRemove writes the bytes of the specification", pure, () => {
  assert.equal(
    textOf(encodeRemove(123, holder)),
    "REMOVE RFC 123 P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n\r\n",
  );
});

Deno.test("decodeCiRequest reads the handout's requests", pure, () => {
  assert.deepEqual(decodeCiRequest(headOf(handout.add.request)), {
    method: "ADD",
    record: icp,
    details: undefined,
  });
  assert.deepEqual(decodeCiRequest(headOf(handout.lookup.request)), {
    method: "LOOKUP",
    number: 3_457,
  });
  assert.deepEqual(decodeCiRequest(headOf(handout.list.request)), { method: "LIST" });
});

Deno.test("decodeCiRequest reads REMOVE and EXIT", pure, () => {
  assert.deepEqual(decode("REMOVE RFC 0123 P2P-CI/1.0", "Port: 5678", "Host: h"), {
    method: "REMOVE",
    number: 123,
    holder: { host: "h", port: 5_678 },
  });
  const unnamed = { method: "EXIT", holder: undefined };
  assert.deepEqual(decode("EXIT P2P-CI/1.0"), unnamed);
  assert.deepEqual(decode("EXIT P2P-CI/1.0", "Host: h"), unnamed);
  assert.deepEqual(decode("EXIT P2P-CI/1.0", "Host: h", "Port: 1"), {
    method: "EXIT",
    holder: { host: "h", port: 1 },
  });
});

Deno.test("decodeCiRequest reads REGISTER, which needs a host and a port", pure, () => {
  assert.deepEqual(decode("REGISTER P2P-CI/1.0", "Host: h", "Port: 5801"), {
    method: "REGISTER",
    holder: { host: "h", port: 5_801 },
  });
  assertRefused("REGISTER P2P-CI/1.0", "Host: h");
  assertRefused("REGISTER P2P-CI/1.0", "Port: 5801");
  assertRefused("REGISTER RFC 1 P2P-CI/1.0", "Host: h", "Port: 5801");
});

Deno.test("decodeCiRequest drops an IPv6 host's brackets and a title's white space", pure, () => {
  const lines = ["Host: [2001:db8::7]", "Port: 05678", "Title: A \t  B"];
  assert.deepEqual(decode("ADD RFC 00123 P2P-CI/1.0", ...lines), {
    method: "ADD",
    record: { number: 123, title: "A B", host: "2001:db8::7", port: 5_678 },
    details: undefined,
  });
});

Deno.test("decodeCiRequest needs no Port and no Title to look up or list", pure, () => {
  assert.equal(decode("LOOKUP RFC 1 P2P-CI/1.0", "Host:c1").method, "LOOKUP");
  assert.equal(decode("LIST ALL P2P-CI/1.0", "Host: h").method, "LIST");
  assert.equal(decode("LIST ALL P2P-CI/1.0", "Host: h", "Port: nonsense").method, "LIST");
});

Deno.test("decodeCiRequest refuses a request that lacks a field", pure, () => {
  const fields = ["Host: h", "Port: 1", "Title: T"];
  for (const missing of fields) {
    const others = fields.filter((field) => field !== missing);
    assertRefused("ADD RFC 1 P2P-CI/1.0", ...others);
    assertRefused("ADD RFC 1 P2P-CI/1.0", ...others, missing.replace(/: .*/, ":"));
  }
  assertRefused("REMOVE RFC 1 P2P-CI/1.0", "Host: h");
  assertRefused("REMOVE RFC 1 P2P-CI/1.0", "Port: 1");
  assertRefused("LOOKUP RFC 1 P2P-CI/1.0", "Port: 1", "Title: T");
  assertRefused("LIST ALL P2P-CI/1.0", "Port: 1");
});

Deno.test("decodeCiRequest refuses wrong numbers and ports", pure, () => {
  const fields = ["Host: h", "Port: 1", "Title: T"];
  for (const number of [...wrongNumberWords, "0", "12345678"]) {
    for (const method of ["ADD", "LOOKUP", "REMOVE"]) {
      assertRefused(`${method} RFC ${number} P2P-CI/1.0`, ...fields);
    }
  }
  for (const port of [...wrongNumberWords, "0", "65536"]) {
    assertRefused("ADD RFC 1 P2P-CI/1.0", "Host: h", `Port: ${port}`, "Title: T");
    assertRefused("REMOVE RFC 1 P2P-CI/1.0", "Host: h", `Port: ${port}`);
  }
});

Deno.test("decodeCiRequest refuses hosts and titles beyond their limits", pure, () => {
  assertRefused("ADD RFC 1 P2P-CI/1.0", `Host: ${"h".repeat(256)}`, "Port: 1", "Title: T");
  assertRefused("ADD RFC 1 P2P-CI/1.0", "Host: two words", "Port: 1", "Title: T");
  assertRefused("ADD RFC 1 P2P-CI/1.0", "Host: h", "Port: 1", `Title: ${"T".repeat(1_025)}`);
});

Deno.test("decodeCiRequest refuses documents and methods that it does not have", pure, () => {
  const fields = ["Host: h", "Port: 1", "Title: T", "Cookie: 1"];
  const lines = [
    "LIST P2P-CI/1.0",
    "LIST all P2P-CI/1.0",
    "LIST RFC 1 P2P-CI/1.0",
    "LISTALL P2P-CI/1.0",
    "ADD P2P-CI/1.0",
    "ADD 197 P2P-CI/1.0",
    "ADD RFC P2P-CI/1.0",
    "ADD RFC6 P2P-CI/1.0",
    "LOOKUP ALL P2P-CI/1.0",
    "EXIT NOW P2P-CI/1.0",
    "GET RFC 1234 P2P-CI/1.0",
    "add RFC 1 P2P-CI/1.0",
    "Register P2P-CI/1.0",
  ];
  for (const line of lines) assertRefused(line, ...fields);
  assert.throws(
    () => decode("ADD RFC 1 P2P-DI/1.0", ...fields),
    refusal(400, { protocol: "P2P-DI" }),
  );
});

Deno.test("decodeCiRequest checks the version before method and fields", pure, () => {
  for (const line of ["ADD RFC 1 P2P-CI/2.0", "FETCH RFC x P2P-CI/0.9", "LIST P2P-CI/1.1"]) {
    assert.throws(() => decode(line), refusal(505, { protocol: "P2P-CI", framingLost: false }));
  }
});

Deno.test("decodeCiRequest reads what a holder tells besides", pure, () => {
  const add = ["ADD RFC 1234 P2P-CI/1.0", "Host: h", "Port: 1", "Title: T"];
  const digest = "Repr-Digest: sha-256=:oyeuJ2O/xQZ4PfAiH2OZ0MAO02G9tanLI6JKu19r+ws=:";
  const sha256 = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
  const detailsOf = (...more: string[]) => {
    const request = decode(...add, ...more);
    return request.method === "ADD" ? request.details : assert.fail("not an ADD");
  };
  assert.deepEqual(detailsOf("Size: 174", digest), { size: 174, sha256 });
  assert.deepEqual(detailsOf("Size: 0"), { size: 0 });
  assert.deepEqual(detailsOf(digest), { sha256 });
  assert.deepEqual(detailsOf("Size: many", digest), { sha256 });
  assert.equal(detailsOf("Repr-Digest: md5=:AA==:"), undefined);
});

Deno.test("decodeCiRequest keeps no size that is no number", pure, () => {
  for (const size of [...wrongNumberWords, "1234567890123456"]) {
    const add = ["ADD RFC 1 P2P-CI/1.0", "Host: h", "Port: 1", "Title: T", `Size: ${size}`];
    const request = decode(...add);
    assert.equal(request.method === "ADD" && request.details?.size, undefined, size);
  }
});

Deno.test("decodeCiRequest reads what is encoded", pure, () => {
  fc.assert(
    fc.property(ciRecords, (record) => {
      assert.deepEqual(decodeCiRequest(parseHead(encodeAdd(record))), {
        method: "ADD",
        record,
        details: undefined,
      });
    }),
  );
  fc.assert(
    fc.property(rfcNumbers, endpoints, titles, (number, endpoint, title) => {
      assert.deepEqual(decodeCiRequest(parseHead(encodeLookup(number, endpoint, title))), {
        method: "LOOKUP",
        number,
      });
      assert.deepEqual(decodeCiRequest(parseHead(encodeRemove(number, endpoint))), {
        method: "REMOVE",
        number,
        holder: endpoint,
      });
      assert.deepEqual(decodeCiRequest(parseHead(encodeList(endpoint))), { method: "LIST" });
    }),
  );
});

const rfc1234 = { number: 1234, title: "Tunneling", host: "peer1.example.org", port: 50_001 };

Deno.test(
  "encodeAdd says size and digest where they are given, as RFC 60003 section 7 has them",
  pure,
  () => {
    const sha256 = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
    assert.ok(
      textOf(encodeAdd(rfc1234, { size: 174, sha256 })).endsWith(
        "Title: Tunneling\r\nSize: 174\r\n" +
          "Repr-Digest: sha-256=:oyeuJ2O/xQZ4PfAiH2OZ0MAO02G9tanLI6JKu19r+ws=:\r\n\r\n",
      ),
    );
    for (const details of [{ size: 0 }, { sha256 }, { size: 174, sha256 }]) {
      const decoded = decodeCiRequest(parseHead(encodeAdd(rfc1234, details)));
      assert.deepEqual(decoded, { method: "ADD", record: rfc1234, details });
    }
  },
);

Deno.test("encodeLookup and encodeList ask for JSON where details are wanted", pure, () => {
  const accept = "Accept: application/x-ndjson\r\n\r\n";
  for (
    const encode of [encodeLookup.bind(null, 1234, rfc1234, "T"), encodeList.bind(null, rfc1234)]
  ) {
    assert.equal(textOf(encode("detailed")), textOf(encode()).replace(/\r\n$/, accept));
  }
});
