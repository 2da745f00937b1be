/**
 * Folders of documents to send about.
 * @module
 */
import { join } from "node:path";

/** Mean size of a document, in bytes: that of the RFC series. */
export const meanBytes = 63_000;

/** When documents were changed last. */
const longAgo = new Date(0);

/** Writes `rfc1.txt` and so on into a folder: sizes spread as in the RFC series, the same each time. */
export function writeDocuments(folder: string, count: number): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= count; number++) {
    const line = `Request for Comments: ${number}        Document ${number} of a benchmark\n`;
    const text = line + `${String(number).padEnd(71, " .")}\n`.repeat(sizeOf(number) / 72);
    writeDocument(folder, number, text);
  }
}

/** Writes a document that has not changed for years, so that what is learned of it is kept. */
export function writeDocument(folder: string, number: number, text: string): void {
  const path = join(folder, `rfc${number}.txt`);
  Deno.writeTextFileSync(path, text);
  Deno.utimeSync(path, longAgo, longAgo);
}

/** Writes one large document, whose bytes do not repeat. */
export function writeLargeDocument(folder: string, number: number, bytes: number): void {
  Deno.mkdirSync(folder, { recursive: true });
  const path = join(folder, `rfc${number}.txt`);
  using file = Deno.openSync(path, { write: true, create: true });
  const chunk = new Uint8Array(65_536);
  for (let left = bytes; left > 0; left -= chunk.length) {
    crypto.getRandomValues(chunk);
    file.writeSync(chunk.subarray(0, Math.min(left, chunk.length)));
  }
  Deno.utimeSync(path, longAgo, longAgo);
}

/** Most documents are short and a few are long: an exponential distribution, taken at even steps. */
function sizeOf(number: number): number {
  const golden = 0.618_033_988_75;
  return Math.round(-Math.log(1 - (number * golden % 1) * 0.999_9) * meanBytes) + 500;
}
