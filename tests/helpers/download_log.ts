/**
 * What a downloader tells, remembered for tests.
 */
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import type { Downloaded, DownloadEvents, Vote } from "../../lib/roles/download_events.ts";

/** Remembers how downloads went. */
export class DownloadLog implements DownloadEvents {
  readonly sizes = new Map<number, number>();
  readonly downloads: Downloaded[] = [];
  readonly failures: string[] = [];
  /** Holders and finders that failed, with the number if there was one. */
  readonly passed: string[] = [];
  readonly droppings: { readonly port: number; readonly reason: string }[] = [];
  readonly disagreements: {
    readonly number: number;
    readonly votes: readonly Vote[];
    readonly chosen: string;
  }[] = [];
  /** Bytes that came, by port of the holder, wrong ones among them. */
  readonly bytesFrom = new Map<number, number>();
  /** Called when bytes come. */
  onReceived: (number: number, holder: Endpoint) => void = () => {};

  sized(number: number, bytes: number): void {
    this.sizes.set(number, bytes);
  }

  received(number: number, holder: Endpoint, bytes: number): void {
    this.bytesFrom.set(holder.port, (this.bytesFrom.get(holder.port) ?? 0) + bytes);
    this.onReceived(number, holder);
  }

  downloaded(document: Downloaded): void {
    this.downloads.push(document);
  }

  failed(_number: number, reason: string): void {
    this.failures.push(reason);
  }

  passedOver(number: number | undefined, reason: string): void {
    this.passed.push(number === undefined ? reason : `${number}: ${reason}`);
  }

  dropped({ port }: Endpoint, reason: string): void {
    this.droppings.push({ port, reason });
  }

  disagreement(number: number, votes: readonly Vote[], chosen: string): void {
    this.disagreements.push({ number, votes, chosen });
  }

  /** Who gave a document, by port. */
  givers(number: number): number[] {
    const document = this.downloads.find((each) => each.number === number);
    return document?.sources.map(({ port }) => port) ?? [];
  }
}
