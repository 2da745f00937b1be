/**
 * Lists that go over the wire compressed (RFC 60003 section 6.7, RFC 9110 section 8.4.1.3).
 * @module
 */
import { takeLine } from "../protocol/head.ts";
import { ProtocolError, quoted } from "../protocol/protocol_error.ts";
import { ReceiveBuffer } from "../protocol/receive_buffer.ts";
import { byTurns } from "./by_turns.ts";

const lineFeed = 10;

/** A list that is shorter than this, in bytes, goes as it is: it would not become much shorter. */
export const worthPackingBytes = 1_024;

/**
 * How many times as long as what came a list may become: five times what records as like as can be do, a tenth of
 * what the worst bomb does.
 */
export const maxExpansion = 100;

/**
 * How large the pieces are that a compressed content is received in, in bytes: each becomes at most some thousand
 * times as much, and that is held in memory.
 */
export const packedPieceBytes = 1_024;

/** Whether a list is long enough. */
export function isWorthPacking(content: readonly Uint8Array[]): boolean {
  return content.reduce((sum, { length }) => sum + length, 0) >= worthPackingBytes;
}

/**
 * The same list, compressed.
 *
 * @param now The clock, in ms, by which others have their turn meanwhile. @default performance.now
 */
export async function pack(
  content: Iterable<Uint8Array<ArrayBuffer>>,
  now?: () => number,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const turns = byTurns(content, now);
  const stream = ReadableStream.from(turns).pipeThrough(new CompressionStream("gzip"));
  return await Array.fromAsync(stream);
}

/**
 * The lines of a compressed content, of which `length` bytes come in pieces of at most `packedPieceBytes`.
 *
 * @param now The clock, in ms, by which others have their turn meanwhile. @default performance.now
 * @throws {ProtocolError} if it is not in gzip, becomes longer than `maxExpansion` allows, or a line is too long or not
 *   text.
 * @throws whatever the pieces throw.
 */
export async function* unpackLines(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  length: number,
  now?: () => number,
): AsyncGenerator<string, void, undefined> {
  const unpacked = new ReceiveBuffer();
  for await (const bytes of byTurns(unpack(pieces), now)) {
    if (unpacked.position + unpacked.length + bytes.length > length * maxExpansion) {
      throw unreadable(`at most ${maxExpansion} times the ${length} bytes that came, got more`);
    }
    unpacked.append(bytes);
    for (let line = takeLine(unpacked); line !== undefined; line = takeLine(unpacked)) yield line;
  }
  // The last line may have no end but that of the content.
  if (unpacked.length === 0) return;
  unpacked.append(Uint8Array.of(lineFeed));
  yield takeLine(unpacked) ?? "";
}

async function* unpack(
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* ReadableStream.from(pieces).pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    // That is how the runtime says it.
    if (error instanceof TypeError) throw unreadable(`gzip, got ${quoted(error.message)}`);
    throw error;
  }
}

function unreadable(what: string): ProtocolError {
  return new ProtocolError(400, `Cannot unpack content: expected ${what}`, { framingLost: true });
}
