import assert from "node:assert/strict";
import fc from "fast-check";
import { GivenRequests, parseGivenRequest } from "../../lib/protocol/given_requests.ts";
import { maxLineBytes } from "../../lib/protocol/limits.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { pure } from "../helpers/permissions.ts";
import { bufferOf, textOf } from "../helpers/wire.ts";
import * as handout from "../vectors/handout.ts";

const requests = handout.exchanges.map(({ request }) => request);

/** All that can be taken, as text. */
function takeAll(reader: GivenRequests, buffer: ReceiveBuffer): string[] {
  const taken: string[] = [];
  for (let each; (each = reader.take(buffer)) !== undefined;) taken.push(textOf(each.bytes));
  return taken;
}

Deno.test("GivenRequests takes requests that came together, one by one", pure, () => {
  const buffer = bufferOf(requests.join(""));
  assert.deepEqual(takeAll(new GivenRequests(), buffer), requests);
  assert.equal(buffer.length, 0);
});

Deno.test("GivenRequests says the same as parsing each request by itself", pure, () => {
  for (const request of requests) {
    const taken = new GivenRequests().take(bufferOf(request));
    const parsed = parseGivenRequest(new TextEncoder().encode(request));
    assert.ok(taken !== undefined && !(taken.head instanceof ProtocolError));
    assert.ok(parsed !== undefined && !(parsed instanceof ProtocolError));
    assert.equal(taken.head.startLine, parsed.startLine);
    for (const name of ["host", "port", "os", "title", "cookie", "content-length"] as const) {
      assert.equal(taken.head.fields.get(name), parsed.fields.get(name), name);
    }
  }
});

Deno.test(
  "GivenRequests goes on where others have taken from the buffer, or more came",
  pure,
  () => {
    const [first = "", second = "", third = ""] = requests;
    const reader = new GivenRequests();
    const buffer = bufferOf(first + second);
    assert.equal(textOf(reader.take(buffer)!.bytes), first);
    buffer.consume(second.length);
    buffer.append(new TextEncoder().encode(third));
    assert.deepEqual(takeAll(reader, buffer), [third]);
    buffer.append(new TextEncoder().encode(first + second));
    assert.equal(textOf(reader.take(buffer)!.bytes), first);
    buffer.append(new TextEncoder().encode(third));
    assert.deepEqual(takeAll(reader, buffer), [second, third]);
  },
);

Deno.test("GivenRequests takes the same requests however they are cut", pure, () => {
  const text = requests.join("");
  fc.assert(fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
    const reader = new GivenRequests();
    const buffer = new ReceiveBuffer();
    const taken: string[] = [];
    let sent = 0;
    for (const cut of [...cuts.sort((a, b) => a - b), text.length]) {
      buffer.append(new TextEncoder().encode(text.slice(sent, cut)));
      sent = cut;
      taken.push(...takeAll(reader, buffer));
    }
    assert.deepEqual(taken, requests);
  }));
});

Deno.test(
  "GivenRequests leaves to others what is not whole, not ASCII, or in another form",
  pure,
  () => {
    const line = "LIST ALL P2P-CI/1.0\r\n";
    const others = [
      "",
      line,
      `${line}Host: h\r\n`,
      `\r\n${line}\r\n`,
      `${line}Host: h\u00e9\r\n\r\n`,
      `${line}Host: \0\r\n\r\n`,
      `${line}Host:h\r\n\r\n`,
      "LIST ALL P2P-CI/1.0\n\n",
      `${line}Host: ${"h".repeat(maxLineBytes)}\r\n\r\n`,
    ];
    for (const text of others) {
      const buffer = bufferOf(text);
      const { length } = buffer;
      assert.equal(new GivenRequests().take(buffer), undefined, text);
      assert.equal(buffer.length, length);
    }
  },
);

Deno.test(
  "GivenRequests takes a request whose fields contradict each other, and says so",
  pure,
  () => {
    const text = "LIST ALL P2P-CI/1.0\r\nHost: a\r\nHost: b\r\n\r\n";
    const taken = new GivenRequests().take(bufferOf(text));
    assert.ok(taken?.head instanceof ProtocolError);
    assert.equal(textOf(taken.bytes), text);
  },
);
