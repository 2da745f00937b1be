import assert from "node:assert/strict";
import fc from "fast-check";
import { maxHeadBytes } from "../../lib/protocol/limits.ts";
import {
  findPacking,
  findPrefixBytes,
  joinBytes,
  pack,
  takePacked,
} from "../../lib/protocol/packing.ts";
import { pure } from "../helpers/permissions.ts";
import { arrivals, bufferOf, bytesOf, refusal, textOf } from "../helpers/wire.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";

const packings = ["decimal length", "writeUTF"] as const;

Deno.test("findPacking tells packed messages from lines", pure, () => {
  assert.equal(findPacking(bufferOf("ADD RFC 1 P2P-CI/1.0\r\n")), "plain");
  assert.equal(findPacking(bufferOf("\r\nADD")), "plain");
  assert.equal(findPacking(bufferOf("55        ADD")), "decimal length");
  assert.equal(findPacking(bufferOf("\0\x32ADD")), "writeUTF");
});

Deno.test(
  "pack and takePacked undo each other, in any pieces, and leave what follows",
  pure,
  () => {
    for (const packing of packings) {
      for (const text of ["", "x", "LIST ALL P2P-CI/1.0\nHost: h\n"]) {
        const whole = joinBytes(pack(bytesOf(text), packing), bytesOf("rest"));
        for (const pieces of arrivals(whole)) {
          const buffer = new ReceiveBuffer();
          let taken: string | undefined;
          for (const piece of pieces) {
            buffer.append(piece);
            const packed = taken === undefined ? takePacked(buffer, packing) : undefined;
            if (packed !== undefined) taken = textOf(packed.text);
          }
          assert.equal(taken, text);
          assert.equal(textOf(buffer.bytes), "rest");
        }
      }
    }
  },
);

Deno.test("takePacked refuses a length past the limit before it has come", pure, () => {
  const atLimit = String(maxHeadBytes).padEnd(10);
  assert.equal(takePacked(bufferOf(atLimit), "decimal length"), undefined);
  for (const length of [maxHeadBytes + 1, 999_999_999]) {
    assert.throws(
      () => takePacked(bufferOf(String(length).padEnd(10)), "decimal length"),
      refusal(400, { framingLost: true }),
    );
  }
  assert.throws(
    () => takePacked(bufferOf(Uint8Array.of(0x80, 0x01)), "writeUTF"),
    refusal(400, { framingLost: true }),
  );
});

Deno.test("takePacked refuses what is no length", pure, () => {
  for (const text of ["5x        ", "1234567890", "- 5       "]) {
    assert.throws(() => takePacked(bufferOf(text), "decimal length"), refusal(400));
  }
});

Deno.test("pack counts a document behind a decimal length, and only there", pure, () => {
  assert.equal(textOf(pack(bytesOf("head"), "decimal length", 96)), "100       head");
  assert.equal(textOf(pack(bytesOf("head"), "writeUTF", 96)), "\0\x04head");
  assert.equal(textOf(pack(bytesOf("head"), "plain", 96)), "head");
});

Deno.test("pack splits what writeUTF cannot tell in one message", pure, () => {
  const packed = pack(new Uint8Array(65_536), "writeUTF");
  assert.deepEqual([...packed.subarray(0, 2)], [255, 255]);
  assert.deepEqual([...packed.subarray(2 + 65_535)], [0, 1, 0]);
});

Deno.test(
  "findPrefixBytes finds the length in front of an answer, or that there is none",
  pure,
  () => {
    assert.equal(findPrefixBytes(bytesOf("P2P-CI/1.0 200 OK"), "plain"), 0);
    for (const packing of packings) {
      assert.equal(findPrefixBytes(bytesOf("P2P-CI/1"), packing), undefined);
      assert.equal(findPrefixBytes(bytesOf("P2P-CI/1.0 200 OK"), packing), 0);
    }
    assert.equal(findPrefixBytes(bytesOf("17        P2P-CI"), "decimal length"), 10);
    assert.equal(findPrefixBytes(bytesOf("505 Version Not"), "decimal length"), 0);
    assert.equal(findPrefixBytes(bytesOf("\0\x11P2P-CI/1.0 200 OK"), "writeUTF"), 2);
  },
);

Deno.test("takePacked throws nothing but ProtocolError, whatever comes", pure, () => {
  fc.assert(fc.property(fc.uint8Array(), fc.constantFrom(...packings), (bytes, packing) => {
    try {
      takePacked(bufferOf(bytes), packing);
    } catch (error) {
      assert.equal((error as Error).name, "ProtocolError");
    }
  }));
});
