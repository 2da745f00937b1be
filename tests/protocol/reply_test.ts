import assert from "node:assert/strict";
import fc from "fast-check";
import { parseHead, takeHead } from "../../lib/protocol/head.ts";
import { contentLength, decodeReply } from "../../lib/protocol/reply.ts";
import { pure } from "../helpers/permissions.ts";
import { bufferOf, givenReply, headOf, refusal, textOf } from "../helpers/wire.ts";
import * as distributedIndex from "../vectors/distributed_index.ts";
import * as handout from "../vectors/handout.ts";
import { wrongNumberWords } from "../vectors/wrong_numbers.ts";

Deno.test("encodeReply writes the handout's bytes", pure, () => {
  const date = "Wed, 12 Feb 2009 15:12:05 GMT";
  const fields = [
    ["Date", date],
    ["OS", "Mac OS 10.4.1"],
    ["Last-Modified", date],
    ["Content-Length", "12345"],
    ["Content-Type", "text/plain"],
  ] as const;
  assert.equal(
    textOf(givenReply({ protocol: "P2P-CI", status: 200, fields })),
    handout.get.reply,
  );
  assert.equal(
    textOf(givenReply({ protocol: "P2P-CI", status: 404, fields: [] })),
    handout.failedLookup.reply,
  );
});

Deno.test("encodeReply names the protocol and its version", pure, () => {
  assert.equal(
    textOf(givenReply({ protocol: "P2P-CI", status: 400, fields: [] })),
    "P2P-CI/1.0 400 Bad Request\r\n\r\n",
  );
  assert.equal(
    textOf(givenReply({ protocol: "P2P-DI", status: 505, fields: [] })),
    "P2P-DI/1.0 505 P2P-DI Version Not Supported\r\n\r\n",
  );
});

Deno.test("decodeReply reads the head of every reply of the vectors", pure, () => {
  const exchanges = [...handout.exchanges, ...distributedIndex.exchanges];
  for (const { reply: text } of exchanges) {
    const protocol = text.startsWith("P2P-CI") ? "P2P-CI" : "P2P-DI";
    const reply = decodeReply(parseHead(takeHead(bufferOf(text))!), protocol);
    const { status, phrase } = reply;
    assert.equal(reply.protocol, protocol);
    assert.ok(text.startsWith(`${protocol}/1.0 ${status} ${phrase}\r\n`), text);
  }
});

Deno.test("decodeReply keeps fields, unknown codes and odd phrases", pure, () => {
  const reply = decodeReply(headOf("P2P-DI/1.0 299  Odd  phrase\r\nTTL: 7200\r\n\r\n"), "P2P-DI");
  assert.equal(reply.status, 299);
  assert.equal(reply.phrase, " Odd  phrase");
  assert.equal(reply.fields.get("ttl"), "7200");
  assert.equal(decodeReply(headOf("P2P-CI/1.0 200\r\n\r\n"), "P2P-CI").phrase, "");
});

Deno.test("decodeReply refuses what is no status line of the protocol asked in", pure, () => {
  const wrong = [
    "P2P-DI/1.0 200 OK",
    "P2P-CI/1.1 200 OK",
    "P2P-CI/2.0 200 OK",
    "P2P-CI 200 OK",
    "P2P-CI/1.0 20 OK",
    "P2P-CI/1.0 2000 OK",
    "P2P-CI/1.0 2e2 OK",
    "P2P-CI/1.0 -20 OK",
    "P2P-CI/1.0  200 OK",
    "P2P-CI/1.0 200OK",
    " P2P-CI/1.0 200 OK",
    "HTTP/1.1 200 OK",
    "LIST ALL P2P-CI/1.0",
    "RFC 1 T h 1",
  ];
  for (const line of wrong) {
    assert.throws(() => decodeReply(headOf(`${line}\r\n\r\n`), "P2P-CI"), refusal(400), line);
  }
});

Deno.test("decodeReply reads what encodeReply writes", pure, () => {
  const codes = fc.constantFrom(200, 206, 304, 400, 403, 404, 416, 503, 505);
  fc.assert(
    fc.property(fc.constantFrom("P2P-CI", "P2P-DI"), codes, (protocol, code) => {
      const head = parseHead(givenReply({ protocol, status: code, fields: [["Cookie", "1"]] }));
      const { status, fields } = decodeReply(head, protocol);
      assert.equal(status, code);
      assert.equal(fields.get("cookie"), "1");
    }),
  );
});

function lengthOf(value: string): number | undefined {
  return contentLength(headOf(`P2P-CI/1.0 200 OK\r\nContent-Length: ${value}\r\n\r\n`).fields);
}

Deno.test("contentLength gives the length that a reply states", pure, () => {
  assert.equal(lengthOf("0"), 0);
  assert.equal(lengthOf("12345"), 12_345);
  assert.equal(lengthOf("007"), 7);
  assert.equal(lengthOf("999999999999999"), 999_999_999_999_999);
  assert.equal(contentLength(headOf(handout.emptyList.reply.slice(0, -2)).fields), undefined);
});

Deno.test("contentLength refuses all else, behind which nothing can be read", pure, () => {
  for (const value of [...wrongNumberWords, "", "7 7", "1000000000000000"]) {
    assert.throws(() => lengthOf(value), refusal(400, { framingLost: true }), value);
  }
});
