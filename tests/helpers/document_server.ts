/**
 * An RFC server with documents of its own, for tests of those who ask it.
 * @module
 */
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { RfcIndex } from "../../lib/index/rfc_index.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { RfcServer, type RfcServerOptions } from "../../lib/roles/rfc_server.ts";
import { loopback } from "./raw_client.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** An RFC server over a temporary folder. */
export class DocumentServer implements AsyncDisposable {
  private constructor(
    readonly temporary: TemporaryFolder,
    readonly folder: DocumentFolder,
    readonly server: RfcServer,
  ) {}

  /** Serves these texts, by number. */
  static async start(
    documents: Readonly<Record<number, string | Uint8Array>>,
    options: Partial<RfcServerOptions> = {},
  ): Promise<DocumentServer> {
    const temporary = new TemporaryFolder();
    for (const [number, text] of Object.entries(documents)) {
      temporary.write(`rfc${number}.txt`, text);
    }
    const folder = new DocumentFolder(temporary.path);
    await folder.scan();
    const index = new RfcIndex({ own: () => ownRecords(folder, () => server.endpoint) });
    const server: RfcServer = new RfcServer({
      ...loopback,
      folder,
      index,
      os: "Linux",
      ...options,
    });
    return new DocumentServer(temporary, folder, server);
  }

  get endpoint(): Endpoint {
    return this.server.endpoint;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    this.temporary[Symbol.dispose]();
  }
}

function* ownRecords(folder: DocumentFolder, self: () => Endpoint) {
  for (const { number, title } of folder.documents.values()) yield { number, title, ...self() };
}
