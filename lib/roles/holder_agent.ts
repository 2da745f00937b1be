/**
 * Fetches from one holder: takes what is to be done as fast as the holder does it, so that the fastest gets most.
 * @module
 */
import { ConnectionLostError, UnreachableError } from "../net/errors.ts";
import { keepsOpen, readDocumentReply } from "../protocol/document_reply.ts";
import type { CrowdAsker } from "../protocol/crowd.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { ProtocolError } from "../protocol/protocol_error.ts";
import { probeMs } from "./asking.ts";
import { type ClientOptions, RefusedError, replyMs } from "./client_exchange.ts";
import type { DocumentFetch } from "./document_fetch.ts";
import { describeFailure } from "./failure.ts";
import type { Holder } from "./finder.ts";
import { HolderRest } from "./holder_rest.ts";
import { contentToSkip, HolderSession, type SessionReply } from "./holder_session.ts";
import { fetchWhole, takeWhole } from "./whole_fetch.ts";
import { receivePart } from "./part_reception.ts";
import { RequestWindow } from "./request_window.ts";
import {
  type AgentSupport,
  isMisunderstood,
  isTooSlow,
  maySayMisunderstood,
} from "./agent_support.ts";
import { type Fetcher, type Work, WorkOverError } from "./work.ts";

/** How often in a row a holder may lose its connection before it is given up. */
export const maxLosses = 3;

/** How long a connection may lie idle and be used again, in ms: less than the other side keeps it (RFC 60003 section 5.4). */
const idleMs = 20_000;

/** How long a holder of whom more is not known may keep a crowd's asker waiting, in seconds: less than `probeMs`. */
const firstWaitSeconds = 1;

/** How long any other may, in seconds: some turns on a slow link. */
const crowdWaitSeconds = 10;

/** Fetches from one holder. */
export class HolderAgent implements Fetcher {
  /** Who it is. */
  readonly holder: Holder;
  /** The documents that the holder is said to have. */
  readonly documents: Set<DocumentFetch> = new Set();
  lastProgressAt = 0;
  readonly #support: AgentSupport;
  readonly #ending = new AbortController();
  /** What connections are made with: they end with this agent. */
  readonly #client: ClientOptions;
  #running: Promise<void> = Promise.resolve();
  readonly #window = new RequestWindow();
  readonly #resting: HolderRest;
  /** What was taken on and not answered yet; the first `#sent` of it were asked for. */
  readonly #queue: Work[] = [];
  #sent = 0;
  #form: "unknown" | "extended" | "given";
  #session: HolderSession | undefined;
  #state: "idle" | "busy" | "gone" = "idle";
  #losses = 0;

  /** Asks nobody yet. */
  constructor(holder: Holder, support: AgentSupport) {
    this.holder = holder;
    this.#support = support;
    const { signal } = support.client;
    const ending = this.#ending.signal;
    const both = signal === undefined ? ending : AbortSignal.any([signal, ending]);
    this.#client = { ...support.client, signal: both };
    this.#form = "unknown";
    this.#resting = new HolderRest(() => support.changed());
  }

  get givesWholeOnly(): boolean {
    return this.#form === "given";
  }

  get isResting(): boolean {
    return this.#resting.isResting;
  }

  get bytesPerSecond(): number | undefined {
    return this.#window.bytesPerSecond;
  }

  get crowd(): CrowdAsker | undefined {
    const { servedPort } = this.#support;
    if (servedPort === undefined || this.#form === "given") return undefined;
    const waitSeconds = this.#isKnown ? crowdWaitSeconds : firstWaitSeconds;
    return { port: servedPort, waitSeconds };
  }

  get isHeldBack(): boolean {
    return this.#client.downloadLimiter !== undefined;
  }

  /** Whether it has given something. */
  get isProven(): boolean {
    return this.#window.isOpen;
  }

  /** Whether it did not understand, or not answer, what was asked first: others are better asked before it. */
  get isDoubtful(): boolean {
    return this.#form === "given" && !this.isProven;
  }

  /** Whether something could be asked of it now. */
  get isIdle(): boolean {
    return this.#state === "idle" && !this.isResting;
  }

  /** Whether it is fetching something. */
  get isBusy(): boolean {
    return this.#state === "busy";
  }

  /** Looks for something to do. @returns Whether there is something. */
  wake(now: number): boolean {
    if (!this.isIdle) return false;
    this.#refill(now);
    if (this.#queue.length === 0) return false;
    this.#state = "busy";
    if (now - this.lastProgressAt > idleMs) this.#close();
    this.#running = this.#run().catch((error) => this.#support.failed(error));
    return true;
  }

  /** Ends it for good. @returns When nothing is under way any more. */
  end(): Promise<void> {
    this.#state = "gone";
    this.#ending.abort();
    this.#resting.end();
    this.#close();
    this.#queue.length = 0;
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#queue.length > 0) {
      try {
        if (this.#form === "given") await this.#fetchWhole(this.#queue[0]!);
        else await this.#exchange();
        this.#losses = 0;
      } catch (error) {
        if (this.#state === "gone") return;
        if (!this.#recover(error)) break;
      }
      if (this.#state === "gone") return;
      this.#refill(performance.now());
    }
    this.#state = "idle";
    this.#support.changed();
  }

  /** Takes on what there is to do, but no more than the holder does in a while. */
  #refill(now: number): void {
    if (this.isResting || !this.#window.hasRoom(this.#queue)) return;
    const whole = this.#form === "given";
    for (const document of this.documents) {
      while (this.#window.fits(this.#queue, whole)) {
        const work = document.take(this, now);
        if (work === undefined) break;
        this.#queue.push(work);
      }
    }
  }

  async #fetchWhole(work: Work): Promise<void> {
    const startedAt = performance.now();
    await fetchWhole(work, this.#client);
    this.#queue.shift();
    this.#noteGiven(work.receivedBytes, startedAt);
  }

  async #exchange(): Promise<void> {
    this.#session ??= await HolderSession.open(this.holder, this.#client);
    const session = this.#session;
    if (this.#sent < this.#queue.length) {
      const orders = this.#queue.slice(this.#sent).map(({ order }) => order);
      await session.send(orders);
      this.#sent = this.#queue.length;
    }
    const startedAt = performance.now();
    const work = this.#queue[0]!;
    const waitMs = (work.order.crowd?.waitSeconds ?? 0) * 1_000;
    const head = await session.receiveHead(this.#isKnown ? replyMs + waitMs : probeMs);
    this.lastProgressAt = performance.now();
    if (head.other !== undefined) {
      // Who refuses this way may not have understood, and is then asked in other forms.
      if (!maySayMisunderstood(head.other.status)) this.#form = "given";
      await takeWhole(work, session, head, this.#client);
      this.#close();
    } else {
      this.#form = "extended";
      const isKept = await this.#take(work, session, head);
      if (!isKept) this.#close();
    }
    this.#queue.shift();
    if (this.#sent > 0) this.#sent--;
    this.#noteGiven(work.receivedBytes, startedAt);
  }

  /** Takes a reply. @returns Whether the connection can be used further. */
  async #take(work: Work, session: HolderSession, head: SessionReply): Promise<boolean> {
    const reply = readDocumentReply(head, work.order.range);
    if (reply.kind === "bytes") {
      const isWanted = await work.document.accept(work, reply);
      if (this.#state === "gone") return false;
      if (!isWanted) return keepsOpen(head.fields) && await session.skipContent(reply.length);
      await receivePart(work, session, reply, () => this.lastProgressAt = performance.now());
      return keepsOpen(head.fields);
    }
    const who = formatEndpoint(this.holder);
    if (reply.kind === "busy" && reply.elsewhere.length > 0) {
      const { document } = work;
      for (const endpoint of reply.elsewhere) this.#support.hint(document, endpoint, this);
      document.postpone(work, reply.retryAfterMs);
      const length = contentToSkip(head);
      return length !== undefined && await session.skipContent(length);
    }
    if (reply.kind === "busy") {
      this.#rest(reply.retryAfterMs);
      return false;
    }
    const answer = `${who} answered ${head.status} ${head.phrase}`;
    if (reply.kind === "beyond end") work.document.refuseRange(work, reply.size, answer);
    else work.document.exclude(this, answer);
    const length = contentToSkip(head);
    return length !== undefined && await session.skipContent(length);
  }

  get #isKnown(): boolean {
    return this.#form === "extended" || this.holder.givesExtensions === true;
  }

  #noteGiven(bytes: number, startedAt: number): void {
    this.#window.note(bytes, performance.now() - startedAt);
    if (bytes > 0) this.#resting.reward();
  }

  /** Deals with what went wrong. @returns Whether to go on. */
  #recover(error: unknown): boolean {
    const support = this.#support;
    const work = this.#queue[0];
    const document = work?.document;
    const reason = describeFailure(error, this.holder);
    const isTrial = this.#form === "unknown";
    const isLost = error instanceof ConnectionLostError || error instanceof ProtocolError;
    this.#giveUpConnection();
    if (support.client.signal?.aborted) return false;
    if (error instanceof WorkOverError) {
      // Somebody else does it, because this one is slow: that is not forgotten.
      if (work?.acceptedAt !== undefined) this.#noteGiven(work.receivedBytes, work.acceptedAt);
      return true;
    }
    if (isTrial && (isLost || isMisunderstood(error))) {
      this.#form = "given";
      return false;
    }
    if (error instanceof RefusedError) document?.exclude(this, reason);
    else if (error instanceof ProtocolError && this.#form === "extended") {
      support.drop(this, reason);
    } else if (isLost && !isTooSlow(error) && ++this.#losses < maxLosses) {
      this.#noteLoss(document, reason);
    } else if (isLost || error instanceof UnreachableError) support.gone(this, reason);
    else support.failed(error);
    return this.#state !== "gone";
  }

  /** One who gives extensions is asked anew, for what is missing; any other has had its chance. */
  #noteLoss(document: DocumentFetch | undefined, reason: string): void {
    if (this.#form === "given") document?.exclude(this, reason);
  }

  /** A busy holder is left alone for as long as it says, unless that is too long. */
  #rest(ms: number): void {
    if (this.#resting.begin(ms)) return this.#giveUpConnection();
    const who = formatEndpoint(this.holder);
    this.#support.gone(this, `${who} is busy for ${ms / 1_000} s more`);
  }

  #giveUpConnection(): void {
    this.#close();
    for (const work of this.#queue.splice(0)) work.document.giveBack(work);
  }

  #close(): void {
    this.#session?.[Symbol.dispose]();
    this.#session = undefined;
    this.#sent = 0;
  }
}
