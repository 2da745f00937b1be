/**
 * One document on its way: from the search for holders until it is there, or has failed.
 * @module
 */
import { WrongDigestError } from "../files/document_part.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { DocumentFetch } from "./document_fetch.ts";
import type { DownloadEvents } from "./download_events.ts";
import { FailureReasons } from "./failure_reasons.ts";
import type { FetchOptions } from "./fetch_options.ts";
import type { Holder } from "./finder.ts";
import type { Fetcher } from "./work.ts";

/** How long a document that is whole waits for what other holders say of it, in ms. */
const opinionMs = 2_000;

/** What a task works with. */
export interface TaskOptions extends FetchOptions {
  /** Is told how it goes. */
  readonly events: DownloadEvents;
  /** Called when there may be something to do for somebody. */
  readonly changed: () => void;
  /** Called when a holder was found to send wrong bytes; it has to leave every task. */
  readonly drop: (fetcher: Fetcher, reason: string) => void;
  /** Called when the document cannot be stored, whoever gives it. */
  readonly cannotStore: (error: unknown) => void;
}

/** A document that is being brought. */
export class DownloadTask {
  /** Number of the document. */
  readonly number: number;
  /** What is fetched of it. */
  readonly fetch: DocumentFetch;
  /** Resolves when the document is there, or nobody gave it. */
  readonly over: Promise<void>;
  readonly #options: TaskOptions;
  readonly #end: () => void;
  readonly #startedAt = performance.now();
  readonly #reasons = new FailureReasons();
  #phase: "searching" | "fetching" | "over" = "searching";
  #isFinishing = false;
  #opinionTimer: ReturnType<typeof setTimeout> | undefined;

  /** Nobody is asked until somebody is added. */
  constructor(options: TaskOptions) {
    const { number, events, changed, drop, cannotStore } = options;
    this.#options = options;
    this.number = number;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.over = promise;
    this.#end = resolve;
    this.fetch = new DocumentFetch(options, {
      sized: (bytes, kept) => events.sized(number, bytes, kept),
      received: (holder, bytes) => events.received(number, holder, bytes),
      changed: () => {
        this.#check();
        changed();
      },
      passedOver: (fetcher, what) => this.#note(describe(fetcher, what)),
      excluded: (fetcher, what) => {
        const reason = describe(fetcher, what);
        if (!this.fetch.isHint(fetcher)) events.passedOver(number, reason);
        this.leave(fetcher, reason);
      },
      wrong: (fetcher, what) => drop(fetcher, describe(fetcher, what)),
      cannotStore,
    });
  }

  /** Whether the document is there, or nobody gave it. */
  get isOver(): boolean {
    return this.#phase === "over";
  }

  /** Somebody is said to have the document; the holder says what a list told of its copy. */
  add(fetcher: Fetcher, holder: Holder): void {
    if (!this.isOver) this.fetch.add(fetcher, holder);
  }

  /** Nobody else is known to have it. */
  endSearch(): void {
    if (this.#phase === "searching") this.#phase = "fetching";
    this.#check();
  }

  /** A holder, or a way to find holders, failed. */
  noteFailure(reason: string): void {
    this.#reasons.add(reason);
  }

  /** A holder is gone. @param isWrong Whether it sent wrong bytes: then what it gave and said does not count. */
  leave(fetcher: Fetcher, reason: string, isWrong = false): void {
    if (this.isOver || !this.fetch.has(fetcher)) return;
    this.#reasons.add(reason);
    this.fetch.remove(fetcher, isWrong);
  }

  /** Ends it early; what can be resumed stays. */
  abandon(): void {
    if (this.isOver || this.#isFinishing) return;
    this.#conclude();
    this.#end();
  }

  #note(reason: string): void {
    this.#reasons.add(reason);
    this.#options.events.passedOver(this.number, reason);
  }

  /** Finishes the document if all of it is there, or fails if nobody is left. */
  #check(): void {
    if (this.isOver || this.#isFinishing) return;
    if (this.fetch.wholePart !== undefined) {
      if (!this.fetch.awaitsOpinion) this.#finish();
      // A document whose digest no list told waits a moment for what others say of it.
      else this.#opinionTimer ??= setTimeout(() => this.#finish(), opinionMs);
    } else if (this.#phase === "fetching" && this.fetch.isStuck) {
      this.#conclude();
      this.#tellDispute();
      this.#options.events.failed(this.number, this.#reasons.describe(this.number));
      this.#end();
    }
  }

  #finish(): void {
    clearTimeout(this.#opinionTimer);
    this.#opinionTimer = undefined;
    if (this.isOver || this.#isFinishing || this.fetch.wholePart === undefined) return;
    this.#isFinishing = true;
    this.fetch.stop();
    this.#store().catch(this.#options.cannotStore);
  }

  async #store(): Promise<void> {
    const part = this.fetch.wholePart!;
    const { sha256 } = this.fetch;
    try {
      await part.finish(sha256);
    } catch (error) {
      this.#isFinishing = false;
      if (!(error instanceof WrongDigestError)) throw error;
      return this.#blame(error);
    }
    const { sources } = this.fetch;
    this.#conclude();
    this.#tellDispute();
    this.#options.events.downloaded({
      number: this.number,
      path: part.path,
      bytes: part.size ?? 0,
      ms: performance.now() - this.#startedAt,
      sources,
      verified: sha256 !== undefined,
    });
    this.#end();
  }

  /** The document is whole and wrong: whoever gave all of it is to blame. */
  #blame({ expected, actual }: WrongDigestError): void {
    const giver = this.fetch.startOver();
    if (giver === undefined) return this.#options.changed();
    const what = `its RFC ${this.number} has SHA-256 ${actual}, not ${expected}`;
    this.#options.drop(giver, describe(giver, what));
  }

  #conclude(): void {
    this.#phase = "over";
    this.#isFinishing = false;
    clearTimeout(this.#opinionTimer);
    this.fetch.close();
  }

  #tellDispute(): void {
    const { dispute } = this.fetch;
    if (dispute === undefined) return;
    this.#options.events.disagreement(this.number, dispute.votes, dispute.chosen);
  }
}

/** What is said of a holder, with its name. */
function describe({ holder }: Fetcher, what: string): string {
  const who = formatEndpoint(holder);
  return what.includes(who) ? what : `${who}: ${what}`;
}
