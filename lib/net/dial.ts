/**
 * Connecting to a peer or server.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import { mayUse } from "./address.ts";
import { Connection } from "./connection.ts";
import { describeNetworkError, missingNetPermission, UnreachableError } from "./errors.ts";

/** How long a connection may take to be made, in ms: some retransmissions of the first segment on a bad LAN. */
export const dialTimeoutMs = 5_000;

/** How to connect. */
export interface DialOptions {
  /** How long an attempt may take, in ms. @default dialTimeoutMs */
  readonly timeoutMs?: number;
  /** Ends the attempt when it fires. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Connects to an endpoint. A name with addresses of both families is tried by RFC 8305.
 *
 * @throws {UnreachableError} saying whether it was refused, silent, or no such host.
 */
export async function dial(endpoint: Endpoint, options: DialOptions = {}): Promise<Connection> {
  if (!mayUse(endpoint)) throw new UnreachableError(endpoint, missingNetPermission);
  const timeoutMs = options.timeoutMs ?? dialTimeoutMs;
  using attempt = new Attempt(timeoutMs, options.signal);
  try {
    const socket = await Deno.connect({
      hostname: endpoint.host,
      port: endpoint.port,
      signal: attempt.signal,
    });
    return new Connection(socket);
  } catch (error) {
    const reason = attempt.timedOut
      ? `silent for ${timeoutMs / 1_000} s`
      : options.signal?.aborted
      ? "given up on this side"
      : describeNetworkError(error);
    throw new UnreachableError(endpoint, reason);
  }
}

/** One attempt's time limit, taken back when the attempt is over, so that no timer stays behind. */
class Attempt implements Disposable {
  readonly #controller = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #outer: AbortSignal | undefined;
  readonly #abort = () => this.#controller.abort();
  timedOut = false;

  constructor(timeoutMs: number, outer: AbortSignal | undefined) {
    this.#timer = setTimeout(() => {
      this.timedOut = true;
      this.#abort();
    }, timeoutMs);
    this.#outer = outer;
    if (outer?.aborted) this.#abort();
    outer?.addEventListener("abort", this.#abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener("abort", this.#abort);
  }
}
