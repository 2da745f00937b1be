import assert from "node:assert/strict";
import {
  decodeByMethod,
  encodeRequest,
  expectDocument,
  parseRequestLine,
  parseRfcDocument,
  type RequestDecoder,
} from "../../lib/protocol/request.ts";
import { pure } from "../helpers/permissions.ts";
import { headOf, refusal, textOf } from "../helpers/wire.ts";
import { wrongNumbers } from "../vectors/wrong_numbers.ts";

Deno.test("parseRequestLine splits method, document and version", pure, () => {
  assert.deepEqual(parseRequestLine("ADD RFC 123 P2P-CI/1.0"), {
    method: "ADD",
    document: "RFC 123",
    protocol: "P2P-CI",
  });
  assert.deepEqual(parseRequestLine("PQuery P2P-DI/1.0"), {
    method: "PQuery",
    document: "",
    protocol: "P2P-DI",
  });
});

Deno.test("parseRequestLine answers with 400 what has no form", pure, () => {
  const wrong = [
    "",
    " ",
    "LIST",
    "P2P-CI/1.0",
    " P2P-CI/1.0",
    " LIST ALL P2P-CI/1.0",
    "LIST  ALL P2P-CI/1.0",
    "LIST ALL P2P-CI/1.0 ",
    "LIST\tALL\tP2P-CI/1.0",
    "LIST ALL",
    "LIST ALL P2P-CI",
    "LIST ALL P2P-CI/1.0 x",
    "GET / HTTP/1.1",
    "REGISTER P2P-CI/1.0 Host: h Port: 5801",
  ];
  for (const line of wrong) {
    assert.throws(() => parseRequestLine(line), refusal(400, { framingLost: false }), line);
  }
});

Deno.test("parseRequestLine answers another version with 505, whatever the method", pure, () => {
  for (const words of ["LIST ALL", "FETCH RFC 123", "ADD RFC 1e3", "x"]) {
    assert.throws(
      () => parseRequestLine(`${words} P2P-CI/2.0`),
      refusal(505, { protocol: "P2P-CI", framingLost: false }),
    );
  }
});

Deno.test("parseRequestLine looks at the form before the version", pure, () => {
  for (const line of ["LIST  ALL P2P-CI/2.0", " LIST ALL P2P-CI/2.0", "P2P-CI/2.0"]) {
    assert.throws(() => parseRequestLine(line), refusal(400), line);
  }
});

Deno.test("parseRfcDocument gives the number in RFC n", pure, () => {
  assert.equal(parseRfcDocument(parseRequestLine("ADD RFC 0123 P2P-CI/1.0")), 123);
});

Deno.test("parseRfcDocument refuses all else with 400", pure, () => {
  const wrong = ["", "RFC", "RFC1", "rfc 1", "ALL", "RFC 1 2", "1", "1 RFC", "RFC-Index", "RFC: 1"];
  const numbers = [...wrongNumbers, "0", "12345678"].map((number) => `RFC ${number}`);
  for (const document of [...wrong, ...numbers]) {
    const line = { method: "ADD", document, protocol: "P2P-CI" } as const;
    assert.throws(() => parseRfcDocument(line), refusal(400), document);
  }
});

Deno.test("expectDocument refuses all but the one document", pure, () => {
  const line = (document: string) => ({ method: "LIST", document, protocol: "P2P-CI" }) as const;
  expectDocument(line("ALL"), "ALL");
  expectDocument(line(""), "");
  for (const document of ["", "all", "ALL x", "RFC 1"]) {
    assert.throws(() => expectDocument(line(document), "ALL"), refusal(400));
  }
  assert.throws(() => expectDocument(line("ALL"), ""), refusal(400));
});

Deno.test("encodeRequest writes request line, fields and a blank line", pure, () => {
  assert.equal(
    textOf(encodeRequest("GET RFC 1", "P2P-DI", [["Host", "h"]])),
    "GET RFC 1 P2P-DI/1.0\r\nHost: h\r\n\r\n",
  );
});

/** A protocol of one method. */
const decoders = new Map<string, RequestDecoder<string>>([
  ["P2P-CI ECHO", (line, { fields }) => `${line.document} ${fields.require("host")}`],
]);

Deno.test("decodeByMethod gives line and fields to the method's decoder", pure, () => {
  const head = headOf("ECHO a b P2P-CI/1.0\r\nHost: h\r\n\r\n");
  assert.equal(decodeByMethod(head, decoders), "a b h");
});

Deno.test("decodeByMethod refuses a method that the protocol does not have", pure, () => {
  for (const words of ["SING P2P-CI/1.0", "echo P2P-CI/1.0", "ECHO P2P-DI/1.0"]) {
    assert.throws(
      () => decodeByMethod(headOf(`${words}\r\nHost: h\r\n\r\n`), decoders),
      refusal(400, {
        protocol: words.includes("DI") ? "P2P-DI" : "P2P-CI",
        framingLost: false,
      }),
    );
  }
});

Deno.test("decodeByMethod tells which protocol a refused request spoke", pure, () => {
  assert.throws(
    () => decodeByMethod(headOf("ECHO P2P-CI/1.0\r\n\r\n"), decoders),
    refusal(400, { protocol: "P2P-CI", framingLost: false }),
  );
});

Deno.test("decodeByMethod lets our own mistakes through", pure, () => {
  const broken = new Map([["P2P-CI ECHO", () => {
    throw new RangeError("our own bug");
  }]]);
  assert.throws(() => decodeByMethod(headOf("ECHO P2P-CI/1.0\r\n\r\n"), broken), RangeError);
});

Deno.test("decodeByMethod takes a request without content", pure, () => {
  const head = headOf("ECHO a P2P-CI/1.0\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  assert.equal(decodeByMethod(head, decoders), "a h");
});

Deno.test("decodeByMethod refuses content, behind which nothing can be read", pure, () => {
  const lengths = ["5", "-1", "-0", "1e3", "0x0", "", "00", "99999999999999999999", "0, 0", "a"];
  for (const length of lengths) {
    const rest = `\r\nHost: h\r\nContent-Length: ${length}\r\n\r\n`;
    const refused: readonly [line: string, status: 400 | 505][] = [
      ["ECHO a P2P-CI/1.0", 400],
      ["SING P2P-CI/1.0", 400],
      ["ECHO a P2P-CI/2.0", 505],
      ["nothing at all", 400],
    ];
    for (const [line, status] of refused) {
      assert.throws(
        () => decodeByMethod(headOf(line + rest), decoders),
        refusal(status, { framingLost: true }),
        `${line}, Content-Length ${length}`,
      );
    }
  }
});

Deno.test("decodeByMethod names what it refuses", pure, () => {
  const refused: readonly [text: string, message: RegExp][] = [
    ["SING P2P-CI/1.0\r\n\r\n", /"SING".*expected P2P-CI ECHO/],
    ["ECHO P2P-CI/1.0\r\nContent-Length: 5\r\n\r\n", /no content, got Content-Length "5"/],
  ];
  for (const [text, message] of refused) {
    assert.throws(() => decodeByMethod(headOf(text), decoders), message);
  }
});
