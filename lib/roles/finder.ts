/**
 * Finding who has a document, by either system.
 * @module
 */
import type { RfcIndex } from "../index/rfc_index.ts";
import { pause } from "../net/pause.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { IndexRecord } from "../protocol/index_record.ts";
import type { DocumentDetails, ListedRecord } from "../protocol/listed_record.ts";
import type { Protocol } from "../protocol/version.ts";
import type { CiClient } from "./ci_client.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { ListedHolders } from "./listed_holders.ts";
import type { RecentPeers } from "./recent_peers.ts";
import { getIndex } from "./rfc_client.ts";
import type { Registration, RsClient } from "./rs_client.ts";

/** Somebody who is said to have a document, and the protocol to ask in; what it is said to be, where that is known. */
export interface Holder extends Endpoint, DocumentDetails {
  /** That of the system that named it. */
  readonly protocol: Protocol;
  /** The address that the index server saw it at: a hint for when `host` does not answer (RFC 60003 section 6.2). */
  readonly address?: string | undefined;
  /** Whether it is known to understand RFC 60003, or not to; undefined if it was not heard saying anything of it. */
  readonly givesExtensions?: boolean | undefined;
  /** Whether only another holder has named it (RFC 60003 section 9): it may well be gone again. */
  readonly isHint?: boolean | undefined;
}

/** Finds holders. */
export interface Finder {
  /** The holders of a document, one after another; the next is looked for when it is asked for. */
  holders(number: number): AsyncIterable<Holder>;
}

/** Finds the holders that another finder finds, but for some. */
export class FinderWithout implements Finder {
  /** `left` are those that are left out, by host and port; it may grow. */
  constructor(readonly finder: Finder, readonly left: ReadonlySet<string>) {}

  async *holders(number: number): AsyncGenerator<Holder, void, undefined> {
    for await (const holder of this.finder.holders(number)) {
      if (!this.left.has(formatEndpoint(holder))) yield holder;
    }
  }
}

/** Finds holders by a LOOKUP at the central index server, or by its list if that has just come. */
export class CiFinder implements Finder {
  /**
   * `client` stays the caller's to close; `self` is this peer, if it serves documents itself; `listed` is what was listed
   * lately.
   */
  constructor(
    readonly client: CiClient,
    readonly self: Endpoint | undefined,
    readonly listed?: ListedHolders,
  ) {}

  async *holders(number: number): AsyncGenerator<Holder, void, undefined> {
    for (const record of this.listed?.take(number) ?? await this.#lookUp(number)) {
      if (isSame(this.self, record)) continue;
      const { host, port, address, size, sha256 } = record;
      // Who announces details implements what defines them.
      const givesExtensions = size !== undefined || sha256 !== undefined || undefined;
      yield { host, port, protocol: "P2P-CI", address, size, sha256, givesExtensions };
    }
  }

  #lookUp(number: number): Promise<readonly ListedRecord[]> {
    const asker = this.self ?? { host: this.client.localHost, port: notServingPort };
    return this.client.lookupDetailed(number, asker);
  }
}

/** What a peer's index was like when it was merged last. */
export interface Heard {
  /** On the clock of `performance.now`. */
  readonly at: number;
  /** Whether it came in NDJSON. */
  readonly isDetailed: boolean;
}

/** For how long a peer need not be asked for its index again, in ms: it was asked what there is just before. */
const heardMs = 5_000;

/** How long one peer's index is waited for before the next peer is asked too, in ms. */
const overlapMs = 1_000;

/**
 * The port in the requests of a peer that serves nothing. The field has to be there and valid; nobody is told of it
 * (port 9 is the discard service's, RFC 863).
 */
export const notServingPort = 9;

/** What a search in the distributed index is done with. */
export interface DiSearch {
  /** Asks the registration server who is active. */
  readonly rs: RsClient;
  /** Who asks, if registered. */
  readonly registration: Pick<Registration, "host" | "cookie"> | undefined;
  /** Where what the peers answer is merged. */
  readonly index: RfcIndex;
  /** This peer, if it serves documents itself: it is not asked. */
  readonly self: Endpoint | undefined;
  /** Which indexes were merged lately, by host and port; more are noted. @default none */
  readonly heard?: Map<string, Heard> | undefined;
  /** Who was active lately. @default not known */
  readonly recent?: RecentPeers | undefined;
  /** What the connections to peers are made with. */
  readonly options: ClientOptions;
  /** Told of peers whose index could not be had. */
  readonly failed: (peer: Endpoint, error: unknown) => void;
}

/**
 * Finds holders by the RFC indexes of the active peers (RFC 60002 section 6.4): asks the registration server once,
 * then one peer after another, each once, only as far as is needed.
 */
export class DiFinder implements Finder {
  readonly #search: DiSearch;
  #active: Promise<Map<string, Endpoint>> | undefined;
  /** Whom nobody has asked yet. */
  #unasked: Iterator<Endpoint> | undefined;
  /** The questions that were not answered yet. */
  readonly #asking = new Set<Promise<void>>();
  #lastAskedAt = 0;
  /** How many questions are over. */
  #answers = 0;
  /** What the peers' own replies showed of them. */
  readonly #heard: Map<string, Heard>;

  /** Asks nobody yet. */
  constructor(search: DiSearch) {
    this.#search = search;
    this.#heard = search.heard ?? new Map();
  }

  async *holders(number: number): AsyncGenerator<Holder, void, undefined> {
    const active = await (this.#active ??= this.#queryPeers());
    const given = new Set<string>();
    for (;;) {
      const answers = this.#answers;
      for (const { host, port, size, sha256 } of this.#search.index.holders(number)) {
        const key = formatEndpoint({ host, port });
        if (!active.has(key) || given.has(key)) continue;
        given.add(key);
        const givesExtensions = this.#heard.get(key)?.isDetailed;
        yield { host, port, protocol: "P2P-DI", size, sha256, givesExtensions };
      }
      if (answers !== this.#answers) continue;
      this.#askNext(active);
      if (this.#asking.size === 0) return;
      await this.#news();
    }
  }

  /** Asks the next peer, unless the last one may still answer. Several documents may be searched for at a time. */
  #askNext(active: ReadonlyMap<string, Endpoint>): void {
    const now = performance.now();
    if (this.#asking.size > 0 && now - this.#lastAskedAt < overlapMs) return;
    this.#unasked ??= active.entries().filter(([key]) => !this.#wasHeard(key, now))
      .map(([, peer]) => peer);
    const next = this.#unasked.next();
    if (next.done) return;
    this.#lastAskedAt = now;
    const asking = this.#ask(next.value).finally(() => {
      this.#asking.delete(asking);
      this.#answers++;
    });
    // Who waits for it hears of a failure; perhaps nobody does any more.
    asking.catch(() => {});
    this.#asking.add(asking);
  }

  #wasHeard(key: string, now: number): boolean {
    return now - (this.#heard.get(key)?.at ?? -Infinity) < heardMs;
  }

  /** Waits until a question is over, or it is time to ask somebody else too. */
  async #news(): Promise<void> {
    const over = new AbortController();
    try {
      await Promise.race([...this.#asking, pause(overlapMs, over.signal)]);
    } finally {
      over.abort();
    }
  }

  async #queryPeers(): Promise<Map<string, Endpoint>> {
    const { rs, registration, self, recent } = this.#search;
    const peers = recent?.find() ?? await rs.peers(registration);
    return new Map(
      peers.filter((peer) => !isSame(self, peer)).map((peer) => [formatEndpoint(peer), peer]),
    );
  }

  async #ask(peer: Endpoint): Promise<void> {
    const { index, self, options, failed } = this.#search;
    const merge = (record: IndexRecord) => {
      if (!isSame(self, record)) index.merge(record);
    };
    try {
      const form = await getIndex(peer, merge, options, "detailed");
      const heard = { at: performance.now(), isDetailed: form === "detailed" };
      this.#heard.set(formatEndpoint(peer), heard);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      failed(peer, error);
    }
  }
}

function isSame(self: Endpoint | undefined, { host, port }: Endpoint): boolean {
  return self !== undefined && self.port === port &&
    self.host.toLowerCase() === host.toLowerCase();
}
