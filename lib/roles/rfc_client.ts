/**
 * The client of other peers' RFC servers: documents and indexes (RFC 60001 section 5.4, RFC 60002 section 5).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { type AskingForm, givenAskingForm } from "../protocol/asking_form.ts";
import type { Packing } from "../protocol/dialect.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { isNdjson } from "../protocol/extensions.ts";
import { type IndexRecord, parseIndexRecord } from "../protocol/index_record.ts";
import { findPrefixBytes } from "../protocol/packing.ts";
import { findListedRecord, type ListForm } from "../protocol/listed_record.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { encodeGetIndex, encodeGetRfc } from "../protocol/rfc_request.ts";
import type { Protocol } from "../protocol/version.ts";
import { askInForms } from "./asking.ts";
import { type ClientOptions, connect, exchange, replyMs, sendRequest } from "./client_exchange.ts";
import {
  assertAnswers,
  type DocumentSink,
  receiveAnswerHead,
  receiveBytes,
  receiveDocument,
  type WantedDocument,
} from "./document_receiver.ts";

/**
 * Fetches a document from a holder into `sink`; a holder that does not understand the given form is asked in others.
 *
 * @returns How many bytes it has.
 * @throws {UnreachableError | ConnectionLostError} if the holder cannot be reached, is lost, stalls for
 *   `contentStallMs`, or sends less than it said.
 * @throws {RefusedError} if it does not have the document.
 * @throws {ProtocolError} if what it sends is not a reply.
 * @throws whatever the sink throws.
 */
export async function getRfc(
  holder: Endpoint,
  number: number,
  protocol: Protocol,
  sink: DocumentSink,
  options: ClientOptions,
): Promise<number> {
  const wanted = { holder, number, protocol };
  if (protocol === "P2P-DI") {
    return await fetchDocument(wanted, givenAskingForm, replyMs, sink, options);
  }
  return await askInForms(
    holder,
    options,
    (form, waitMs, understood) => fetchDocument(wanted, form, waitMs, sink, options, understood),
  );
}

async function fetchDocument(
  wanted: WantedDocument,
  form: AskingForm,
  waitMs: number,
  sink: DocumentSink,
  options: ClientOptions,
  understood: () => void = () => {},
): Promise<number> {
  const { holder, number, protocol } = wanted;
  using connection = await connect(holder, options);
  const request = encodeGetRfc(number, protocol, holder.host, options.os);
  await sendRequest(connection, request, options.trace, form, waitMs);
  await dropPrefix(connection, form.packing);
  const head = await receiveAnswerHead(connection, options.trace);
  assertAnswers(head, wanted);
  understood();
  return await receiveDocument(connection, head, wanted, sink);
}

/** Drops the length in front of a packed answer: where the document ends is found without it. */
async function dropPrefix(connection: Connection, packing: Packing): Promise<void> {
  const { received } = connection;
  for (;;) {
    const prefixBytes = findPrefixBytes(received.bytes, packing);
    if (prefixBytes !== undefined) return received.consume(prefixBytes);
    if (!await connection.fill(receiveBytes)) return;
  }
}

/**
 * Fetches a peer's RFC index and gives each record to `use` as it comes. Lines that are no records are passed over
 * (RFC 60002 section 6.3).
 *
 * @param form How it is wanted; a peer may answer in the given form to whatever it is asked.
 * @returns How it came.
 * @throws as `getRfc`.
 */
export async function getIndex(
  peer: Endpoint,
  use: (record: IndexRecord) => void,
  options: ClientOptions,
  form: ListForm = "given",
): Promise<ListForm> {
  return await exchange(
    {
      server: peer,
      protocol: "P2P-DI",
      // Whoever looks at messages wants to read them.
      request: () => encodeGetIndex(peer.host, options.os, form, options.trace === undefined),
      options,
    },
    async ({ fields }, lines) => {
      const isDetailed = isNdjson(fields);
      for await (const line of lines) {
        const record = isDetailed ? findDetailedRecord(line) : findPlainRecord(line);
        if (record !== undefined) use(record);
      }
      return isDetailed ? "detailed" : "given";
    },
  );
}

function findDetailedRecord(line: string): IndexRecord | undefined {
  const record = findListedRecord(line);
  return record && { ...record, ttlSeconds: record.ttlSeconds ?? 0 };
}

function findPlainRecord(line: string): IndexRecord | undefined {
  try {
    return parseIndexRecord(line);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
