/**
 * The limits of heads (RFC 60001 section 3.7): a head at the limit is taken, one past it refused.
 */
import assert from "node:assert/strict";
import { parseHead, takeHead, takeLine } from "../../lib/protocol/head.ts";
import { maxFields, maxHeadBytes, maxLineBytes } from "../../lib/protocol/limits.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { pure } from "../helpers/permissions.ts";
import { bufferOf, bytesOf, cutAt, headOf, refusal, textOf } from "../helpers/wire.ts";

const lost = refusal(400, { framingLost: true });

/** A line of `bytes` bytes, its line end included. */
function lineOf(bytes: number, lineEnd = "\r\n", beginning = "Name: "): string {
  return beginning.padEnd(bytes - lineEnd.length, "x") + lineEnd;
}

/** A head of `bytes` bytes, each line within its limit. */
function headOfBytes(bytes: number): string {
  let head = "AB\r\n";
  for (let i = 0; bytes - 2 - head.length > maxLineBytes; i++) {
    head += lineOf(Math.min(4_096, bytes - 2 - head.length - 100), "\r\n", `N${i}: `);
  }
  return head + lineOf(bytes - 2 - head.length) + "\r\n";
}

/** The sizes of pieces that data arrive in. */
const pieceSizes = [Infinity, 1, 7, 1_024];

/** Takes the first head out of data that arrive in pieces of `size` bytes. */
function receiveHead(data: string, size: number): string | undefined {
  const bytes = bytesOf(data);
  const offsets = size === Infinity ? [] : Array.from(bytes.keys()).filter((i) => i % size === 0);
  const buffer = new ReceiveBuffer();
  for (const piece of cutAt(bytes, offsets)) {
    buffer.append(piece);
    const head = takeHead(buffer);
    if (head !== undefined) return textOf(head);
  }
  return undefined;
}

Deno.test("takeHead takes a line at the limit and refuses one past it", pure, () => {
  for (const lineEnd of ["\r\n", "\n"]) {
    for (const before of ["", `AB${lineEnd}`]) {
      const whole = before + lineOf(maxLineBytes, lineEnd) + lineEnd;
      const tooLong = before + lineOf(maxLineBytes + 1, lineEnd) + lineEnd;
      for (const size of pieceSizes) {
        assert.equal(receiveHead(whole, size), whole);
        assert.throws(() => receiveHead(tooLong, size), lost);
      }
    }
  }
});

Deno.test("takeHead refuses a line without an end as soon as it passes the limit", pure, () => {
  const buffer = bufferOf("x".repeat(maxLineBytes));
  assert.equal(takeHead(buffer), undefined);
  buffer.append(bytesOf("x"));
  assert.throws(() => takeHead(buffer), lost);
});

Deno.test("takeHead takes a head at the limit and refuses one past it", pure, () => {
  const whole = headOfBytes(maxHeadBytes);
  const tooLong = headOfBytes(maxHeadBytes + 1);
  assert.equal(whole.length, maxHeadBytes);
  assert.equal(tooLong.length, maxHeadBytes + 1);
  for (const size of pieceSizes) {
    assert.equal(receiveHead(whole, size), whole);
    assert.equal(receiveHead(`${whole}more`, size), whole);
    assert.throws(() => receiveHead(tooLong, size), lost);
  }
});

Deno.test("takeHead refuses a head without an end as soon as it passes the limit", pure, () => {
  const buffer = new ReceiveBuffer();
  let got = 0;
  const receiveEndlessly = () => {
    for (;;) {
      buffer.append(bytesOf("A: b\r\n"));
      got += 6;
      assert.equal(takeHead(buffer), undefined);
    }
  };
  assert.throws(receiveEndlessly, lost);
  assert.ok(got > maxHeadBytes && got <= maxHeadBytes + 6, `refused after ${got} bytes`);
});

Deno.test("takeHead does not count blank lines and earlier heads", pure, () => {
  const whole = headOfBytes(maxHeadBytes);
  const buffer = bufferOf("\r\n".repeat(100) + whole + whole);
  assert.equal(textOf(takeHead(buffer)!), whole);
  assert.equal(textOf(takeHead(buffer)!), whole);
});

Deno.test("takeLine takes a line at the limit and refuses one past it", pure, () => {
  for (const lineEnd of ["\r\n", "\n"]) {
    const whole = lineOf(maxLineBytes, lineEnd);
    assert.equal(takeLine(bufferOf(whole)), whole.slice(0, -lineEnd.length));
    assert.throws(() => takeLine(bufferOf(lineOf(maxLineBytes + 1, lineEnd))), lost);
  }
});

Deno.test("takeLine refuses a line without an end as soon as it passes the limit", pure, () => {
  const buffer = bufferOf("x".repeat(maxLineBytes));
  assert.equal(takeLine(buffer), undefined);
  buffer.append(bytesOf("x"));
  assert.throws(() => takeLine(buffer), lost);
});

Deno.test("parseHead takes as many fields as the limit and refuses one more", pure, () => {
  const fields = Array.from({ length: maxFields }, (_, i) => `Name${i}: ${i}\r\n`).join("");
  assert.equal(headOf(`AB\r\n${fields}\r\n`).fields.get("name63"), "63");
  const buffer = bufferOf(`AB\r\n${fields}One-More: x\r\n\r\nrest`);
  assert.throws(() => parseHead(takeHead(buffer)!), refusal(400, { framingLost: false }));
  assert.equal(textOf(buffer.bytes), "rest");
});
