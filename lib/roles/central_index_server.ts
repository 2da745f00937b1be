/**
 * The central index server: which peer has which document (RFC 60001 section 4).
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { CentralIndex } from "../index/central_index.ts";
import type { IndexedRecord } from "../index/document_records.ts";
import type { Connection } from "../net/connection.ts";
import { Listener, type ListenOptions } from "../net/listener.ts";
import type { Trace } from "../net/trace.ts";
import { decodeCiRequest } from "../protocol/ci_request.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import type { Extensions } from "../protocol/extensions.ts";
import { listedObject } from "../protocol/listed_record.ts";
import { encodeNdjson, type NdjsonObject } from "../protocol/ndjson.ts";
import { indexServerWords } from "../protocol/words.ts";
import { type Answer, answerContent, answerRecords, refuse } from "./answer.ts";
import { describeFailure } from "./failure.ts";
import { KeptReplies } from "./kept_replies.ts";
import { ProtocolClock } from "./protocol_clock.ts";
import { type ServedRequest, serveRequests } from "./request_loop.ts";
import { type Stay, Stays } from "./stays.ts";

/** How a central index server is set up. */
export interface CentralIndexServerOptions extends ListenOptions {
  /** Whether only the given form is understood. @default false */
  readonly strict?: boolean | undefined;
  /** The clock, in ms since 1970. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** How much faster than the wall's the protocol's time runs. @default 1 */
  readonly timeScale?: number | undefined;
  /** Is told of every message. */
  readonly trace?: Trace | undefined;
  /** Called after each change of the index. */
  readonly changed?: (() => void) | undefined;
}

const logger = getLogger(["rfc-exchange", "ci"]);

/** A running central index server. */
export class CentralIndexServer implements AsyncDisposable {
  /** The index; its records belong to connections. */
  readonly index: CentralIndex = new CentralIndex((number) => this.#replies.forget(number));
  readonly #replies = new KeptReplies(this.index);
  readonly #listener: Listener;
  readonly #trace: Trace | undefined;
  readonly #changed: () => void;
  readonly #strict: boolean;
  readonly #stays: Stays;

  /** Listens and serves from now on. @throws {ListenError} if it cannot listen where it was told to. */
  constructor(options: CentralIndexServerOptions) {
    this.#trace = options.trace;
    this.#changed = options.changed ?? (() => {});
    this.#strict = options.strict ?? false;
    this.#stays = new Stays(this.index, new ProtocolClock(options.timeScale, options.now).now);
    this.#listener = new Listener(options);
    this.#listener.start({
      serve: (connection) => this.#serve(connection),
      failed: (error, remote) =>
        logger.info("{failure}", { failure: describeFailure(error, remote) }),
    });
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#listener.endpoint;
  }

  /** Closes every connection and the port. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#listener.close();
  }

  #serve(connection: Connection): Promise<void> {
    const stay = this.#stays.begin(connection.remote.host);
    return serveRequests(connection, {
      protocol: "P2P-CI",
      persistent: true,
      strict: this.#strict,
      vocabulary: indexServerWords,
      mirrorsDialect: true,
      trace: this.#trace,
      decode: decodeCiRequest,
      answer: (request) => this.#answer(stay, request),
      ended: () => {
        if (this.#stays.end(stay)) this.#changed();
      },
    });
  }

  #answer(stay: Stay, { head, extensions, dialect, connection }: ServedRequest): Answer {
    const request = decodeCiRequest(head);
    this.#listener.prove(connection);
    stay.countRequest();
    this.#stays.expire();
    switch (request.method) {
      case "ADD": {
        const { record, details } = request;
        const session = this.#stays.sessionFor(stay, record, dialect.lasting);
        const isKnown = details !== undefined && this.index.describe(session, record, details);
        if (!isKnown) this.index.add(session, record, details);
        this.#changed();
        return answerRecords([record]);
      }
      case "LOOKUP": {
        const { number } = request;
        const answer = extensions.ndjson && this.index.has(number)
          ? answerNdjson(this.index.lookup(number), extensions)
          : this.#replies.answer(number);
        return answer ?? refuse("P2P-CI", 404, extensions, true);
      }
      case "LIST":
        return extensions.ndjson
          ? answerNdjson(this.index.list(), extensions)
          : answerRecords(this.index.list());
      case "REMOVE": {
        const { number, holder } = request;
        const session = this.#stays.sessionFor(stay, holder, dialect.lasting);
        const removed = this.index.remove(session, number, holder);
        if (removed === undefined) return refuse("P2P-CI", 404, extensions, true);
        this.#changed();
        return answerRecords([removed]);
      }
      case "REGISTER":
        this.#stays.register(stay, request.holder);
        return answerRecords([]);
      case "EXIT":
        // Whoever reads the reply finds the records gone; the connection may end a while later.
        this.#stays.leave(stay, request.holder);
        this.#changed();
        return answerRecords([], false);
    }
  }
}

function answerNdjson(records: Iterable<IndexedRecord>, extensions: Extensions): Answer {
  return answerContent("P2P-CI", encodeNdjson(objectsOf(records)), extensions, true);
}

function* objectsOf(records: Iterable<IndexedRecord>): Generator<NdjsonObject, void, undefined> {
  for (const { details, ...record } of records) yield listedObject({ ...record, ...details });
}
