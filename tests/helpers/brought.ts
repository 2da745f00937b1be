/**
 * Downloads into a temporary folder, for tests.
 */
import { join } from "node:path";
import { PartStore } from "../../lib/files/part_store.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { Downloader, type DownloaderOptions } from "../../lib/roles/downloader.ts";
import type { Finder, Holder } from "../../lib/roles/finder.ts";
import { DownloadLog } from "./download_log.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** What is known of a holder of every document. */
export type KnownHolder = Endpoint & Partial<Holder>;

/** Knows these holders, whatever is looked for. */
export function finderOf(...holders: readonly KnownHolder[]): Finder {
  return {
    async *holders() {
      for (const holder of holders) yield { protocol: "P2P-CI", ...holder };
    },
  };
}

/** A folder into which documents are brought, and what became of them. */
export class Brought implements Disposable {
  readonly log = new DownloadLog();
  readonly temporary = new TemporaryFolder();

  /** Brings documents from these holders. */
  async from(
    holders: readonly KnownHolder[],
    numbers: readonly number[] = [1],
    more: Partial<DownloaderOptions> = {},
  ): Promise<DownloadLog> {
    const downloader = new Downloader({
      finders: [finderOf(...holders)],
      client: { os: "Linux", forms: new Map() },
      store: new PartStore(this.temporary.path),
      events: this.log,
      ...more,
    });
    await downloader.bring(numbers);
    return this.log;
  }

  /** The bytes of a document. */
  bytes(number: number): Uint8Array {
    return Deno.readFileSync(join(this.temporary.path, `rfc${number}.txt`));
  }

  text(number: number): string {
    return new TextDecoder().decode(this.bytes(number));
  }

  /** The names of the documents that are there. */
  get documents(): string[] {
    return this.temporary.visibleNames();
  }

  /** What lies in the folder of parts. */
  get parts(): string[] {
    try {
      return Array.from(
        Deno.readDirSync(join(this.temporary.path, ".rfc-exchange", "parts")),
        ({ name }) => name,
      ).sort();
    } catch {
      return [];
    }
  }

  [Symbol.dispose](): void {
    this.temporary[Symbol.dispose]();
  }
}
