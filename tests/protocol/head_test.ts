import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeHead, parseHead, takeHead, takeLine } from "../../lib/protocol/head.ts";
import { pure } from "../helpers/permissions.ts";
import { arrivals, bufferOf, bytesOf, headOf, refusal, textOf } from "../helpers/wire.ts";
import { exchanges as distributedIndex } from "../vectors/distributed_index.ts";
import { exchanges as handout } from "../vectors/handout.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";

/** Every head of the vectors: the requests, and the replies without what follows. */
const crlfHeads = [...handout, ...distributedIndex].flatMap(({ request, reply }) => [
  request,
  reply.slice(0, reply.indexOf("\r\n\r\n") + 4),
]);
const heads = [...crlfHeads, ...crlfHeads.map((head) => head.replaceAll("\r\n", "\n"))];

/** Lets the pieces arrive one by one; gives the head that is then taken, and with which piece. */
function receiveHead(pieces: readonly Uint8Array[]): [text: string | undefined, rest: string] {
  const buffer = new ReceiveBuffer(16);
  let head: string | undefined;
  for (const piece of pieces) {
    buffer.append(piece);
    if (head !== undefined) continue;
    const bytes = takeHead(buffer);
    if (bytes !== undefined) head = textOf(bytes);
  }
  return [head, textOf(buffer.bytes)];
}

Deno.test("takeHead takes each head however it arrives", pure, () => {
  for (const head of heads) {
    for (const pieces of arrivals(bytesOf(head))) {
      assert.deepEqual(receiveHead(pieces), [head, ""]);
    }
  }
});

Deno.test("takeHead needs more as long as the end of the head is missing", pure, () => {
  for (const head of heads) {
    for (let length = 0; length < head.length; length++) {
      const buffer = bufferOf(head.slice(0, length));
      assert.equal(takeHead(buffer), undefined);
      assert.equal(textOf(buffer.bytes), head.slice(0, length));
    }
  }
});

Deno.test("takeHead and takeLine do not look again at lines that they have seen", pure, () => {
  const buffer = bufferOf("LIST ALL P2P-CI/1.0\r\nHost: h\r\nPo");
  takeHead(buffer);
  assert.equal(buffer.scanned, buffer.length - "Po".length);
  const line = bufferOf("RFC 1 Ti");
  takeLine(line);
  assert.equal(line.scanned, line.length);
});

Deno.test("takeHead leaves alone what follows the head", pure, () => {
  const trailers = [
    "\r\n",
    "\n",
    "RFC 1 T h 1\r\n\r\n",
    "\0\x7f binary",
    "LIST ALL P2P-CI/1.0\r\n",
  ];
  for (const head of heads) {
    for (const trailer of trailers) {
      for (const pieces of arrivals(bytesOf(head + trailer))) {
        assert.deepEqual(receiveHead(pieces), [head, trailer]);
      }
    }
  }
});

Deno.test("takeHead takes pipelined heads one by one", pure, () => {
  const buffer = bufferOf(heads.join(""));
  for (const head of heads) assert.equal(textOf(takeHead(buffer)!), head);
  assert.equal(takeHead(buffer), undefined);
  assert.equal(buffer.length, 0);
});

Deno.test("takeHead drops blank lines before a head, and nothing else", pure, () => {
  const head = "EXIT P2P-CI/1.0\r\n\r\n";
  for (const pieces of arrivals(bytesOf(`\r\n\n\r\n${head}\r\n`))) {
    assert.deepEqual(receiveHead(pieces), [head, "\r\n"]);
  }
  for (const noBlankLine of [" \r\n", "\r\r\n", "\t\n", "\0\r\n"]) {
    assert.deepEqual(receiveHead([bytesOf(noBlankLine + head)]), [noBlankLine + head, ""]);
  }
});

Deno.test("takeHead keeps no blank lines that come without a request", pure, () => {
  const buffer = new ReceiveBuffer(16);
  for (let i = 0; i < 1_000; i++) {
    buffer.append(bytesOf("\r\n"));
    assert.equal(takeHead(buffer), undefined);
    assert.equal(buffer.length, 0);
  }
});

Deno.test("parseHead gives start line and fields, of CRLF and LF lines alike", pure, () => {
  const text = "LIST ALL P2P-CI/1.0\r\nHost: thishost\r\nPort: 5678\r\nX-Empty:\r\n\r\n";
  const mixed = text.replace("\r\nPort", "\nPort");
  for (const head of [text, text.replaceAll("\r\n", "\n"), mixed].map(headOf)) {
    assert.equal(head.startLine, "LIST ALL P2P-CI/1.0");
    assert.equal(head.fields.get("host"), "thishost");
    assert.equal(head.fields.get("port"), "5678");
    assert.equal(head.fields.get("x-empty"), "");
    assert.equal(head.fields.get("title"), undefined);
  }
});

Deno.test("parseHead accepts UTF-8 and tabs", pure, () => {
  const { startLine, fields } = headOf("ÄDD\tx\r\nTitle: Über\t日本 🎈\r\n\r\n");
  assert.equal(startLine, "ÄDD\tx");
  assert.equal(fields.get("title"), "Über\t日本 🎈");
});

Deno.test("parseHead does not drop a byte order mark", pure, () => {
  assert.equal(headOf("\ufeffEXIT P2P-CI/1.0\r\n\r\n").startLine, "\ufeffEXIT P2P-CI/1.0");
});

Deno.test("parseHead refuses every other control character", pure, () => {
  const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code))
    .filter((character) => !"\t\n".includes(character));
  for (const control of [...controls, "\x7f"]) {
    for (const text of [`A${control}B\r\n\r\n`, `AB\r\nName: a${control}b\r\n\r\n`]) {
      assert.throws(
        () => headOf(text),
        refusal(400, { framingLost: false }),
        JSON.stringify(control),
      );
    }
  }
});

Deno.test("parseHead refuses bytes that are not UTF-8", pure, () => {
  const wrong = {
    "a lone continuation byte": [0x80],
    "a cut sequence": [0xe2, 0x82],
    "an overlong slash": [0xc0, 0xaf],
    "a surrogate": [0xed, 0xa0, 0x80],
    "beyond Unicode": [0xf4, 0x90, 0x80, 0x80],
    "Latin-1": [0xfc, 0x20],
    "a byte that never occurs": [0xff],
  };
  for (const [name, bytes] of Object.entries(wrong)) {
    const head = [...bytesOf("AB\r\nName: "), ...bytes, ...bytesOf("\r\n\r\n")];
    const buffer = bufferOf(Uint8Array.from(head));
    assert.throws(
      () => parseHead(takeHead(buffer)!),
      refusal(400, { framingLost: false }),
      name,
    );
    assert.equal(buffer.length, 0);
  }
});

Deno.test("parseHead refuses a line that is no field", pure, () => {
  for (const line of ["no colon", ": no name", "two words: x", " Host: x", "Host : x", "ö: x"]) {
    assert.throws(
      () => headOf(`AB\r\n${line}\r\n\r\n`),
      refusal(400, { framingLost: false }),
      line,
    );
  }
});

Deno.test("takeLine takes each line however it arrives", pure, () => {
  for (const lineEnd of ["\r\n", "\n"]) {
    for (const line of ["", "RFC 1 Title host 1", "ünïcode\t日本"]) {
      for (const pieces of arrivals(bytesOf(line + lineEnd + "rest\r"))) {
        const buffer = new ReceiveBuffer(4);
        let taken: string | undefined;
        for (const piece of pieces) {
          buffer.append(piece);
          taken ??= takeLine(buffer);
        }
        assert.equal(taken, line);
        assert.equal(textOf(buffer.bytes), "rest\r");
      }
    }
  }
});

Deno.test("takeLine takes a wrong line away and refuses it", pure, () => {
  for (const wrong of [bytesOf("a\0b\r\n"), bytesOf("a\rb\n"), Uint8Array.of(0xff, 0x0a)]) {
    const buffer = bufferOf(wrong);
    buffer.append(bytesOf("next\r\n"));
    assert.throws(() => takeLine(buffer), refusal(400, { framingLost: false }));
    assert.equal(takeLine(buffer), "next");
  }
});

Deno.test("encodeHead writes CRLF lines and a blank line", pure, () => {
  const fields = [["Host", "h"], ["Title", "Über\tx"], ["Empty", ""]] as const;
  assert.equal(
    textOf(encodeHead("ADD RFC 1 P2P-CI/1.0", fields)),
    "ADD RFC 1 P2P-CI/1.0\r\nHost: h\r\nTitle: Über\tx\r\nEmpty: \r\n\r\n",
  );
  assert.equal(textOf(encodeHead("EXIT P2P-CI/1.0", [])), "EXIT P2P-CI/1.0\r\n\r\n");
});

Deno.test(
  "encodeHead refuses line breaks and other control characters as our own bug",
  pure,
  () => {
    for (const control of ["\r\n", "\n", "\r", "\0", "\x1b", "\x7f"]) {
      assert.throws(() => encodeHead(`A${control}B`, []), TypeError);
      assert.throws(() => encodeHead("A", [["Title", `x${control}Port: 1`]]), TypeError);
    }
  },
);

Deno.test("parseHead reads what encodeHead writes", pure, () => {
  const text = fc.string({ unit: "grapheme" })
    .map((text) => text.replace(/[\p{Cc}]/gu, "").trim());
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/);
  const fields = fc.uniqueArray(fc.tuple(name, text), {
    maxLength: 20,
    selector: ([name]) => name.toLowerCase(),
  });
  fc.assert(
    fc.property(text.filter((line) => line !== ""), fields, (startLine, fields) => {
      const buffer = bufferOf(encodeHead(startLine, fields));
      const head = parseHead(takeHead(buffer)!);
      assert.equal(buffer.length, 0);
      assert.equal(head.startLine, startLine);
      for (const [name, value] of fields) {
        assert.equal(head.fields.get(name.toLowerCase() as Lowercase<string>), value);
      }
    }),
  );
});
