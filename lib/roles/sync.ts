/**
 * Bringing all that others have and a peer lacks, while it passes on what it has.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import type { Arrivals } from "./arrivals.ts";
import type { ClientOptions } from "./client_exchange.ts";
import { type Surveyed, surveyHoldings } from "./survey.ts";
import { orderWanted } from "./want_list.ts";

/**
 * How long what was heard of holders is believed while documents come, in ms: in a crowd others soon have what only
 * one had at first.
 */
export const surveyedMs = 5_000;

/** A peer that synchronizes. */
export interface SyncingPeer extends Surveyed {
  /** What it has. */
  readonly folder: { readonly documents: ReadonlyMap<number, unknown> };
  /** Is told what will be in the folder soon. */
  readonly arrivals: Pick<Arrivals, "expect" | "settleAll">;
  /** Looks at its folder and announces what is new. */
  refresh(): Promise<unknown>;
}

/** What a synchronization is done with. */
export interface SyncOptions {
  /** Who lacks documents. */
  readonly peer: SyncingPeer;
  /** What the connections to other peers are made with; its signal ends it all. */
  readonly client: ClientOptions;
  /** Which documents are of interest, by number and title. */
  readonly wants: (record: { readonly number: number; readonly title: string }) => boolean;
  /** Brings documents; takes the next number whenever it can begin another one. */
  readonly bring: (numbers: Iterable<number>) => Promise<void>;
  /** Is told how many more documents are to be brought. */
  readonly wanted: (documents: number) => void;
  /** Is told of a document that is there already. */
  readonly present: (number: number) => void;
  /** Is told who could not be asked what there is. */
  readonly failed: (error: unknown, who?: Endpoint) => void;
  /** The clock, in ms. @default performance.now */
  readonly now?: () => number;
}

/**
 * Brings what matches and is missing, rarest first, each document tried once. What there is is asked again every
 * `surveyedMs`. Ends early when the client's signal fires.
 *
 * @returns How many documents match, those that were there among them.
 * @throws what `surveyHoldings` and `bring` throw.
 */
export async function synchronize(options: SyncOptions): Promise<number> {
  const { peer, client, wants, bring, now = () => performance.now() } = options;
  const met = new Set<number>();
  const tried = new Set<number>();
  for (;;) {
    const holdings = await surveyHoldings(peer, client, wants, options.failed);
    const isOldAt = now() + surveyedMs;
    const { documents } = peer.folder;
    const fresh = [...holdings.keys()].filter((number) => !met.has(number));
    for (const number of fresh) {
      met.add(number);
      if (documents.has(number)) options.present(number);
    }
    options.wanted(fresh.filter((number) => !documents.has(number)).length);
    const missing = orderWanted(holdings)
      .filter((number) => !documents.has(number) && !tried.has(number));
    if (missing.length === 0) return met.size;
    for (const number of missing) peer.arrivals.expect(number);
    try {
      await bring(takeUntil(missing, tried, () => now() >= isOldAt));
    } finally {
      peer.arrivals.settleAll();
      peer.listed?.end();
    }
    await peer.refresh();
    if (client.signal?.aborted) return met.size;
    // Asking again would cost others the uplink that they need just now.
    if (missing.every((number) => tried.has(number))) return met.size;
  }
}

/** The numbers, one by one and at least one, until it is time to stop; those given are noted in `taken`. */
function* takeUntil(
  numbers: readonly number[],
  taken: Set<number>,
  isTime: () => boolean,
): Generator<number, void, undefined> {
  for (const [i, number] of numbers.entries()) {
    if (i > 0 && isTime()) return;
    taken.add(number);
    yield number;
  }
}
