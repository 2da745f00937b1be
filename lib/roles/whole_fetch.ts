/**
 * Fetching a document whole, from a holder that gives no extensions.
 * @module
 */
import { formatEndpoint } from "../protocol/endpoint.ts";
import { givenAskingForm } from "../protocol/asking_form.ts";
import type { BytesReply } from "../protocol/document_reply.ts";
import type { ClientOptions } from "./client_exchange.ts";
import { assertAnswers, type DocumentSink, receiveDocument } from "./document_receiver.ts";
import type { HolderSession, SessionReply } from "./holder_session.ts";
import { getRfc } from "./rfc_client.ts";
import { type Work, WorkOverError } from "./work.ts";

/** Fetches a document in whatever form its holder understands. @throws as `getRfc`. */
export async function fetchWhole(work: Work, options: ClientOptions): Promise<void> {
  const { holder } = work.fetcher;
  await getRfc(holder, work.document.number, holder.protocol, sinkOf(work), options);
  work.document.complete(work);
}

/**
 * Takes what a holder without extensions has answered to a request that asked for some, as most of them do.
 *
 * @throws as `getRfc`.
 */
export async function takeWhole(
  work: Work,
  session: HolderSession,
  { other }: SessionReply,
  { forms }: ClientOptions,
): Promise<void> {
  const { holder } = work.fetcher;
  const wanted = { holder, number: work.document.number, protocol: holder.protocol };
  assertAnswers(other!, wanted);
  work.isWhole = true;
  await receiveDocument(session.connection, other!, wanted, sinkOf(work));
  forms?.set(formatEndpoint(holder), givenAskingForm);
  work.document.complete(work);
}

function sinkOf(work: Work): DocumentSink {
  let offset = 0;
  return {
    async begin(length) {
      if (!await work.document.accept(work, wholeReply(length))) throw new WorkOverError();
    },
    write(bytes) {
      work.document.write(work, offset, bytes);
      offset += bytes.length;
    },
  };
}

/** What a holder says that says nothing. */
function wholeReply(length: number): BytesReply {
  return {
    kind: "bytes",
    first: 0,
    length,
    size: length,
    etag: undefined,
    contentSha256: undefined,
    reprSha256: undefined,
  };
}
