/**
 * A peer of the lab: it serves what it holds and downloads what it is told, by the same messages as any peer.
 * @module
 */
import { DocumentFolder } from "../files/document_folder.ts";
import { writeScratchDocument } from "../files/scratch_folder.ts";
import { RfcIndex } from "../index/rfc_index.ts";
import type { RateLimiter } from "../net/rate_limiter.ts";
import { pause } from "../net/pause.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import { CiClient } from "../roles/ci_client.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { CiFinder, DiFinder, type Finder } from "../roles/finder.ts";
import { getRfc } from "../roles/rfc_client.ts";
import { RfcServer } from "../roles/rfc_server.ts";
import { RsClient } from "../roles/rs_client.ts";
import type { Lag } from "./fluid_model.ts";
import type { System } from "./settings.ts";

/** The address that everything in the lab listens on. */
export const labHost = "127.0.0.1";

/**
 * How much one peer downloads before it is stored, in bytes: a usual run's documents are, when it is over. Making a file
 * takes half a millisecond, in which nobody in this program sends anything.
 */
const maxUnstoredBytes = 16_777_216;

/** How a peer of the lab is set up. */
export interface LabPeerOptions {
  /** What it speaks. */
  readonly system: System;
  /** The central index server or registration server. */
  readonly server: Endpoint;
  /** Where its documents are, and where those go that it downloads. */
  readonly folder: string;
  /** Its uplink; undefined for as much as this machine can. */
  readonly uplink: RateLimiter | undefined;
  /** How long each message travels, in ms. */
  readonly latencyMs: number;
  /** What its clients are given; the signal ends what is under way. */
  readonly client: ClientOptions & { readonly signal: AbortSignal };
}

/** How many messages travel one after another before a document begins to come: LOOKUP and its reply, GET. */
const messagesBefore: Record<System, number> = { ci: 3, di: 1 };

/** What the model takes for the time of the messages around each download. */
export function lagOf(system: System, latencyMs: number): Lag {
  const latencyS = latencyMs / 1_000;
  return { beforeS: messagesBefore[system] * latencyS, afterS: latencyS };
}

/**
 * A peer that has joined. Unlike `Peer` it offers nothing but what it had at the start, so that who gives what is
 * known beforehand, and asks for one document after another, each of the holder it is told.
 */
export class LabPeer implements AsyncDisposable {
  readonly #options: LabPeerOptions;
  readonly #running = new AsyncDisposableStack();
  /** When this peer would be where it is if this machine took no time itself, on the clock of `performance.now`. */
  #dueAt = 0;
  #server: RfcServer | undefined;
  #finder: Finder | undefined;
  /** What was downloaded and is not in the folder yet. */
  #unstored: { readonly number: number; readonly parts: Uint8Array[] }[] = [];
  #unstoredBytes = 0;

  private constructor(options: LabPeerOptions) {
    this.#options = options;
  }

  /** Serves its folder and joins its server. @throws what joining throws. */
  static async start(options: LabPeerOptions): Promise<LabPeer> {
    const peer = new LabPeer(options);
    try {
      await peer.#start();
      return peer;
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where it serves. */
  get endpoint(): Endpoint {
    return this.#server!.endpoint;
  }

  /** Asks around for a document before anything is measured: a peer of P2P-DI then knows what everybody has. */
  async prepare(number: number, holder: Endpoint): Promise<void> {
    if (this.#options.system === "di") await this.#find(number, holder);
  }

  /** Its downloads begin at `startedAt`, on the clock of `performance.now`. */
  begin(startedAt: number): void {
    this.#dueAt = startedAt;
  }

  /**
   * Downloads a document: asks who has it, and fetches it from `holder`. What this machine itself takes for it is made
   * up for by the holder's uplink, as far as that lies idle, and by shorter waits for messages.
   *
   * @returns How many bytes it has.
   * @throws {Error} if the holder is not among those who are said to have it.
   * @throws as `Finder.holders` and `getRfc`.
   */
  async download(number: number, holder: LabPeer): Promise<number> {
    const { system, client } = this.#options;
    const { uplink } = holder.#options;
    await this.#passMessages(messagesBefore[system]);
    uplink?.expect(this.#dueAt);
    const found = await this.#find(number, holder.endpoint);
    const parts: Uint8Array[] = [];
    const sink = {
      write(bytes: Uint8Array) {
        parts.push(bytes.slice());
        return Promise.resolve();
      },
    };
    const bytes = await getRfc(found, number, found.protocol, sink, client);
    this.#dueAt = Math.min(performance.now(), uplink?.busyUntil ?? Infinity);
    await this.#passMessages(1);
    client.signal.throwIfAborted();
    this.#unstored.push({ number, parts });
    this.#unstoredBytes += bytes;
    if (this.#unstoredBytes > maxUnstoredBytes) await this.store();
    return bytes;
  }

  /** Puts what was downloaded into the folder. @throws {FileError} if the disk does not take it. */
  async store(): Promise<void> {
    const { folder } = this.#options;
    const documents = this.#unstored;
    this.#unstored = [];
    this.#unstoredBytes = 0;
    for (const { number, parts } of documents) await writeScratchDocument(folder, number, parts);
  }

  /** Leaves and stops serving. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }

  /** Waits for as long as messages that follow each other travel. */
  async #passMessages(count: number): Promise<void> {
    const { latencyMs, client: { signal } } = this.#options;
    if (latencyMs === 0) return;
    this.#dueAt += count * latencyMs;
    const waitMs = this.#dueAt - performance.now();
    if (waitMs > 0) await pause(waitMs, signal);
  }

  async #find(number: number, holder: Endpoint) {
    for await (const found of this.#finder!.holders(number)) {
      if (found.host === holder.host && found.port === holder.port) return found;
    }
    throw new Error(`Nobody said that ${formatEndpoint(holder)} has RFC ${number}`);
  }

  async #start(): Promise<void> {
    const { system, server, folder: path, uplink, client } = this.#options;
    const folder = new DocumentFolder(path);
    await folder.scan();
    const held = [...folder.documents.values()];
    const index = new RfcIndex({
      own: () => held.map(({ number, title }) => ({ number, title, ...this.endpoint })),
    });
    this.#server = this.#running.use(
      new RfcServer({
        host: labHost,
        port: 0,
        folder,
        index,
        os: client.os,
        uploadLimiter: uplink,
        fairBetween: "connections",
      }),
    );
    if (system === "ci") {
      const ci = this.#running.use(await CiClient.connect(server, client));
      for (const { number, title } of held) await ci.add({ number, title, ...this.endpoint });
      this.#finder = new CiFinder(ci, this.endpoint);
      return;
    }
    const rs = new RsClient(server, client);
    const registration = await rs.register(labHost, this.endpoint.port, undefined);
    this.#finder = new DiFinder({
      rs,
      registration,
      index,
      self: this.endpoint,
      options: client,
      failed: (_peer, error) => {
        throw error;
      },
    });
  }
}
