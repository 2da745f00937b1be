/**
 * Peers in one process that all want what one of them has.
 * @module
 */
import { FolderStore } from "../../lib/files/folder_store.ts";
import { RateLimiter } from "../../lib/net/rate_limiter.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import type { Downloaded } from "../../lib/roles/download_events.ts";
import { Downloader } from "../../lib/roles/downloader.ts";
import { Peer } from "../../lib/roles/peer.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { synchronize } from "../../lib/roles/sync.ts";
import { loopback } from "./raw_client.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** Which system brings the peers together. */
export type CrowdSystem = "ci" | "rs";

/** A peer of a crowd. */
export class CrowdPeer implements AsyncDisposable {
  /** Bytes of the documents that went out whole. */
  uploadedBytes = 0;
  /** What came. */
  readonly downloaded: Downloaded[] = [];
  /** What did not. */
  readonly failures: string[] = [];
  #peer: Peer | undefined;

  private constructor(readonly folder: TemporaryFolder) {}

  /** Joins a server, with what is in the folder. */
  static async join(
    system: CrowdSystem,
    server: Endpoint,
    folder: TemporaryFolder,
    bytesPerSecond: number,
  ): Promise<CrowdPeer> {
    const member = new CrowdPeer(folder);
    member.#peer = await Peer.start({
      ...loopback,
      folder: folder.path,
      [system]: server,
      uploadLimiter: new RateLimiter({ bytesPerSecond }),
      os: "Linux",
      events: {
        joined: () => {},
        lost: () => {},
        changed: () => {},
        uploaded: ({ size }) => member.uploadedBytes += size,
      },
    });
    return member;
  }

  get peer(): Peer {
    return this.#peer!;
  }

  /** Brings all that others have. @param isTold Whether others are told that it passes on what it gets. */
  async sync(isTold = true): Promise<void> {
    const { peer, failures } = this;
    const servedPort = isTold ? peer.endpoint.port : undefined;
    const client = peer.clientOptions;
    const store = new FolderStore(peer.folder.path, {
      digests: peer.digests,
      stored: (number) => peer.adopt(number),
    });
    const events = {
      sized: () => {},
      received: () => {},
      downloaded: (document: Downloaded) => this.downloaded.push(document),
      failed: (number: number, reason: string) => failures.push(`${number}: ${reason}`),
      passedOver: () => {},
      dropped: (_: Endpoint, reason: string) => failures.push(reason),
      disagreement: () => {},
    };
    await synchronize({
      peer,
      client,
      wants: () => true,
      bring: (numbers) => {
        const finders = peer.finders((_, error) => failures.push(String(error)));
        return new Downloader({ finders, client, store, servedPort, events }).bring(numbers);
      },
      wanted: () => {},
      present: () => {},
      failed: (error) => failures.push(String(error)),
    });
  }

  /** Waits until others are told the digests of all that is here. */
  async announced(): Promise<void> {
    const { ci, folder } = this.peer;
    if (ci?.client === undefined) return;
    for (;;) {
      const records = await ci.client.listDetailed(ci.self);
      const known = records.filter(({ sha256 }) => sha256 !== undefined);
      if (known.length === folder.documents.size) return;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#peer?.[Symbol.asyncDispose]();
    this.folder[Symbol.dispose]();
  }
}

/** Starts an index server of either system. */
export function startCrowdServer(system: CrowdSystem): CentralIndexServer | RegistrationServer {
  return system === "ci" ? new CentralIndexServer(loopback) : new RegistrationServer(loopback);
}
