/**
 * A connection: buffered reading, whole writes, and a deadline on every wait.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import { ReceiveBuffer } from "../protocol/receive_buffer.ts";
import { endpointOf } from "./address.ts";
import { Deadline } from "./deadline.ts";
import { ConnectionLostError, describeNetworkError } from "./errors.ts";
import type { Place } from "./linked_list.ts";
import type { RateLimiter, SpeedLimits } from "./rate_limiter.ts";

/** How long a write may make no progress before the reader is given up, in ms. */
export const writeStallMs = 30_000;

/** How long the rest of what a peer still sends is thrown away before its connection is closed, in ms. */
const lingerMs = 2_000;

/** How much is thrown away at most before a connection is closed, in bytes. */
const maxLingerBytes = 1_048_576;

/** What is thrown away is read into this, by all connections: nobody looks at it. */
const dropped = new Uint8Array(16_384);

/** How much is received at once while silence is waited for, in bytes. */
const earlyBytes = 4_096;

/** What most connections have. */
const unlimited: SpeedLimits = {};

/** A TCP connection to one peer or server. Reads come through `received`. */
export class Connection implements Disposable {
  /** The other side's end. */
  readonly remote: Endpoint;
  /** What arrived and was not taken yet. */
  readonly received: ReceiveBuffer = new ReceiveBuffer();
  /** Limits that it shares with other connections; between these they are fair by the other side's address. */
  speedLimits: SpeedLimits = unlimited;
  /** Called once when this side closes the connection. */
  onClose: (() => void) | undefined;
  /** Where the listener that accepted it has it. */
  place: Place<Connection> | undefined;
  readonly #socket: Deno.TcpConn;
  /** A read that was begun and not waited for to its end. */
  #early: Promise<Uint8Array | null> | undefined;
  #closed = false;
  #closing: AbortController | undefined;
  #failure: ConnectionLostError | undefined;
  #limitedMs = 0;
  #writes = 0;
  readonly #deadline = new Deadline((awaited) => this.#giveUp(awaited));

  /** Takes over a connected socket and closes it in the end. */
  constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
    this.remote = endpointOf(socket.remoteAddr);
  }

  /** This machine's end. */
  get local(): Endpoint {
    return endpointOf(this.#socket.localAddr);
  }

  /** Whether this side has closed the connection. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Fires when this side closes the connection, with a `ConnectionLostError` as the reason. */
  get closing(): AbortSignal {
    this.#closing ??= new AbortController();
    if (this.#closed) this.#closing.abort(this.#lost(undefined));
    return this.#closing.signal;
  }

  /**
   * From now on, waits until `ms` from now at the longest: then the connection is lost, with `awaited` as the
   * reason ("the reply"). The next call replaces this one; `relax` takes the deadline away.
   */
  expectWithin(ms: number, awaited: string): void {
    this.#deadline.set(ms, awaited);
  }

  /** From now on, waits as long as it takes. */
  relax(): void {
    this.#deadline.clear();
  }

  /** How long `speedLimits` made this side wait since the last call, in ms: not the other side's slowness. */
  takeLimitedMs(): number {
    const limitedMs = this.#limitedMs;
    this.#limitedMs = 0;
    return limitedMs;
  }

  /**
   * Receives more bytes into `received`.
   *
   * @returns false if the other side has ended the connection.
   * @throws {ConnectionLostError} if it is lost or the deadline passes.
   */
  async fill(minBytes?: number): Promise<boolean> {
    return await this.fillWithin(undefined, minBytes) === "open";
  }

  /**
   * As `fill`, but gives up after `ms`; undefined waits as long as it takes. A read that was begun cannot be taken
   * back: what it brings later is not lost, the next call receives it.
   *
   * @returns Whether more came ("open"), nothing came ("silent"), or the other side has ended the connection.
   */
  async fillWithin(
    ms: number | undefined,
    minBytes?: number,
  ): Promise<"open" | "silent" | "ended"> {
    if (ms === undefined && this.#early === undefined) {
      try {
        const count = await this.#read(this.received.space(minBytes));
        if (count === null) return "ended";
        this.received.commit(count);
        return "open";
      } catch (error) {
        throw this.#lost(error);
      }
    }
    this.#early ??= this.#readEarly();
    if (ms === undefined) return this.#receiveEarly(await this.#early) ? "open" : "ended";
    const timer = Promise.withResolvers<"silent">();
    const handle = setTimeout(() => timer.resolve("silent"), ms);
    try {
      const result = await Promise.race([this.#early, timer.promise]);
      if (result === "silent") return "silent";
      return this.#receiveEarly(result) ? "open" : "ended";
    } finally {
      clearTimeout(handle);
    }
  }

  /**
   * Waits until the other side ends the connection, as long as it sends nothing: what comes first is kept for the
   * next `fill`, and after that the end is not noticed here.
   *
   * @returns Whether it has ended; false when the signal fires.
   * @throws {ConnectionLostError} as `fill`.
   */
  async waitForEnd(signal: AbortSignal): Promise<boolean> {
    const stopped = Promise.withResolvers<Uint8Array>();
    const stop = () => stopped.resolve(new Uint8Array());
    if (signal.aborted) return false;
    signal.addEventListener("abort", stop, { once: true });
    this.#early ??= this.#readEarly();
    const ended = await Promise.race([this.#early, stopped.promise]) === null;
    if (ended) return true;
    await stopped.promise;
    return false;
  }

  /**
   * Receives some bytes into `target`, those of `received` first: for contents, which need not be looked at.
   *
   * @returns How many, at least one; null if the other side has ended the connection.
   * @throws {ConnectionLostError} as `fill`.
   */
  async readSome(target: Uint8Array): Promise<number | null> {
    const pending = Math.min(this.received.length, target.length);
    if (pending > 0) {
      target.set(this.received.bytes.subarray(0, pending));
      this.received.consume(pending);
      return pending;
    }
    try {
      return await this.#read(target);
    } catch (error) {
      throw this.#lost(error);
    }
  }

  /**
   * Sends all of `bytes`.
   *
   * @throws {ConnectionLostError} if the connection is lost or the other side takes nothing for `writeStallMs`.
   */
  write(bytes: Uint8Array): Promise<void> {
    const limiter = this.speedLimits.send;
    return limiter === undefined ? this.#writeAll(bytes) : this.#writeLimited(bytes, limiter);
  }

  async #writeLimited(bytes: Uint8Array, limiter: RateLimiter): Promise<void> {
    for (let begin = 0; begin < bytes.length; begin += limiter.sliceBytes) {
      const slice = bytes.subarray(begin, begin + limiter.sliceBytes);
      await this.#waitTurn(limiter, slice.length);
      await this.#writeAll(slice);
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    let sent = 0;
    while (sent < bytes.length) {
      this.expectWithin(writeStallMs, "the other side to read");
      try {
        // Without this the second of two short writes waits for the other side's delayed ACK; most need no second.
        if (++this.#writes === 2) this.#socket.setNoDelay();
        sent += await this.#socket.write(sent === 0 ? bytes : bytes.subarray(sent));
      } catch (error) {
        throw this.#lost(error);
      }
    }
    this.relax();
  }

  /**
   * Ends the connection so that what was sent arrives: closing a socket with unread bytes resets the connection,
   * and some systems then throw away what they had received. What still comes is thrown away for a while.
   */
  async finish(): Promise<void> {
    try {
      await this.#socket.closeWrite();
      this.expectWithin(lingerMs, "the other side to close");
      for (let total = 0; total < maxLingerBytes;) {
        const early = await this.#early;
        this.#early = undefined;
        const count = early === undefined ? await this.#read(dropped) : early?.length;
        if (count === undefined || count === null) break;
        total += count;
      }
    } catch {
      // It is being given up anyway; nothing that anybody waits for can be lost here any more.
    } finally {
      this.close();
    }
  }

  /** Closes the connection at once; a pending read or write fails. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#deadline.end();
    this.onClose?.();
    this.#closing?.abort(this.#lost(undefined));
    try {
      this.#socket.close();
    } catch {
      // Closed by the runtime already, after an error.
    }
  }

  /** As `close`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Reads into a place of its own, since `received` may be moved before it is done. */
  async #readEarly(): Promise<Uint8Array | null> {
    const bytes = new Uint8Array(earlyBytes);
    try {
      const count = await this.#read(bytes);
      return count === null ? null : bytes.subarray(0, count);
    } catch (error) {
      throw this.#lost(error);
    }
  }

  #receiveEarly(bytes: Uint8Array | null): boolean {
    // The end stays the end for whoever asks again.
    if (bytes === null) return false;
    this.#early = undefined;
    this.received.append(bytes);
    return true;
  }

  /** Fails as the socket does: whoever calls makes that a `ConnectionLostError`. Idle connections wait here, in few steps. */
  #read(target: Uint8Array): Promise<number | null> {
    const limiter = this.speedLimits.receive;
    return limiter === undefined ? this.#socket.read(target) : this.#readLimited(target, limiter);
  }

  async #readLimited(target: Uint8Array, limiter: RateLimiter): Promise<number | null> {
    const count = await this.#socket.read(target.subarray(0, limiter.sliceBytes));
    if (count !== null) await this.#waitTurn(limiter, count);
    return count;
  }

  /** Waits for a limiter of this side's: that is no fault of the other side, whose deadline stands still meanwhile. */
  async #waitTurn(limiter: RateLimiter, bytes: number): Promise<void> {
    const { leftMs, awaited } = this.#deadline;
    const beganAt = performance.now();
    this.relax();
    try {
      await limiter.take(bytes, this.closing, this.speedLimits.sharer ?? this.remote.host);
    } catch (error) {
      throw this.#lost(error);
    }
    this.#limitedMs += performance.now() - beganAt;
    if (this.#deadline.leftMs === Infinity) this.expectWithin(leftMs, awaited);
  }

  #lost(error: unknown): ConnectionLostError {
    if (this.#failure !== undefined) return this.#failure;
    if (error instanceof ConnectionLostError) return error;
    const reason = this.#closed ? "closed on this side" : describeNetworkError(error);
    return new ConnectionLostError(this.remote, reason);
  }

  #giveUp(awaited: string): void {
    const reason = `silent for too long while waiting for ${awaited}`;
    this.#failure = new ConnectionLostError(this.remote, reason, true);
    this.close();
  }
}
