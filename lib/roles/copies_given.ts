/**
 * Who was given which document, so that others can be told of it (RFC 60003 section 9).
 * @module
 */
import { maxDuplicates } from "../protocol/crowd.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";

/** For how long after it was given a document its receiver is named to others, in ms: after that index servers know. */
export const namedMs = 60_000;

/** How many documents are remembered; the one that was given least lately is forgotten first. */
export const maxDocuments = 4_096;

/** How many receivers of one document are remembered: they name others in their turn. */
export const maxCopies = 16;

/** Somebody who got a document, or is getting it. */
interface Copy {
  readonly receiver: Endpoint;
  readonly givenAt: number;
  /** How often others were told of it. */
  told: number;
}

/** The copies that were given away lately. */
export class CopiesGiven {
  readonly #copies = new Map<number, Map<string, Copy>>();
  readonly #now: () => number;

  /** None yet. @param now The clock, in ms. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether somebody was given a document lately. */
  has(number: number): boolean {
    const since = this.#now() - namedMs;
    return this.#copies.get(number)?.values().some(({ givenAt }) => givenAt >= since) ?? false;
  }

  /** A document is being given to somebody. */
  add(number: number, receiver: Endpoint): void {
    const copies = this.#copies.get(number) ?? new Map<string, Copy>();
    this.#copies.delete(number);
    this.#copies.set(number, copies);
    const key = formatEndpoint(receiver);
    if (!copies.has(key)) {
      copies.set(key, { receiver, givenAt: this.#now(), told: 0 });
    }
    dropOldest(copies, maxCopies);
    dropOldest(this.#copies, maxDocuments);
  }

  /** It did not get it. */
  remove(number: number, receiver: Endpoint): void {
    this.#copies.get(number)?.delete(formatEndpoint(receiver));
  }

  /** Others who have a document, to tell somebody who asks for it; those first that were named least often. */
  tell(number: number, asker: Endpoint): Endpoint[] {
    const key = formatEndpoint(asker);
    const since = this.#now() - namedMs;
    const copies = [...this.#copies.get(number) ?? []]
      .filter(([each, { givenAt }]) => each !== key && givenAt >= since)
      .map(([, copy]) => copy)
      .sort((a, b) => a.told - b.told)
      .slice(0, maxDuplicates);
    for (const copy of copies) copy.told++;
    return copies.map(({ receiver }) => receiver);
  }
}

function dropOldest(map: Map<unknown, unknown>, max: number): void {
  for (const key of map.keys()) {
    if (map.size <= max) return;
    map.delete(key);
  }
}
