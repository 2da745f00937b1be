/**
 * What the other side did wrong on the wire.
 * @module
 */
import type { StatusCode } from "./status.ts";
import type { Protocol } from "./version.ts";

/** What is known about the offending message besides its error. */
export interface ProtocolErrorContext {
  /** The protocol the message claimed to speak, if that far was understood. */
  readonly protocol?: Protocol | undefined;
  /**
   * Whether the end of the message was not found, so that nothing after it can be trusted.
   * @default false
   */
  readonly framingLost?: boolean;
}

/**
 * The other side broke the protocol. Our own mistakes are `TypeError` and `RangeError` instead.
 * `status` is what answers it if it was a request (RFC 60001 sections 3.6 and 6).
 */
export class ProtocolError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "ProtocolError";
  /** The protocol that the message claimed to speak, if that far was understood. */
  readonly protocol: Protocol | undefined;
  /** Whether nothing after the message can be trusted: then the connection ends. */
  readonly framingLost: boolean;

  /** The message says what was tried, the rule and the value; it is for a log, never for the wire. */
  constructor(readonly status: StatusCode, message: string, context: ProtocolErrorContext = {}) {
    super(message);
    this.protocol = context.protocol;
    this.framingLost = context.framingLost ?? false;
  }

  /** The same error, knowing which protocol its message spoke. */
  withProtocol(protocol: Protocol): ProtocolError {
    return new ProtocolError(this.status, this.message, {
      protocol,
      framingLost: this.framingLost,
    });
  }

  /** The same error of a message behind which nothing can be trusted. */
  withFramingLost(): ProtocolError {
    return new ProtocolError(this.status, this.message, {
      protocol: this.protocol,
      framingLost: true,
    });
  }
}

/** A value as it is shown in an error: quoted, control characters escaped, cut after 40 characters. */
export function quoted(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
