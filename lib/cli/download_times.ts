/**
 * The times of downloads as a file, in the form of those of `peer lab`.
 * @module
 */
import { basename } from "node:path";
import type { System } from "../experiment/settings.ts";
import { encodeTimes, timesHeader } from "../experiment/times_csv.ts";
import { writeText } from "../files/text_file.ts";
import { formatEndpoint } from "../protocol/endpoint.ts";
import type { Downloaded } from "../roles/download_events.ts";

/** Records downloads that are made one after another. The peer is called as the file is. */
export class DownloadTimes {
  readonly #path: string;
  readonly #system: System;
  readonly #lines: string[] = [];
  readonly #startedAt = performance.now();
  #cumulative = 0;

  private constructor(path: string, system: System) {
    this.#path = path;
    this.#system = system;
  }

  /** Begins to record. @throws {FileError} if the file cannot be written, before anything is measured in vain. */
  static async start(path: string, system: System): Promise<DownloadTimes> {
    await writeText(path, timesHeader);
    return new DownloadTimes(path, system);
  }

  /** A document came just now. */
  add({ number, bytes, sources }: Pick<Downloaded, "number" | "bytes" | "sources">): void {
    const cumulative = (performance.now() - this.#startedAt) / 1_000;
    const [holder] = [...sources].sort((a, b) => b.bytes - a.bytes);
    this.#lines.push(encodeTimes({
      system: this.#system,
      peer: basename(this.#path).replace(/\.csv$/i, ""),
      position: this.#lines.length + 1,
      number,
      holder: holder === undefined ? "" : formatEndpoint(holder),
      bytes,
      seconds: cumulative - this.#cumulative,
      cumulative,
      predicted: undefined,
    }));
    this.#cumulative = cumulative;
  }

  /** Writes down what was recorded. @throws {FileError} if the disk does not take it. */
  async write(): Promise<void> {
    await writeText(this.#path, timesHeader + this.#lines.join(""));
  }
}
