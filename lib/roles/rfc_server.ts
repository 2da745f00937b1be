/**
 * The RFC server: the part of a peer that uploads (RFC 60001 section 5, RFC 60002 section 5).
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { Catalogue } from "../files/catalogue.ts";
import { Digests } from "../files/digests.ts";
import type { DocumentFolder, StoredDocument } from "../files/document_folder.ts";
import { FileError } from "../files/file_error.ts";
import { KeptFiles } from "../files/kept_files.ts";
import { OpenDocument } from "../files/open_document.ts";
import type { RfcIndex } from "../index/rfc_index.ts";
import type { Connection } from "../net/connection.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import type { RateLimiter, SpeedLimits } from "../net/rate_limiter.ts";
import type { Trace } from "../net/trace.ts";
import { findByteRange } from "../protocol/byte_range.ts";
import { encodeIndex } from "../protocol/di_reply.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { type Extensions, gzipCoding } from "../protocol/extensions.ts";
import { listedObject, type ListedRecord } from "../protocol/listed_record.ts";
import { encodeNdjson, type NdjsonObject } from "../protocol/ndjson.ts";
import { decodeRfcRequest } from "../protocol/rfc_request.ts";
import type { Protocol } from "../protocol/version.ts";
import { rfcServerWords } from "../protocol/words.ts";
import { type Answer, answerContent, pointElsewhere, refuse, refuseForNow } from "./answer.ts";
import { Arrivals } from "./arrivals.ts";
import { byTurns } from "./by_turns.ts";
import { comeAgainSeconds, Crowd, type CrowdTurn } from "./crowd.ts";
import { answerDocument } from "./document_answer.ts";
import { describeFailure } from "./failure.ts";
import { isWorthPacking, pack } from "./gzip_content.ts";
import { type ServedRequest, serveRequests, type Service } from "./request_loop.ts";
import { HeldParts } from "./sent_document.ts";
import { UploadSlots, waitForSlot } from "./upload_slots.ts";

/** How an RFC server is set up. */
export interface RfcServerOptions extends ListenOptions {
  /** What it serves. Documents that `offers` refuses are not there for others. */
  readonly folder: DocumentFolder;
  /** Whether a document of the folder is for others. @default every one is */
  readonly offers?: ((number: number) => boolean) | undefined;
  /** The digests of the folder's documents. @default computed when asked for, not kept from one run to the next */
  readonly digests?: Digests | undefined;
  /** What `GET RFC-Index` shows. */
  readonly index: RfcIndex;
  /** What the `OS` field says. */
  readonly os: string;
  /** The clock, in ms since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Whether only the given form is understood. @default false */
  readonly strict?: boolean | undefined;
  /** Limits what all uploads send together. @default no limit */
  readonly uploadLimiter?: RateLimiter | undefined;
  /**
   * Between whom it is fair: addresses, so that nobody gets more by asking more often, or connections, as a router is
   * that knows nothing of peers. @default "addresses"
   */
  readonly fairBetween?: "addresses" | "connections" | undefined;
  /** What will be in the folder soon. @default nothing */
  readonly arrivals?: Arrivals | undefined;
  /** How many documents go out at a time. @default as many as are asked for */
  readonly maxUploads?: number | undefined;
  /** Is told of every message. */
  readonly trace?: Trace | undefined;
  /** Called after each document that went out whole. */
  readonly uploaded?: ((document: StoredDocument, to: Endpoint) => void) | undefined;
}

/**
 * For how long digests are computed for one list, in ms. Whoever asks waits `replyMs` at most; records whose digest is
 * not known by then say nothing of it.
 */
const indexDigestsMs = 1_000;

const logger = getLogger(["rfc-exchange", "rfc-server"]);

/** A running RFC server. It answers both protocols on one port. */
export class RfcServer implements AsyncDisposable {
  readonly #options: RfcServerOptions;
  readonly #listener: Listener;
  readonly #digests: Digests;
  readonly #files = new KeptFiles();
  readonly #heldParts = new HeldParts();
  readonly #slots: UploadSlots;
  readonly #arrivals: Arrivals;
  readonly #crowd: Crowd;

  /** Listens and serves from now on. @throws {ListenError} if it cannot listen where it was told to. */
  constructor(options: RfcServerOptions) {
    this.#options = options;
    this.#digests = options.digests ?? new Digests(new Catalogue(options.folder.path));
    this.#listener = new Listener(options);
    this.#slots = new UploadSlots({ maxUploads: options.maxUploads ?? Infinity });
    this.#arrivals = options.arrivals ?? new Arrivals();
    this.#crowd = new Crowd({
      link: options.uploadLimiter,
      arrivals: this.#arrivals,
      uploads: () => this.#slots.running,
    });
    const service: Service = {
      protocol: "P2P-CI",
      persistent: false,
      strict: options.strict ?? false,
      vocabulary: rfcServerWords,
      mirrorsDialect: true,
      decode: decodeRfcRequest,
      trace: options.trace,
      answer: (request) => this.#answer(request),
      ended: (connection) => this.#crowd.leave(connection),
    };
    this.#listener.start({
      serve: (connection) => {
        connection.speedLimits = this.#limitsOf(connection);
        return serveRequests(connection, service);
      },
      failed: (error, remote) =>
        logger.info("{failure}", { failure: describeFailure(error, remote) }),
      closeFiles: () => this.#files.closeAll(),
    });
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#listener.endpoint;
  }

  /** The peers that get documents from here and from each other. */
  get crowd(): Pick<Crowd, "askers" | "whenGone"> {
    return this.#crowd;
  }

  /** Closes every connection and the port. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener.close();
    this.#files[Symbol.dispose]();
  }

  #limitsOf({ remote }: Connection): SpeedLimits {
    const { uploadLimiter: send, fairBetween } = this.#options;
    return { send, sharer: fairBetween === "connections" ? formatEndpoint(remote) : undefined };
  }

  #answer({ head, extensions, connection }: ServedRequest): Answer | Promise<Answer> {
    const request = decodeRfcRequest(head);
    this.#listener.prove(connection);
    return request.method === "GET RFC-Index"
      ? this.#answerIndex(extensions)
      : this.#answerRfc(request.number, request.protocol, extensions, connection);
  }

  async #answerIndex(extensions: Extensions): Promise<Answer> {
    const { index, trace } = this.#options;
    const { ndjson, gzip, keepAlive } = extensions;
    const lines = ndjson
      ? encodeNdjson(objectsOf(await this.#ownRecords(), index.heardRecords()))
      : encodeIndex(index.records());
    const content = await Array.fromAsync(byTurns(lines));
    // Whoever looks at messages wants to read them.
    const isPacked = gzip && trace === undefined && isWorthPacking(content);
    return isPacked
      ? answerContent("P2P-DI", await pack(content), extensions, keepAlive, gzipCoding)
      : answerContent("P2P-DI", content, extensions, keepAlive);
  }

  /** Own records with size and digest, as far as these are soon known (RFC 60003 section 6.3). */
  async #ownRecords(): Promise<ListedRecord[]> {
    const { index, folder } = this.#options;
    const records: ListedRecord[] = [];
    const until = performance.now() + indexDigestsMs;
    for (const record of index.ownRecords()) {
      const stored = folder.documents.get(record.number);
      const details = stored && {
        size: stored.size,
        ...await this.#findDigest(stored, performance.now() < until),
      };
      records.push({ ...record, ...details });
    }
    return records;
  }

  /** A document's digest for a list: one that is known, or that can be computed, if there is time for that. */
  async #findDigest(stored: StoredDocument, mayCompute: boolean): Promise<{ sha256?: string }> {
    try {
      const known = this.#digests.find(stored);
      const sha256 = known ?? (mayCompute ? await this.#digests.sha256(stored) : undefined);
      return sha256 === undefined ? {} : { sha256 };
    } catch (error) {
      // Just removed or changed; the folder will be looked at again.
      logger.warn("{failure}", { failure: describeFailure(error) });
      return {};
    }
  }

  async #answerRfc(
    number: number,
    protocol: Protocol,
    extensions: Extensions,
    connection: Connection,
  ): Promise<Answer> {
    const { folder, offers = () => true } = this.#options;
    const { keepAlive, crowd } = extensions;
    const find = () => offers(number) ? folder.documents.get(number) : undefined;
    using waitedFor = new DisposableStack();
    let turn: CrowdTurn | undefined;
    if (crowd !== undefined && asksForAll(extensions, find()?.size)) {
      const admission = await this.#crowd.admit(number, crowd, connection, () => find()?.size);
      if (admission.kind === "turn") turn = waitedFor.use(admission.turn);
      if (admission.kind === "elsewhere") {
        return pointElsewhere(protocol, comeAgainSeconds, admission.holders, extensions);
      }
      const isStillToCome = find() !== undefined || this.#arrivals.has(number);
      if (admission.kind === "too late" && isStillToCome) {
        return refuseForNow(protocol, comeAgainSeconds, extensions);
      }
    }
    const stored = find();
    if (stored === undefined) return refuse(protocol, 404, extensions, keepAlive);
    if (!extensions.asked) waitedFor.use(await waitForSlot(this.#slots, connection));
    return await this.#answerStored(stored, protocol, extensions, connection, waitedFor, turn);
  }

  async #answerStored(
    stored: StoredDocument,
    protocol: Protocol,
    extensions: Extensions,
    connection: Connection,
    waitedFor: DisposableStack,
    turn: CrowdTurn | undefined,
  ): Promise<Answer> {
    const { os, now = Date.now, uploaded } = this.#options;
    const slots = this.#slots;
    let document: OpenDocument;
    try {
      document = OpenDocument.open(stored.path, this.#files);
    } catch (error) {
      // Removed since the folder was looked at.
      if (!(error instanceof FileError)) throw error;
      logger.warn("{failure}", { failure: error.message });
      return refuse(protocol, 404, extensions, extensions.keepAlive);
    }
    try {
      return await answerDocument({
        document,
        protocol,
        extensions,
        os,
        now: now(),
        digests: this.#digests,
        heldParts: this.#heldParts,
        takeSlot: () => {
          if (!extensions.asked) return waitedFor.move();
          const slot = slots.tryTurn(connection.remote.host);
          if (slot === undefined) return undefined;
          waitedFor.use(slot);
          return waitedFor.move();
        },
        retryAfterSeconds: () => slots.retryAfterSeconds(),
        sent: () => {
          turn?.sent();
          uploaded?.(stored, connection.remote);
        },
      });
    } catch (error) {
      document[Symbol.dispose]();
      throw error;
    }
  }
}

/** Whether a request is for all of a document, as far as its length is known. */
function asksForAll({ range, ifNoneMatch }: Extensions, size: number | undefined): boolean {
  if (ifNoneMatch !== undefined) return false;
  if (range === undefined || size === undefined) return true;
  const part = findByteRange(range, size);
  return typeof part === "object" && part.last - part.first + 1 === size;
}

function* objectsOf(...lists: Iterable<ListedRecord>[]): Generator<NdjsonObject, void, undefined> {
  for (const records of lists) for (const record of records) yield listedObject(record);
}
