/**
 * The lines of one reply of an index server, packed or not (RFC 60001 section 8).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import type { Trace } from "../net/trace.ts";
import type { Packing } from "../protocol/dialect.ts";
import { decodeLiberally, takeLine } from "../protocol/head.ts";
import { dropPadding } from "../protocol/liberal_request.ts";
import { findPrefixBytes, takePacked } from "../protocol/packing.ts";
import { ReceiveBuffer } from "../protocol/receive_buffer.ts";
import { contentStallMs } from "./client_exchange.ts";

/** Longest packed reply that is taken, in bytes: half a million records. */
const maxPackedBytes = 67_108_864;

/** The lines of one reply as they come, traced as they are taken. */
export class ReplyLines {
  readonly #connection: Connection;
  readonly #packing: () => Packing;
  readonly #trace: Trace | undefined;
  /** The text of a packed reply. */
  #unpacked: ReceiveBuffer | undefined;
  /** Bytes that were taken and not shown yet. */
  readonly #unshown = new ReceiveBuffer();
  #isShown = false;
  #hasBegun = false;
  #isGarbled = false;
  #endsInCrlf = false;
  #takenBytes = 0;

  /** Takes nothing yet. `packing` tells how the reply is packed; it is asked when the reply comes. */
  constructor(connection: Connection, packing: () => Packing, trace: Trace | undefined) {
    this.#connection = connection;
    this.#packing = packing;
    this.#trace = trace;
  }

  /** Whether a line had a CR within. */
  get isGarbled(): boolean {
    return this.#isGarbled;
  }

  /** Whether the last line ended as the handout has it. */
  get endsInCrlf(): boolean {
    return this.#endsInCrlf;
  }

  /** How many bytes the lines had so far, if they came unpacked. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** Says that the first line has been found: from now on silence and blank lines have a meaning. */
  begin(): void {
    this.#hasBegun = true;
  }

  /**
   * The next line, blank ones before the first left out.
   *
   * @param silenceMs After how long of nothing the reply is taken to be over; undefined waits for the deadline.
   * @returns "silent" and "ended" as objects, so that no line can be mistaken for them.
   */
  async next(
    silenceMs: number | undefined,
  ): Promise<string | { readonly over: "silent" | "ended" }> {
    for (;;) {
      const line = this.#take();
      if (line !== undefined) {
        const text = dropPadding(line.trimEnd());
        if (text.includes("\r")) this.#isGarbled = true;
        if (text !== "" || this.#hasBegun) return text;
      } else if (this.#unpacked !== undefined && this.#hasBegun) {
        return { over: "ended" };
      } else {
        this.#unpacked = undefined;
        this.show();
        if (this.#hasBegun) this.#connection.expectWithin(contentStallMs, "the rest of a reply");
        const more = await this.#connection.fillWithin(this.#mayBeOver ? silenceMs : undefined);
        if (more === "open") continue;
        const rest = this.#takeUnended();
        if (rest || this.#hasBegun || more === "ended") return rest || { over: more };
      }
    }
  }

  /** Whether what has come can be all of a reply. */
  get #mayBeOver(): boolean {
    return this.#hasBegun ||
      (this.#packing() === "plain" && this.#connection.received.length > 0);
  }

  #take(): string | undefined {
    this.#unpacked ??= this.#unpack();
    if (this.#unpacked !== undefined) return takeLine(this.#unpacked, decodeLiberally);
    const { received } = this.#connection;
    if (!this.#hasBegun && findPrefixBytes(received.bytes, this.#packing()) !== 0) return undefined;
    const pending = received.bytes;
    const line = takeLine(received, decodeLiberally);
    if (line !== undefined) {
      const bytes = pending.subarray(0, pending.length - received.length);
      this.#takenBytes += bytes.length;
      this.#endsInCrlf = bytes.at(-2) === 13;
      this.#note(bytes);
    }
    return line;
  }

  /** The text of a packed reply, once it has come whole, with a line end behind it. */
  #unpack(): ReceiveBuffer | undefined {
    const packing = this.#packing();
    const { received } = this.#connection;
    if (packing === "plain" || this.#hasBegun || !findPrefixBytes(received.bytes, packing)) {
      return undefined;
    }
    const packed = takePacked(received, packing, maxPackedBytes);
    if (packed === undefined) return undefined;
    this.#note(packed.bytes);
    const unpacked = new ReceiveBuffer(packed.text.length + 1);
    unpacked.append(packed.text);
    unpacked.append(Uint8Array.of(10));
    return unpacked;
  }

  /** Shows what was taken since the last time: several lines that came at once are one part of a message. */
  show(): void {
    const { bytes } = this.#unshown;
    if (bytes.length === 0) return;
    const { remote } = this.#connection;
    this.#trace?.({ direction: "received", remote, bytes, continued: this.#isShown });
    this.#unshown.consume(bytes.length);
    this.#isShown = true;
  }

  /** Blank lines before a reply are no part of it. */
  #note(bytes: Uint8Array): void {
    const isPart = this.#isShown || this.#unshown.length > 0 || bytes.some((byte) => byte > 32);
    if (this.#trace !== undefined && isPart) this.#unshown.append(bytes);
  }

  /** A last line whose end does not come. */
  #takeUnended(): string | undefined {
    const { received } = this.#connection;
    if (received.length === 0) return undefined;
    this.#note(received.bytes);
    received.append(Uint8Array.of(10));
    const line = takeLine(received, decodeLiberally);
    return line && dropPadding(line.trimEnd());
  }
}
