/**
 * Bringing documents from whoever has them.
 * @module
 */
import { FileError } from "../files/file_error.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { Finder, Holder } from "./finder.ts";
import type { DocumentSink } from "./document_receiver.ts";
import { getRfc } from "./rfc_client.ts";

/** A document in the making. */
export interface DocumentTarget extends DocumentSink, Disposable {
  /** Everything was written: makes it the document. */
  finish(): Promise<void>;
}

/** A document that came. */
export interface Downloaded {
  /** Number of the document. */
  readonly number: number;
  /** Who gave it. */
  readonly holder: Endpoint;
  /** Its length. */
  readonly bytes: number;
  /** From the first connection attempt at this holder to the document having its name, in ms. */
  readonly ms: number;
}

/** A document could not be had; the message says why, holder by holder. */
export class NotDownloadedError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "NotDownloadedError";

  /** `reasons` say why each holder did not give it; none if there was no holder. */
  constructor(readonly number: number, reasons: readonly string[]) {
    super(
      `Cannot get RFC ${number}: ${
        reasons.length === 0 ? "nobody has it" : `no holder gave it (${reasons.join("; ")})`
      }`,
    );
  }
}

/** What a download is done with. */
export interface Download {
  /** Number of the document. */
  readonly number: number;
  /** Asked in this order. */
  readonly finders: readonly Finder[];
  /** Called for each attempt. */
  readonly createTarget: () => Promise<DocumentTarget>;
  /** What the connections to holders are made with. */
  readonly options: ClientOptions;
  /** Told of each holder, or finder, that failed; the next is tried then. */
  readonly failed: (reason: string) => void;
}

/**
 * Brings one document: tries the holders that the finders name, one after another, until one gives it whole.
 *
 * @throws {NotDownloadedError} if none does.
 * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if no finder could be asked: that of
 *   the first.
 * @throws {FileError} if it cannot be stored: another holder would not help.
 */
export async function download(request: Download): Promise<Downloaded> {
  const { number, options } = request;
  const tried = new Set<string>();
  const reasons: string[] = [];
  const finderErrors: unknown[] = [];
  const note = (reason: string) => {
    reasons.push(reason);
    request.failed(reason);
  };
  for (const finder of request.finders) {
    try {
      for await (const holder of finder.holders(number)) {
        const key = formatEndpoint(holder);
        if (tried.has(key)) continue;
        tried.add(key);
        const downloaded = await tryHolder(request, holder, note);
        if (downloaded !== undefined) return downloaded;
      }
    } catch (error) {
      if (error instanceof FileError || options.signal?.aborted) throw error;
      finderErrors.push(error);
      note(describe(error));
    }
  }
  if (finderErrors.length === request.finders.length) throw finderErrors[0];
  throw new NotDownloadedError(number, reasons);
}

async function tryHolder(
  { number, createTarget, options }: Download,
  holder: Holder,
  note: (reason: string) => void,
): Promise<Downloaded | undefined> {
  using target = await createTarget();
  const startedAt = performance.now();
  try {
    const bytes = await getRfc(holder, number, holder.protocol, target, options);
    await target.finish();
    return { number, holder, bytes, ms: performance.now() - startedAt };
  } catch (error) {
    if (error instanceof FileError || options.signal?.aborted) throw error;
    const text = describe(error);
    const who = formatEndpoint(holder);
    note(text.includes(who) ? text : `${who}: ${text}`);
    return undefined;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
