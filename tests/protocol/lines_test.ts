/** Tests of lines.ts and of what is made of nothing but lines: ndjson.ts and the records of reply.ts. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { CiRecord } from "../../lib/protocol/ci_record.ts";
import { chunkChars, crlfLines, encodeLines } from "../../lib/protocol/lines.ts";
import { encodeNdjson } from "../../lib/protocol/ndjson.ts";
import { pure } from "../helpers/permissions.ts";
import { concat, givenReply, textOf } from "../helpers/wire.ts";
import * as handout from "../vectors/handout.ts";

function recordsReply(records: readonly CiRecord[]): Uint8Array {
  return givenReply({ protocol: "P2P-CI", status: 200, fields: [], records });
}

function textOfChunks(chunks: Iterable<Uint8Array>): string {
  return textOf(concat([...chunks]));
}

Deno.test("crlfLines gives a line for each item", pure, () => {
  assert.deepEqual([...crlfLines([1, 2], (n) => `number ${n}`)], ["number 1\r\n", "number 2\r\n"]);
  assert.deepEqual([...crlfLines([], String)], []);
});

Deno.test("encodeLines puts first, lines and last together", pure, () => {
  assert.equal(textOfChunks(encodeLines("first\n", ["a\n", "ü\n"], "last")), "first\na\nü\nlast");
});

Deno.test("encodeLines gives no chunk if there is nothing", pure, () => {
  assert.deepEqual([...encodeLines("", [], "")], []);
  assert.equal([...encodeLines("", ["x".repeat(chunkChars)], "")].length, 1);
});

Deno.test("encodeLines loses nothing and gives no empty chunk", pure, () => {
  const line = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.integer({ min: chunkChars - 2, max: chunkChars + 2 }).map((length) => "x".repeat(length)),
  );
  fc.assert(
    fc.property(fc.string(), fc.array(line), fc.string(), (first, lines, last) => {
      const chunks = [...encodeLines(first, lines, last)];
      assert.equal(textOfChunks(chunks), first + lines.join("") + last);
      assert.ok(chunks.every(({ length }) => length > 0));
    }),
  );
});

Deno.test("encodeLines reads no more lines than the chunk needs", pure, () => {
  let read = 0;
  function* endless() {
    for (;; read++) yield "0123456789abcde\n";
  }
  const chunks = encodeLines("", endless(), "");
  assert.equal(chunks.next().value?.length, chunkChars);
  assert.ok(read <= chunkChars / 16);
});

Deno.test("encodeNdjson writes an object a line and leaves out what is undefined", pure, () => {
  assert.equal(
    textOfChunks(encodeNdjson([{ rfc: 1, title: 'a "b"\n\u2028', size: undefined }, { rfc: 2 }])),
    '{"rfc":1,"title":"a \\"b\\"\\n\u2028"}\n{"rfc":2}\n',
  );
  assert.deepEqual([...encodeNdjson([])], []);
});

Deno.test("encodeReply with records writes the handout's bytes", pure, () => {
  const host = "thishost.csc.ncsu.edu";
  const port = 5_678;
  const icp = { number: 123, title: "A Proferred Official ICP", host, port };
  const ipsec = {
    number: 3_457,
    title: "Requirements for IPsec Remote Access Scenarios",
    host,
    port,
  };
  assert.equal(textOf(recordsReply([icp])), handout.add.reply);
  assert.equal(textOf(recordsReply([ipsec])), handout.lookup.reply);
  assert.equal(textOf(recordsReply([ipsec, icp])), handout.list.reply);
  assert.equal(textOf(recordsReply([])), handout.emptyList.reply);
});
