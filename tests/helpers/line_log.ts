/**
 * The output of a process as it comes, line by line.
 * @module
 */
import { Buffer } from "node:buffer";

/** Collects a stream and lets tests wait for lines of it. */
export class LineLog {
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  readonly #chunks: Uint8Array[] = [];
  #text = "";
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  /** @param name What the stream is called when something is missing in it. */
  constructor(readonly name: string, stream: ReadableStream<Uint8Array>) {
    this.ended = this.#collect(stream);
  }

  /** All that has come so far. */
  get text(): string {
    return this.#text;
  }

  /** The exact bytes that have come so far. */
  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** The whole lines that have come so far, without their ends; what comes last need not have one. */
  get lines(): string[] {
    const lines = this.#text.split(/\r?\n/);
    const last = lines.pop();
    return this.#hasEnded && last ? [...lines, last] : lines;
  }

  /**
   * Waits for a line.
   *
   * @param occurrence Which of the lines that match: the first is 1.
   * @throws {Error} if the stream ends without it.
   */
  async line(pattern: RegExp, occurrence = 1): Promise<string> {
    for (;;) {
      const found = this.lines.filter((line) => pattern.test(line))[occurrence - 1];
      if (found !== undefined) return found;
      if (this.#hasEnded) {
        throw new Error(
          `Expected line ${occurrence} like ${pattern} on ${this.name}:\n${this.#text}`,
        );
      }
      await this.#changed.promise;
    }
  }

  async #collect(stream: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      this.#chunks.push(chunk);
      this.#text += decoder.decode(chunk, { stream: true });
      this.#tell();
    }
    this.#hasEnded = true;
    this.#tell();
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
