/**
 * All holders of one run: who is asked next, who is not asked any more.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { DownloadEvents } from "./download_events.ts";
import type { DocumentFetch } from "./document_fetch.ts";
import type { DownloadTask } from "./download_task.ts";
import type { Holder } from "./finder.ts";
import { HolderAgent } from "./holder_agent.ts";
import type { Fetcher } from "./work.ts";

/** How many holders that have given something are fetched from at a time. */
export const maxBusyHolders = 16;

/** How many holders are tried at a time at first. */
const firstTrials = 8;

/** How many are tried at a time at most: of a thousand silent ones one that answers is found in some seconds. */
export const maxTrials = 128;

/** How often it is looked whether somebody is late, in ms. */
const lookMs = 250;

/** What a roster works with. */
export interface RosterOptions {
  /** What connections are made with. */
  readonly client: ClientOptions;
  /** Is told of holders that are dropped or given up. */
  readonly events: DownloadEvents;
  /** The port where this side serves what it gets, if it does. */
  readonly servedPort: number | undefined;
  /** What is being brought, the first first. */
  readonly tasks: ReadonlySet<DownloadTask>;
  /** Nothing can be stored, or we have a bug. */
  readonly failed: (error: unknown) => void;
}

/** The holders of one run. */
export class HolderRoster {
  readonly #options: RosterOptions;
  readonly #agents = new Map<string, HolderAgent>();
  /** Those that are not asked any more, and why. */
  readonly #gone = new Map<HolderAgent, string>();
  #isScheduled = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #maxTrials = firstTrials;
  #isEnded = false;

  /** Asks nobody yet. */
  constructor(options: RosterOptions) {
    this.#options = options;
  }

  /** Somebody is said to have a document. */
  add(task: DownloadTask, holder: Holder): void {
    const agent = this.#agentOf(holder);
    const reason = this.#gone.get(agent);
    if (reason !== undefined) return task.noteFailure(reason);
    agent.documents.add(task.fetch);
    task.add(agent, holder);
  }

  /** One holder of a document has named another. */
  #hint(document: DocumentFetch, endpoint: Endpoint, by: Fetcher): void {
    const { protocol } = by.holder;
    const agent = this.#agentOf({ ...endpoint, protocol, givesExtensions: true, isHint: true });
    if (this.#gone.has(agent) || !document.addHint(agent, by)) return;
    agent.documents.add(document);
  }

  #agentOf(holder: Holder): HolderAgent {
    const key = formatEndpoint(holder);
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = this.#createAgent(holder);
      this.#agents.set(key, agent);
    }
    return agent;
  }

  /** A document is done, or given up. */
  forget(task: DownloadTask): void {
    for (const agent of this.#agents.values()) agent.documents.delete(task.fetch);
  }

  /** There may be something to do for somebody. It is looked for when all that happens now has happened. */
  changed(): void {
    if (this.#isScheduled || this.#isEnded) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#giveOut();
    });
  }

  /** A holder sent wrong bytes: it is not asked again, and what it said does not count. */
  dropFetcher(fetcher: Fetcher, reason: string): void {
    const agent = this.#agents.get(formatEndpoint(fetcher.holder));
    if (agent === undefined || this.#gone.has(agent)) return;
    const { host, port } = agent.holder;
    this.#options.events.dropped({ host, port }, reason);
    this.#remove(agent, reason, true);
  }

  /** Closes every connection. */
  async end(): Promise<void> {
    this.#isEnded = true;
    clearTimeout(this.#timer);
    await Promise.all(Array.from(this.#agents.values(), (agent) => agent.end()));
  }

  #createAgent(holder: Holder): HolderAgent {
    const { client, servedPort, failed } = this.#options;
    return new HolderAgent(holder, {
      client,
      servedPort,
      hint: (document, endpoint, by) => this.#hint(document, endpoint, by),
      failed,
      changed: () => this.changed(),
      drop: (fetcher, reason) => this.dropFetcher(fetcher, reason),
      gone: (fetcher, reason) => {
        const agent = this.#agents.get(formatEndpoint(fetcher.holder));
        if (agent === undefined || this.#gone.has(agent)) return;
        const [only, ...others] = agent.documents;
        const number = others.length === 0 ? only?.number : undefined;
        if (!agent.holder.isHint) this.#options.events.passedOver(number, reason);
        this.#remove(agent, reason, false);
      },
    });
  }

  #remove(agent: HolderAgent, reason: string, isWrong: boolean): void {
    this.#gone.set(agent, reason);
    agent.end();
    agent.documents.clear();
    for (const task of this.#options.tasks) task.leave(agent, reason, isWrong);
  }

  #giveOut(): void {
    if (this.#isEnded) return;
    const now = performance.now();
    let [busy, trials] = [0, 0];
    const idle: HolderAgent[] = [];
    let hasUntried = false;
    for (const agent of this.#agents.values()) {
      if (agent.isBusy) agent.isProven ? busy++ : trials++;
      else if (agent.isIdle && agent.isProven) idle.push(agent);
      else if (agent.isIdle) hasUntried = true;
    }
    idle.sort((a, b) => (b.bytesPerSecond ?? 0) - (a.bytesPerSecond ?? 0));
    for (const agent of idle) if (busy < maxBusyHolders && agent.wake(now)) busy++;
    if (hasUntried) this.#tryOthers(now, busy, trials);
    this.#timer ??= setTimeout(() => this.#look(), lookMs);
  }

  /** Asks those that have given nothing yet where there is something to do. */
  #tryOthers(now: number, busy: number, trials: number): void {
    for (const isDoubtful of [false, true]) {
      for (const task of this.#options.tasks) {
        let places = task.fetch.openPlaces(now);
        if (places === 0) continue;
        for (const fetcher of task.fetch.fetchers) {
          if (places === 0 || trials >= this.#maxTrials || busy + trials >= maxTrials) break;
          const agent = fetcher as HolderAgent;
          if (agent.isProven || agent.isDoubtful !== isDoubtful || !agent.wake(now)) continue;
          places--;
          trials++;
        }
      }
    }
  }

  /** Looks for those who are late, as long as there is something to bring. */
  #look(): void {
    this.#timer = undefined;
    if (this.#isEnded || this.#options.tasks.size === 0) return;
    this.#maxTrials = Math.min(this.#maxTrials * 2, maxTrials);
    this.#giveOut();
  }
}
