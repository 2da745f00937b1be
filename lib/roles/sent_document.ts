/**
 * A document, or a part of one, on its way out.
 * @module
 */
import type { OpenDocument } from "../files/open_document.ts";
import type { ByteRange } from "../protocol/byte_range.ts";
import type { DocumentBody } from "./answer.ts";

/** Longest part that is kept from being hashed to being sent, in bytes: a piece, as downloaders ask for them. */
const maxHeldPartBytes = 1_048_576;

/** How much all such parts have together, in bytes. When that is reached, the next part is read twice instead. */
const maxHeldBytes = 33_554_432;

/** A part in memory, until it is disposed of. */
export interface HeldPart extends Disposable {
  /** All of it. */
  readonly bytes: Uint8Array;
}

/** Parts that were read to be hashed, and need not be read again to be sent. */
export class HeldParts {
  #heldBytes = 0;

  /**
   * Reads a part, if there is room for it.
   *
   * @throws {DocumentChangedError} as `OpenDocument.read`.
   */
  hold(document: OpenDocument, range: ByteRange): HeldPart | undefined {
    const length = range.last - range.first + 1;
    if (length > maxHeldPartBytes || this.#heldBytes + length > maxHeldBytes) return undefined;
    this.#heldBytes += length;
    using room = new DisposableStack();
    room.defer(() => this.#heldBytes -= length);
    const bytes = document.read(range);
    const held = room.move();
    return { bytes, [Symbol.dispose]: () => held.dispose() };
  }
}

/** What `SentDocument` is made of. */
export interface SentDocumentOptions {
  /** Closed in the end. */
  readonly document: OpenDocument;
  /** What of it is sent; an empty document has none. */
  readonly range: ByteRange | undefined;
  /** The same, if it was read already. */
  readonly held: HeldPart | undefined;
  /** Called when all was sent. */
  readonly sent: () => void;
  /** What is given back in the end, `held` among it. */
  readonly uploading: Disposable;
}

/** The body of an answer. */
export class SentDocument implements DocumentBody {
  readonly #options: SentDocumentOptions;

  /** Reads nothing yet. */
  constructor(options: SentDocumentOptions) {
    this.#options = options;
  }

  /** In bytes. */
  get length(): number {
    const { range } = this.#options;
    return range === undefined ? 0 : range.last - range.first + 1;
  }

  /** The bytes, read into `buffer` chunk by chunk. @throws {DocumentChangedError} as soon as it is seen that the document has changed. */
  *chunks(buffer: Uint8Array): Generator<Uint8Array, void, undefined> {
    const { document, range, held, sent } = this.#options;
    if (held === undefined) yield* document.chunks(range, buffer);
    else yield* copyChunks(held.bytes, buffer);
    sent();
  }

  /** Closes the document and gives back what sending it took. */
  [Symbol.dispose](): void {
    const { document, uploading } = this.#options;
    document[Symbol.dispose]();
    uploading[Symbol.dispose]();
  }
}

function* copyChunks(
  bytes: Uint8Array,
  buffer: Uint8Array,
): Generator<Uint8Array, void, undefined> {
  for (let start = 0; start < bytes.length; start += buffer.length) {
    const chunk = bytes.subarray(start, start + buffer.length);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}
