/**
 * Asking somebody whose program is not known: in the given form, and if that is not understood in others
 * (RFC 60001 section 8).
 * @module
 */
import { ConnectionLostError } from "../net/errors.ts";
import { type AskingForm, formsToTry } from "../protocol/asking_form.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { type ClientOptions, RefusedError, replyMs } from "./client_exchange.ts";

/** How long somebody may be silent before another form is tried, in ms. */
export const probeMs = 2_000;

/**
 * Asks in one form after another until one is understood, and remembers that one.
 *
 * @param ask Asks once, on a connection of its own, and waits for the reply so long. It calls `understood` when a
 *   reply has begun: what goes wrong then is not for want of understanding.
 * @throws what the first attempt threw, if no form is understood, or what says that another form would not help.
 */
export async function askInForms<T>(
  whom: Endpoint,
  { forms, signal }: ClientOptions,
  ask: (form: AskingForm, waitMs: number, understood: () => void) => Promise<T>,
): Promise<T> {
  const key = formatEndpoint(whom);
  const candidates = formsToTry(forms?.get(key));
  let firstError: unknown;
  for (const form of candidates) {
    if (form.isForRefusals && firstError !== undefined && !(firstError instanceof RefusedError)) {
      continue;
    }
    let isUnderstood = false;
    const understood = () => {
      isUnderstood = true;
      forms?.set(key, form);
    };
    try {
      return await ask(form, candidates.length > 1 ? probeMs : replyMs, understood);
    } catch (error) {
      if (signal?.aborted || isUnderstood || !isMisunderstanding(error)) throw error;
      firstError ??= error;
    }
  }
  throw firstError;
}

/** A server took our line ends for a part of what was said: its reply has them within lines. */
export class GarbledReplyError extends Error {
  /** Tells it from other errors. */
  override readonly name = "GarbledReplyError";
}

/** A reply was understood and did not end. */
export class EndlessReplyError extends ProtocolError {
  /** `limit` is what it passed, in words. */
  constructor(limit: string) {
    super(400, `Cannot take reply: longer than ${limit}`, { framingLost: true });
  }
}

/**
 * Whether an error may come from not having been understood: refused as malformed, hung up on, met with silence, or
 * misread.
 */
export function isMisunderstanding(error: unknown): boolean {
  if (error instanceof RefusedError) return error.status === 400 || error.status === 505;
  if (error instanceof EndlessReplyError) return false;
  return error instanceof ConnectionLostError || error instanceof ProtocolError ||
    error instanceof GarbledReplyError;
}
