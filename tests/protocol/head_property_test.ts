/**
 * Any bytes in any pieces: heads, need more, or a protocol error; the same as when they come whole.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeCiRequest } from "../../lib/protocol/ci_request.ts";
import { decodeDiRequest } from "../../lib/protocol/di_request.ts";
import { readExtensions } from "../../lib/protocol/extensions.ts";
import { parseHead, takeHead, takeLine } from "../../lib/protocol/head.ts";
import { maxLineBytes } from "../../lib/protocol/limits.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { contentLength, decodeReply } from "../../lib/protocol/reply.ts";
import { decodeRfcRequest } from "../../lib/protocol/rfc_request.ts";
import { pure } from "../helpers/permissions.ts";
import { bytesOf, concat, cutAt } from "../helpers/wire.ts";
import { exchanges as distributedIndex } from "../vectors/distributed_index.ts";
import { exchanges as handout } from "../vectors/handout.ts";
import { seenRequests } from "../vectors/seen_requests.ts";

const messages = [
  ...[...handout, ...distributedIndex].flatMap(({ request, reply }) => [request, reply]),
  ...seenRequests,
];

/** Bytes that look like messages, or nearly so, or not at all. */
const wireBytes = fc.array(
  fc.oneof(
    fc.constantFrom(...messages).map(bytesOf),
    fc.tuple(fc.constantFrom(...messages), fc.nat(), fc.uint8Array({ maxLength: 3 }))
      .map(([message, at, inserted]) => splice(bytesOf(message), at, inserted)),
    fc.constantFrom("\r\n", "\n", "\r", "\r\n\r\n", "\n\n", ": ", "A: b\r\n", "\0").map(bytesOf),
    fc.integer({ min: maxLineBytes - 3, max: maxLineBytes + 3 }).map((count) =>
      bytesOf("x".repeat(count))
    ),
    fc.uint8Array({ maxLength: 20 }),
  ),
  { maxLength: 8 },
).map(concat);

const offsets = fc.oneof(
  fc.array(fc.nat({ max: 400 })),
  fc.array(fc.nat({ max: 40_000 })),
);

/** Replaces a byte of a message by others. */
function splice(message: Uint8Array, at: number, inserted: Uint8Array): Uint8Array {
  const offset = at % message.length;
  return concat([message.subarray(0, offset), inserted, message.subarray(offset + 1)]);
}

/** What a reader of bytes came to. */
interface Outcome {
  readonly taken: unknown[];
  /** The error that ended it, if one did. */
  readonly error: { readonly status: number; readonly framingLost: boolean } | undefined;
  /** What is still there; not to be looked at after an error. */
  readonly rest: Uint8Array | undefined;
}

/** Lets the pieces arrive one by one and takes all there is after each. */
function receive(
  pieces: readonly Uint8Array[],
  take: (buffer: ReceiveBuffer) => unknown,
): Outcome {
  const buffer = new ReceiveBuffer(16);
  const taken: unknown[] = [];
  try {
    for (const piece of pieces) {
      buffer.append(piece);
      for (let next = take(buffer); next !== undefined; next = take(buffer)) taken.push(next);
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const { status, framingLost } = error;
    return { taken, error: { status, framingLost }, rest: undefined };
  }
  return { taken, error: undefined, rest: buffer.bytes.slice() };
}

/** A copy of the bytes of the next head: the view would not outlive the next piece. */
function takeHeadBytes(buffer: ReceiveBuffer): Uint8Array | undefined {
  return takeHead(buffer)?.slice();
}

/** Where the first line that is not blank begins. */
function skipBlankLines(bytes: Uint8Array, start: number): number {
  const blank = /^(?:\r?\n)*/.exec(new TextDecoder("latin1").decode(bytes.subarray(start)))!;
  return start + blank[0].length;
}

Deno.test("takeHead comes to the same whatever the pieces are", pure, () => {
  fc.assert(
    fc.property(wireBytes, offsets, (bytes, offsets) => {
      assert.deepEqual(
        receive(cutAt(bytes, offsets), takeHeadBytes),
        receive([bytes], takeHeadBytes),
      );
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("takeLine comes to the same whatever the pieces are", pure, () => {
  fc.assert(
    fc.property(wireBytes, offsets, (bytes, offsets) => {
      assert.deepEqual(receive(cutAt(bytes, offsets), takeLine), receive([bytes], takeLine));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("takeHead takes heads and drops blank lines, and not a byte else", pure, () => {
  fc.assert(
    fc.property(wireBytes, (bytes) => {
      const { taken, rest } = receive([bytes], takeHeadBytes);
      let position = 0;
      for (const head of taken as Uint8Array[]) {
        position = skipBlankLines(bytes, position);
        assert.deepEqual(head, bytes.slice(position, position + head.length));
        position += head.length;
      }
      if (rest !== undefined) {
        assert.deepEqual(rest, bytes.slice(skipBlankLines(bytes, position)));
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("every decoder gives a message or a ProtocolError", pure, () => {
  const decoders = [
    decodeCiRequest,
    decodeDiRequest,
    decodeRfcRequest,
    (head: ReturnType<typeof parseHead>) => decodeReply(head, "P2P-CI"),
    (head: ReturnType<typeof parseHead>) => decodeReply(head, "P2P-DI"),
    ({ fields }: ReturnType<typeof parseHead>) => contentLength(fields),
    ({ fields }: ReturnType<typeof parseHead>) => readExtensions(fields),
  ];
  let decoded = 0;
  fc.assert(
    fc.property(wireBytes, (bytes) => {
      for (const headBytes of receive([bytes], takeHeadBytes).taken as Uint8Array[]) {
        for (const decode of decoders) {
          try {
            decode(parseHead(headBytes));
            decoded++;
          } catch (error) {
            if (!(error instanceof ProtocolError)) throw error;
            assert.ok(error.status === 400 || error.status === 505);
          }
        }
      }
    }),
    { numRuns: 1_000 },
  );
  assert.ok(decoded > 0, "the property met no message at all");
});
