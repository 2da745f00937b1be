import assert from "node:assert/strict";
import fc from "fast-check";
import { findHandoutRequest } from "../../lib/protocol/handout_request.ts";
import { parseHead } from "../../lib/protocol/head.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { parseRequestLine } from "../../lib/protocol/request.ts";
import { pure } from "../helpers/permissions.ts";
import { textOf } from "../helpers/wire.ts";

const encoder = new TextEncoder();
const line = "ADD RFC 1 P2P-CI/1.0\r\n";

function find(text: string) {
  const bytes = encoder.encode(text);
  return findHandoutRequest(bytes, 0, bytes.length);
}

Deno.test("findHandoutRequest finds the fields of a request by their names", pure, () => {
  const { fields } = find(
    `${line}Host:  h \r\nPort: 5678\r\nTitle: Host: not this one\r\n\r\n`,
  )!;
  assert.equal(fields.get("host"), "h");
  assert.equal(fields.require("port"), "5678");
  assert.equal(fields.get("title"), "Host: not this one");
  assert.equal(fields.get("os"), undefined);
  assert.equal(fields.get("connection"), undefined);
  assert.throws(() => fields.require("cookie"), ProtocolError);
});

Deno.test("findHandoutRequest leaves its bytes where they stand among others", pure, () => {
  const request = `${line}Host: h\r\n\r\n`;
  const bytes = encoder.encode(`before${request}${request}`);
  const found = findHandoutRequest(bytes, "before".length, bytes.length)!;
  assert.equal(found.length, request.length);
  assert.equal(textOf(found.bytes), request);
  assert.equal(found.startLine, line.trim());
});

Deno.test("findHandoutRequest does not read beyond the end that it is told", pure, () => {
  const bytes = encoder.encode(`${line}Host: h\r\n\r\n`);
  for (let end = 0; end < bytes.length; end++) {
    assert.equal(findHandoutRequest(bytes, 0, end), undefined);
  }
});

Deno.test("findHandoutRequest leaves all other forms to others", pure, () => {
  const heads = [
    "ADD RFC 0 P2P-CI/1.0\r\n\r\n",
    "ADD RFC 12345678 P2P-CI/1.0\r\n\r\n",
    "ADD RFC 00000001 P2P-CI/1.0\r\n\r\n",
    "ADD RFC  1 P2P-CI/1.0\r\n\r\n",
    "ADD RFC 1 P2P-CI/1.1\r\n\r\n",
    "ADD 1 P2P-CI/1.0\r\n\r\n",
    "LIST P2P-CI/1.0\r\n\r\n",
    "add RFC 1 P2P-CI/1.0\r\n\r\n",
  ];
  const fields = [
    "Host: h\r\nHost: h\r\n",
    "Host: h\r\nConnection: keep-alive\r\n",
    "Title: t\r\nHost: h\r\n",
    "host: h\r\n",
    "Host:h\r\n",
    "Host: h\n",
    "Host: \0\r\n",
    "Host: h\u00e9\r\n",
  ].map((lines) => `${line}${lines}\r\n`);
  for (const text of [...heads, ...fields]) assert.equal(find(text), undefined, text);
});

Deno.test("findHandoutRequest wants a host where one must be, as every request does", pure, () => {
  for (const host of ["h", "[::1]", "h".repeat(255), "\th "]) {
    find(`${line}Host: ${host}\r\n\r\n`)!.fields.expectHost();
  }
  for (const lines of ["", "Host: \r\n", "Host: a b\r\n", `Host: ${"h".repeat(256)}\r\n`]) {
    assert.throws(() => find(`${line}${lines}\r\n`)!.fields.expectHost(), ProtocolError);
  }
});

Deno.test(
  "findHandoutRequest says the same as parsing the text, whatever stands in it",
  pure,
  () => {
    const value = fc.string({
      unit: fc.constantFrom("a", "7", " ", "\t", ":", "~", "é", "\r", "\n"),
    });
    const maybe = (name: string) => fc.option(value.map((text) => `${name}: ${text}\r\n`));
    const request = fc.tuple(
      fc.constantFrom(
        "LOOKUP RFC 12",
        "GET RFC 0012",
        "LIST ALL",
        "PQuery",
        "GET RFC-Index",
        "EXIT",
      ),
      fc.constantFrom("P2P-CI/1.0", "P2P-DI/1.0"),
      ...["Host", "Port", "OS", "Title", "Cookie"].map(maybe),
    ).map(([words, version, ...lines]) => `${words} ${version}\r\n${lines.join("")}\r\n`);
    fc.assert(fc.property(request, (text) => {
      const found = find(text);
      if (found === undefined) return /[^\t -~\r\n]|\r(?!\n)|(?<!\r)\n|\r\n\r\n./s.test(text);
      const parsed = parseHead(found.bytes);
      const { document, ...words } = parseRequestLine(parsed.startLine);
      const number = /^RFC (\d+)$/.exec(document)?.[1];
      assert.deepEqual(found.line, {
        ...words,
        document: number === undefined ? document : "RFC",
        number: number === undefined ? undefined : Number(number),
      });
      for (const name of ["host", "port", "os", "title", "cookie"] as const) {
        assert.equal(found.fields.get(name), parsed.fields.get(name), name);
      }
      return true;
    }));
  },
);
