/**
 * Serving a crowd: peers that want the same documents, and pass on what they get (RFC 60003 section 9).
 * @module
 */
import type { Connection } from "../net/connection.ts";
import { ConnectionLostError } from "../net/errors.ts";
import type { RateLimiter } from "../net/rate_limiter.ts";
import type { CrowdAsker } from "../protocol/crowd.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { Arrivals } from "./arrivals.ts";
import { CopiesGiven } from "./copies_given.ts";
import { UploadTurns } from "./upload_turns.ts";

/** Longest time that an asker is kept waiting, in ms, whatever it accepts: each keeps a connection. */
export const maxAskerWaitMs = 30_000;

/** How many documents go out at once over a link without a limit when it counts as busy. */
const manyUploads = 4;

/**
 * How many may wait here for the same document: the first who gets it can pass it on at the same time, so that a crowd
 * of thirty has it after a few rounds, not after thirty turns. Fewer are better served here than sent about.
 */
export const maxWaitingForOne = 6;

/** After how long whoever could not be served in time may come again, in seconds. */
export const comeAgainSeconds = 1;

/** What a crowd is served with. */
export interface CrowdOptions {
  /** What limits the uplink, if anything does. */
  readonly link: Pick<RateLimiter, "busyUntil"> | undefined;
  /** What is on its way here. */
  readonly arrivals: Arrivals;
  /** How many documents are going out, to whomever. */
  readonly uploads: () => number;
}

/** What an asker gets: its turn, the names of others, or nothing in the time that it had. */
export type Admission =
  | { readonly kind: "turn"; readonly turn: CrowdTurn }
  | { readonly kind: "elsewhere"; readonly holders: readonly Endpoint[] }
  | { readonly kind: "too late" };

/** The turn of an asker. Whoever did not get its document in it is not named to others. */
export interface CrowdTurn extends Disposable {
  /** The document went out whole. */
  sent(): void;
}

/** Decides for one document after another who gets it from here, and who from whom else. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #copies = new CopiesGiven();
  readonly #turns: UploadTurns;
  /** The connections of askers that may ask for more. */
  readonly #askers = new Set<Connection>();
  /** The documents of which nobody was given a copy before, and now somebody gets one or waits for it. */
  readonly #firstCopies = new Set<number>();
  /** How many wait for their turn, by document. */
  readonly #waiting = new Map<number, number>();
  #allGone = Promise.withResolvers<void>();

  /** Nobody has asked yet. */
  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#turns = new UploadTurns(options.link);
  }

  /** How many connections there are on which a crowd's askers may ask for more. */
  get askers(): number {
    return this.#askers.size;
  }

  /** Waits until none is left, or the signal fires. */
  async whenGone(signal: AbortSignal): Promise<void> {
    const isOver = Promise.withResolvers<void>();
    const giveUp = () => isOver.resolve();
    signal.addEventListener("abort", giveUp, { once: true });
    while (this.#askers.size > 0 && !signal.aborted) {
      await Promise.race([this.#allGone.promise, isOver.promise]);
    }
    signal.removeEventListener("abort", giveUp);
  }

  /** A connection is over. */
  leave(connection: Connection): void {
    if (!this.#askers.delete(connection) || this.#askers.size > 0) return;
    this.#allGone.resolve();
    this.#allGone = Promise.withResolvers();
  }

  /**
   * Waits for a document that is on its way, and for the asker's turn, as long as the asker wants.
   *
   * @param size How long the document is, in bytes; undefined if it is not here.
   */
  async admit(
    number: number,
    asker: CrowdAsker,
    connection: Connection,
    size: () => number | undefined,
  ): Promise<Admission> {
    this.#askers.add(connection);
    const { host } = connection.remote;
    const who = { host, port: asker.port };
    const isOver = new AbortController();
    const waitMs = Math.min(asker.waitSeconds * 1_000, maxAskerWaitMs);
    const timer = setTimeout(() => isOver.abort(), waitMs);
    const signal = AbortSignal.any([isOver.signal, connection.closing]);
    try {
      if (size() === undefined) await this.#options.arrivals.wait(number, signal);
      const bytes = size();
      if (bytes === undefined) return { kind: "too late" };
      const holders = this.#isBusyWithout(number) ? this.#copies.tell(number, who) : [];
      if (holders.length > 0) return { kind: "elsewhere", holders };
      using admitted = new DisposableStack();
      if (!this.#copies.has(number)) admitted.use(this.#beginFirstCopy(number));
      // From now on others are sent there: they get it sooner than they would here.
      this.#copies.add(number, who);
      let isSent = false;
      admitted.defer(() => isSent || this.#copies.remove(number, who));
      using _waiting = this.#beginWaiting(number);
      const turn = await this.#takeTurn(who, bytes, connection, signal, isOver.signal);
      if (turn === undefined) return { kind: "too late" };
      admitted.use(turn);
      const whole = admitted.move();
      return {
        kind: "turn",
        turn: { sent: () => isSent = true, [Symbol.dispose]: () => whole.dispose() },
      };
    } finally {
      clearTimeout(timer);
      isOver.abort();
    }
  }

  /**
   * Whether the uplink is better used for something else than one more copy of a document: for the first copy of
   * another one; or, if others cannot have it from elsewhere, for what will be asked for next. Or many wait for that
   * copy already.
   */
  #isBusyWithout(number: number): boolean {
    const { link, uploads, arrivals } = this.#options;
    if (link === undefined) return uploads() >= manyUploads;
    if ((this.#waiting.get(number) ?? 0) >= maxWaitingForOne) return true;
    const others = this.#firstCopies.size - (this.#firstCopies.has(number) ? 1 : 0);
    return others > 0 || (this.#turns.running > 0 && !arrivals.hasBrought(number));
  }

  #beginFirstCopy(number: number): Disposable {
    this.#firstCopies.add(number);
    return { [Symbol.dispose]: () => this.#firstCopies.delete(number) };
  }

  #beginWaiting(number: number): Disposable {
    this.#waiting.set(number, (this.#waiting.get(number) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const left = this.#waiting.get(number)! - 1;
        if (left > 0) this.#waiting.set(number, left);
        else this.#waiting.delete(number);
      },
    };
  }

  async #takeTurn(
    who: Endpoint,
    bytes: number,
    connection: Connection,
    signal: AbortSignal,
    isOver: AbortSignal,
  ): Promise<Disposable | undefined> {
    const gone = new AbortController();
    connection.waitForEnd(isOver).then((ended) => ended && gone.abort(), () => gone.abort());
    const either = AbortSignal.any([signal, gone.signal]);
    const turn = await this.#turns.take(formatEndpoint(who), bytes, either);
    if (turn === undefined && gone.signal.aborted) {
      throw new ConnectionLostError(connection.remote, "closed before its turn");
    }
    return turn;
  }
}
