/**
 * What is being brought just now, and how fast.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { Progress } from "./progress.ts";
import { Speed } from "./speed.ts";

/** How long ago a holder may have given bytes to be counted as one that gives, in ms. */
const givingMs = 3_000;

/** How long a document is under way before it has a line of its own, in ms: short ones would only flicker by. */
const noticeableMs = 500;

/** One document, or all of them. */
class Transfer {
  bytes = 0;
  whole: number | undefined;
  readonly speed: Speed;
  readonly #holders = new Map<string, number>();

  constructor(readonly startedAt: number) {
    this.speed = new Speed(startedAt);
  }

  add(holder: string, bytes: number, now: number): void {
    this.bytes += bytes;
    this.speed.add(bytes, now);
    this.#holders.set(holder, now);
  }

  progress(label: string, now: number): Progress {
    for (const [holder, at] of this.#holders) {
      if (now - at > givingMs) this.#holders.delete(holder);
    }
    return {
      label,
      bytes: this.bytes,
      whole: this.whole,
      bytesPerSecond: this.speed.bytesPerSecond(now),
      holders: this.#holders.size,
    };
  }
}

/** How far everything is. */
export interface TransferReport {
  /** Documents under way, with their numbers, the longest under way first. */
  readonly documents: readonly (Progress & { readonly rfc: number })[];
  /** All documents together; `done` of `wanted` need no more. */
  readonly total: Progress & { readonly done: number; readonly wanted: number };
}

/** Keeps count of bytes as they come. */
export class Transfers {
  readonly #now: () => number;
  readonly #total: Transfer;
  readonly #current = new Map<number, Transfer>();
  #wanted = 0;
  #done = 0;
  /** Of the documents whose length is known: how many, and how many bytes. */
  #sized = { documents: 0, bytes: 0 };
  /** Documents that ended before their length was known. */
  #unsized = 0;

  /** @param now The clock, in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#total = new Transfer(now());
  }

  /** So many more documents are to be brought. */
  want(documents: number): void {
    this.#wanted += documents;
  }

  /** The length of a document is known, and how much of it an earlier run has brought, in bytes. */
  sized(number: number, bytes: number, kept = 0): void {
    const transfer = this.#transfer(number);
    if (transfer.whole === undefined) this.#sized.documents++;
    this.#sized.bytes += bytes - (transfer.whole ?? 0);
    transfer.whole = bytes;
    // It may have been begun anew.
    this.#total.bytes += kept - transfer.bytes;
    transfer.bytes = kept;
  }

  /** Bytes came. */
  received(number: number, holder: Endpoint, bytes: number): void {
    const now = this.#now();
    const key = formatEndpoint(holder);
    this.#transfer(number).add(key, bytes, now);
    this.#total.add(key, bytes, now);
  }

  /** A document needs no more, or will not come. */
  ended(number: number): void {
    const transfer = this.#current.get(number);
    this.#current.delete(number);
    this.#done++;
    if (transfer?.whole === undefined) this.#unsized++;
    if (transfer === undefined) return;
    // What came twice, or came for nothing, must not make the whole look nearer than it is.
    this.#total.bytes += (transfer.whole ?? 0) - transfer.bytes;
  }

  /** How far everything is now. */
  report(): TransferReport {
    const now = this.#now();
    const documents = [...this.#current]
      .filter(([, { startedAt }]) => now - startedAt >= noticeableMs)
      .map(([rfc, transfer]) => ({ rfc, ...transfer.progress(`RFC ${rfc}`, now) }));
    const [done, wanted] = [this.#done, this.#wanted];
    const { documents: sized, bytes } = this.#sized;
    const unsized = Math.max(0, wanted - sized - this.#unsized);
    this.#total.whole = sized === 0 ? undefined : bytes + Math.round(bytes / sized * unsized);
    const total = this.#total.progress(`${done} of ${wanted}`, now);
    return { documents, total: { ...total, isGuess: unsized > 0, done, wanted } };
  }

  #transfer(number: number): Transfer {
    let transfer = this.#current.get(number);
    if (transfer === undefined) {
      transfer = new Transfer(this.#now());
      this.#current.set(number, transfer);
    }
    return transfer;
  }
}
