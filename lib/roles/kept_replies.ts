/**
 * Replies to LOOKUPs, kept for as long as they would be the same: most of an index does not change between one question
 * and the next.
 * @module
 */
import type { CentralIndex } from "../index/central_index.ts";
import { givenDialect } from "../protocol/dialect.ts";
import { replyText } from "../protocol/reply.ts";
import { type Answer, answerRecords } from "./answer.ts";

/** How many holders a document has at most whose reply is kept: the longer one is, the less its making matters. */
export const maxKeptRecords = 4;

/** How long a reply is at most to be kept, in characters. */
export const maxKeptChars = 1_024;

/** How many replies are kept; with usual titles some 20 MB, and four times as much at worst. */
export const maxKeptReplies = 65_536;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The answers to LOOKUPs of one index. */
export class KeptReplies {
  readonly #index: CentralIndex;
  /** By the document's number, the longest kept first. */
  readonly #kept = new Map<number, Answer>();

  /** None yet; `index` has the records. */
  constructor(index: CentralIndex) {
    this.#index = index;
  }

  /** The answer to a LOOKUP of a document; undefined if nobody has it. */
  answer(number: number): Answer | undefined {
    return this.#kept.get(number) ?? this.#make(number);
  }

  /** A document's records have changed. */
  forget(number: number): void {
    this.#kept.delete(number);
  }

  #make(number: number): Answer | undefined {
    if (!this.#index.has(number)) return undefined;
    const records = Array.from(this.#index.lookup(number).take(maxKeptRecords + 1));
    if (records.length > maxKeptRecords) return answerRecords(this.#index.lookup(number));
    const answer = answerRecords(records);
    const text = Array.from(replyText(answer.message, givenDialect)).join("");
    if (text.length > maxKeptChars) return answer;
    if (this.#kept.size >= maxKeptReplies) this.#forgetOldest();
    // The runtime keeps a text as the parts that it was put together from; made of bytes it is one, and quickly sent.
    const givenText = decoder.decode(encoder.encode(text));
    const kept = { ...answer, message: { ...answer.message, givenText } };
    this.#kept.set(number, kept);
    return kept;
  }

  #forgetOldest(): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
