/**
 * Reporting how downloads go, and what came of them in the end.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { Downloaded, DownloadEvents, Vote } from "../roles/download_events.ts";
import type { SummaryEvent } from "./download_events.ts";
import { DownloadProgress } from "./download_progress.ts";
import type { DownloadTimes } from "./download_times.ts";
import type { Output } from "./output.ts";

type SummarySource = SummaryEvent["sources"][number];

/** Tells people or programs how downloads go, until disposed of. */
export class DownloadReport implements DownloadEvents, Disposable {
  /** Is told when a document came. */
  times: DownloadTimes | undefined;
  readonly #output: Output;
  readonly #progress: DownloadProgress;
  readonly #startedAt = performance.now();
  readonly #sources = new Map<string, SummarySource>();
  readonly #failures: { rfc: number; reason: string }[] = [];
  readonly #told: Set<number>;
  readonly #dropped = new Set<string>();
  #hasNews = false;
  #downloaded = 0;
  #present = 0;
  #unverified = 0;
  #bytes = 0;

  /**
   * @param isTraced Whether messages are shown, which leaves no room for progress.
   * @param told Documents of which it was told before that they cannot be had; those of this run are added.
   */
  constructor(output: Output, isTraced: boolean, told = new Set<number>()) {
    this.#told = told;
    this.#output = output;
    this.#progress = new DownloadProgress(output, isTraced);
  }

  /** So many more documents are to be brought. */
  want(documents: number): void {
    this.#progress.want(documents);
  }

  /** A document need not be brought. `path` is where it is; without one it is only counted. */
  present(rfc: number, path?: string): void {
    this.#present++;
    if (path !== undefined) this.#output.result({ event: "present", rfc, path });
  }

  sized(number: number, bytes: number, kept: number): void {
    this.#progress.sized(number, bytes, kept);
  }

  received(number: number, holder: Endpoint, bytes: number): void {
    this.#progress.received(number, holder, bytes);
  }

  downloaded(document: Downloaded): void {
    this.times?.add(document);
    const { number, path, bytes, ms, sources, verified } = document;
    this.#downloaded++;
    this.#told.delete(number);
    this.#hasNews = true;
    this.#bytes += bytes;
    if (!verified) this.#unverified++;
    for (const source of sources) this.#count(source, source.bytes);
    this.#progress.ended(number);
    this.#output.result({
      event: "downloaded",
      rfc: number,
      bytes,
      seconds: ms / 1_000,
      path,
      sources: sources.map(({ host, port, bytes }) => ({ host, port, bytes })),
      verified,
    });
  }

  failed(rfc: number, reason: string): void {
    this.#failures.push({ rfc, reason });
    this.#progress.ended(rfc);
    if (this.#told.has(rfc)) return;
    this.#told.add(rfc);
    this.#hasNews = true;
    this.#output.notice({ event: "failed", rfc, reason });
  }

  passedOver(number: number | undefined, reason: string): void {
    const about = number === undefined ? {} : { rfc: number };
    this.#output.notice({ event: "passed over", ...about, reason });
  }

  dropped({ host, port }: Endpoint, reason: string): void {
    this.#dropped.add(formatEndpoint({ host, port }));
    this.#output.notice({ event: "dropped", host, port, reason });
  }

  disagreement(rfc: number, votes: readonly Vote[], chosen: string): void {
    this.#output.notice({
      event: "disagreement",
      rfc,
      chosen,
      votes: votes.map(({ sha256, holders }) => ({
        sha256,
        holders: holders.map(({ host, port }) => ({ host, port })),
      })),
    });
  }

  /** Whether everything that was wanted is there. */
  get isComplete(): boolean {
    return this.#failures.length === 0;
  }

  /** Holders that sent wrong bytes, by host and port. */
  get droppedHolders(): ReadonlySet<string> {
    return this.#dropped;
  }

  /** Whether something came, or turned out not to come. */
  get hasNews(): boolean {
    return this.#hasNews;
  }

  /** What came of it all. Of one document people have heard everything already, unless several holders gave it. */
  summarize(): void {
    const [downloaded, present, failed] = [
      this.#downloaded,
      this.#present,
      this.#failures.length,
    ];
    const sources = [...this.#sources.values()].sort((a, b) => b.bytes - a.bytes);
    this.#progress[Symbol.dispose]();
    if (!this.#output.json && downloaded + present + failed < 2 && sources.length < 2) return;
    this.#output.notice({
      event: "summary",
      downloaded,
      present,
      failed,
      bytes: this.#bytes,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      unverified: this.#unverified,
      sources,
      failures: this.#failures,
    });
  }

  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }

  #count({ host, port }: Endpoint, bytes: number): void {
    const key = formatEndpoint({ host, port });
    const known = this.#sources.get(key);
    this.#sources.set(key, {
      host,
      port,
      bytes: (known?.bytes ?? 0) + bytes,
      documents: (known?.documents ?? 0) + 1,
    });
  }
}
