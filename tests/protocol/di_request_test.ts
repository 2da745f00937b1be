import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeDiRequest,
  type DiRequest,
  encodeContact,
  encodeRegister,
} from "../../lib/protocol/di_request.ts";
import { parseHead } from "../../lib/protocol/head.ts";
import { endpoints, hosts } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { headOf, refusal, textOf } from "../helpers/wire.ts";
import * as vectors from "../vectors/distributed_index.ts";

const host = "peer1.example.org";
const endpoint = { host, port: 65_450 };
const cookie = "4711";

function decode(...lines: string[]): DiRequest {
  return decodeDiRequest(headOf([...lines, "", ""].join("\r\n")));
}

function assertRefused(...lines: string[]): void {
  assert.throws(
    () => decode(...lines),
    refusal(400, { protocol: "P2P-DI", framingLost: false }),
    lines.join("|"),
  );
}

Deno.test("encodeRegister and encodeContact write the bytes of the specification", pure, () => {
  assert.equal(textOf(encodeRegister(endpoint, "Linux", undefined)), vectors.register.request);
  assert.equal(textOf(encodeRegister(endpoint, "Linux", cookie)), vectors.registerAgain.request);
  assert.equal(textOf(encodeContact("KeepAlive", host, cookie)), vectors.keepAlive.request);
  assert.equal(textOf(encodeContact("PQuery", host, cookie)), vectors.peerQuery.request);
  assert.equal(textOf(encodeContact("Leave", host, cookie)), vectors.leave.request);
  assert.equal(
    textOf(encodeContact("PQuery", "peer2.example.org", undefined)),
    vectors.strangersQuery.request,
  );
});

Deno.test("decodeDiRequest reads the requests of the specification", pure, () => {
  const meanings: readonly [text: string, request: DiRequest][] = [
    [vectors.register.request, { method: "Register", endpoint, cookie: undefined }],
    [vectors.registerAgain.request, { method: "Register", endpoint, cookie }],
    [vectors.keepAlive.request, { method: "KeepAlive", host, cookie }],
    [vectors.peerQuery.request, { method: "PQuery", host, cookie }],
    [
      vectors.strangersQuery.request,
      { method: "PQuery", host: "peer2.example.org", cookie: undefined },
    ],
    [vectors.leave.request, { method: "Leave", host, cookie }],
  ];
  for (const [text, request] of meanings) assert.deepEqual(decodeDiRequest(headOf(text)), request);
});

Deno.test("decodeDiRequest drops the brackets of an IPv6 host", pure, () => {
  assert.deepEqual(decode("Leave P2P-DI/1.0", "Host: [::1]", "Cookie: 1"), {
    method: "Leave",
    host: "::1",
    cookie: "1",
  });
});

Deno.test("decodeDiRequest takes any text for a cookie", pure, () => {
  for (const text of ["0", "-1", "9223372036854775808", "not a number", "ü"]) {
    const request = decode("KeepAlive P2P-DI/1.0", "Host: h", `Cookie: ${text}`);
    assert.deepEqual(request, { method: "KeepAlive", host: "h", cookie: text });
  }
});

Deno.test("decodeDiRequest refuses a request that lacks a field", pure, () => {
  assertRefused("Register P2P-DI/1.0", "Host: h");
  assertRefused("Register P2P-DI/1.0", "Port: 1");
  assertRefused("KeepAlive P2P-DI/1.0", "Host: h");
  assertRefused("KeepAlive P2P-DI/1.0", "Host: h", "Cookie:");
  assertRefused("KeepAlive P2P-DI/1.0", "Cookie: 1");
  assertRefused("Leave P2P-DI/1.0", "Host: h");
  assertRefused("Leave P2P-DI/1.0", "Cookie: 1");
  assertRefused("PQuery P2P-DI/1.0", "Cookie: 1");
});

Deno.test("decodeDiRequest refuses wrong hosts and ports", pure, () => {
  for (const port of ["0", "65536", "1e3", "-1", "0x1f", "7 7", "99999999999"]) {
    assertRefused("Register P2P-DI/1.0", "Host: h", `Port: ${port}`);
  }
  assertRefused("Register P2P-DI/1.0", "Host: two words", "Port: 1");
  assertRefused("PQuery P2P-DI/1.0", `Host: ${"h".repeat(256)}`);
});

Deno.test("decodeDiRequest refuses documents and methods that it does not have", pure, () => {
  const fields = ["Host: h", "Port: 1", "Cookie: 1"];
  for (const method of ["Register", "KeepAlive", "PQuery", "Leave"]) {
    assertRefused(`${method} RFC 1 P2P-DI/1.0`, ...fields);
    assertRefused(`${method.toUpperCase()} P2P-DI/1.0`, ...fields);
    assert.throws(
      () => decode(`${method} P2P-CI/1.0`, ...fields),
      refusal(400, { protocol: "P2P-CI" }),
    );
  }
  assertRefused("GET RFC-Index P2P-DI/1.0", ...fields);
  assertRefused("GET RFC 1 P2P-DI/1.0", ...fields);
});

Deno.test("decodeDiRequest checks the version before method and fields", pure, () => {
  for (const line of ["Register P2P-DI/2.0", "FETCH P2P-DI/0.9"]) {
    assert.throws(() => decode(line), refusal(505, { protocol: "P2P-DI", framingLost: false }));
  }
});

Deno.test("decodeDiRequest reads what is encoded", pure, () => {
  const cookies = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String);
  const perhapsCookies = fc.option(cookies, { nil: undefined });
  fc.assert(
    fc.property(endpoints, perhapsCookies, (endpoint, cookie) => {
      const bytes = encodeRegister(endpoint, "any OS", cookie);
      assert.deepEqual(decodeDiRequest(parseHead(bytes)), { method: "Register", endpoint, cookie });
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom("KeepAlive", "PQuery", "Leave"),
      hosts,
      cookies,
      (method, host, cookie) => {
        const bytes = encodeContact(method, host, cookie);
        assert.deepEqual(decodeDiRequest(parseHead(bytes)), { method, host, cookie });
      },
    ),
  );
});
