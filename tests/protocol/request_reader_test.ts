import assert from "node:assert/strict";
import fc from "fast-check";
import {
  decodeCiRequest,
  encodeAdd,
  encodeList,
  encodeLookup,
} from "../../lib/protocol/ci_request.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { longSilenceMs, RequestReader, silenceMs } from "../../lib/protocol/request_reader.ts";
import { indexServerWords } from "../../lib/protocol/words.ts";
import { ciRecords } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { bufferOf, bytesOf, concat, cutAt } from "../helpers/wire.ts";

function createReader(strict = false): RequestReader {
  return new RequestReader({
    strict,
    vocabulary: indexServerWords,
    remoteHost: "192.0.2.1",
    decode: decodeCiRequest,
  });
}

/** What is read from pieces that come one after another: each request's meaning, or its status. */
function readAll(pieces: readonly Uint8Array[], reader: RequestReader): unknown[] {
  const buffer = new ReceiveBuffer();
  const seen: unknown[] = [];
  for (const piece of pieces) {
    buffer.append(piece);
    for (let request; (request = reader.take(buffer, "open")) !== undefined;) {
      const { head, dialect, bytes } = request;
      assert.ok(bytes.length > 0);
      seen.push(dialect.name, head instanceof ProtocolError ? head.status : decodeCiRequest(head));
    }
  }
  return seen;
}

/** The silence after which a text counts as a request. */
function silenceAfter(text: string): number | undefined {
  const reader = createReader();
  assert.equal(reader.take(bufferOf(text), "open"), undefined);
  return reader.silenceMs;
}

const givenRequests = fc.array(
  ciRecords.chain((record) =>
    fc.constantFrom(
      encodeAdd(record),
      encodeLookup(record.number, record, record.title),
      encodeList(record),
    )
  ),
  { minLength: 1, maxLength: 4 },
);

Deno.test("RequestReader reads the given form as the strict one does, in any pieces", pure, () => {
  fc.assert(fc.property(givenRequests, fc.array(fc.nat(400)), (requests, offsets) => {
    const pieces = cutAt(concat(requests), offsets);
    const strict = readAll(pieces, createReader(true));
    assert.equal(strict.length, 2 * requests.length);
    assert.deepEqual(readAll(pieces, createReader()), strict);
  }));
});

Deno.test(
  "RequestReader throws nothing but ProtocolError and always gets on, whatever comes",
  pure,
  () => {
    const pieces = fc.oneof(
      fc.uint8Array({ minLength: 1 }),
      fc.constantFrom(
        ...["ADD RFC 1 P2P-CI/1.0", "\r\n", "\n", "\r", "Host: h", "END", "~", "\0", "5         "],
      ).map(bytesOf),
    );
    fc.assert(fc.property(fc.array(pieces), fc.boolean(), (all, strict) => {
      const reader = createReader(strict);
      const buffer = new ReceiveBuffer();
      try {
        for (const piece of all) {
          buffer.append(piece);
          for (const ending of ["open", "silent", "ended"] as const) {
            for (let length = buffer.length; reader.take(buffer, ending) !== undefined;) {
              assert.ok(buffer.length < length);
              length = buffer.length;
            }
          }
        }
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }));
  },
);

Deno.test("strict RequestReader refuses what is not in the given form, and goes on", pure, () => {
  const given = "LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n";
  for (
    const other of [
      given.replaceAll("\r", ""),
      given.replace("LIST ALL", "list all"),
      given.replace("LIST ALL", "LIST"),
      given.replace(": h", ":h"),
      given.replace("1.0\r", "1.0 \r"),
    ]
  ) {
    assert.deepEqual(readAll([bytesOf(other + given)], createReader(true)), [
      "given",
      400,
      "given",
      { method: "LIST" },
    ]);
  }
});

Deno.test("strict RequestReader never counts silence as an end", pure, () => {
  const reader = createReader(true);
  const buffer = bufferOf("LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n");
  assert.equal(reader.take(buffer, "silent"), undefined);
  assert.equal(reader.silenceMs, undefined);
});

Deno.test("RequestReader waits as long as what is there deserves", pure, () => {
  assert.equal(silenceAfter("ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T"), silenceMs);
  assert.equal(silenceAfter("ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\n"), undefined);
  assert.equal(silenceAfter("LIST P2P-CI/1.0\n"), longSilenceMs);
  assert.equal(silenceAfter("LIST P2P-CI/1.0\nHost: h\nPort: 1\n"), silenceMs);
  assert.equal(silenceAfter("ADD RF"), undefined);
  assert.equal(silenceAfter("SHUTDOWN P2P-CI/1.0\n"), longSilenceMs);
  assert.equal(silenceAfter("ADD RFC 1 P2P-CI/9.9\nHost: h\n"), longSilenceMs);
  assert.equal(silenceAfter("ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: x\nTitle: T\n"), longSilenceMs);
  assert.equal(silenceAfter(""), undefined);
});

Deno.test("RequestReader gives who ends requests with blank lines more time", pure, () => {
  const reader = createReader();
  const buffer = bufferOf(encodeList({ host: "h", port: 1 }));
  assert.ok(reader.take(buffer, "open"));
  buffer.append(bytesOf("LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n"));
  assert.equal(reader.take(buffer, "open"), undefined);
  assert.equal(reader.silenceMs, longSilenceMs);
});

Deno.test(
  "RequestReader forgets how far it looked when a request in the given form is whole",
  pure,
  () => {
    const given = encodeAdd({ number: 1, title: "A title", host: "host", port: 1 });
    const pieces = [given.subarray(0, 30), given.subarray(30), bytesOf("EXIT P2P-CI/1.0\n\nLIST")];
    assert.deepEqual(readAll(pieces, createReader()).slice(2), [
      "LF",
      { method: "EXIT", holder: undefined },
    ]);
  },
);

Deno.test(
  "RequestReader takes zero bytes behind a request for padding, in front of the first for a length",
  pure,
  () => {
    const text = "LIST ALL P2P-CI/1.0\nHost: h\n\n";
    const packed = concat([Uint8Array.of(0, text.length), bytesOf(text)]);
    const list = ["LF", { method: "LIST" }];
    assert.deepEqual(readAll([packed, packed], createReader()), [...list, ...list]);
    assert.deepEqual(readAll([bytesOf(`${text}\0`), bytesOf(`${text}\0`)], createReader()), [
      ...list,
      ...list,
    ]);
  },
);
