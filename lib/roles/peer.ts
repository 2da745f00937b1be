/**
 * A peer: it serves its documents, stays with the servers of either system or both, and brings documents itself.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { CookieJar } from "../files/cookie_jar.ts";
import type { Digests } from "../files/digests.ts";
import type { DocumentFolder, StoredDocument } from "../files/document_folder.ts";
import { FolderWatch, settleMs } from "../files/folder_watch.ts";
import { RfcIndex } from "../index/rfc_index.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { Arrivals } from "./arrivals.ts";
import { BackgroundDigests } from "./background_digests.ts";
import { CiMembership } from "./ci_membership.ts";
import type { ClientOptions } from "./client_exchange.ts";
import { describeFailure } from "./failure.ts";
import { CiFinder, DiFinder, type Finder, type Heard } from "./finder.ts";
import { ListedHolders } from "./listed_holders.ts";
import type { MembershipEvents } from "./membership.ts";
import { OfferedDocuments } from "./offered_documents.ts";
import type { PeerOptions } from "./peer_options.ts";
import { ProtocolClock } from "./protocol_clock.ts";
import { RecentPeers } from "./recent_peers.ts";
import { RfcServer } from "./rfc_server.ts";
import { RsMembership } from "./rs_membership.ts";

const logger = getLogger(["rfc-exchange", "peer"]);

/** A running peer. */
export class Peer implements AsyncDisposable {
  /** Own documents and what it heard of others'. */
  readonly index: RfcIndex;
  /** Whose index it has merged. */
  readonly heard: Map<string, Heard> = new Map();
  /** Who was active when it asked last. */
  readonly recent: RecentPeers = new RecentPeers();
  /** Who has what, as the central index server listed it lately. */
  readonly listed: ListedHolders = new ListedHolders();
  /** What its clients are given: they end when it leaves. */
  readonly clientOptions: ClientOptions;
  /** What it is bringing: whoever asks for that may wait for it. */
  readonly arrivals: Arrivals = new Arrivals();
  readonly #options: PeerOptions;
  readonly #clock: ProtocolClock;
  readonly #documents: OfferedDocuments;
  readonly #running = new AsyncDisposableStack();
  readonly #leaving = new AbortController();
  #refreshing: Promise<unknown> = Promise.resolve();
  #server: RfcServer | undefined;
  #background: BackgroundDigests | undefined;
  #watch: FolderWatch | undefined;
  #ci: CiMembership | undefined;
  #rs: RsMembership | undefined;

  private constructor(options: PeerOptions) {
    this.#options = options;
    this.#clock = new ProtocolClock(options.timeScale);
    this.#documents = new OfferedDocuments(options.folder, options.only, this.#leaving.signal);
    this.index = new RfcIndex({ now: this.#clock.now, own: () => this.#ownRecords() });
    const { os, trace, downloadLimiter } = options;
    const { signal } = this.#leaving;
    const learned = { forms: new Map(), details: new Map() };
    this.clientOptions = { os, trace, ...learned, signal, downloadLimiter };
  }

  /**
   * Starts to serve, and joins its servers.
   *
   * @throws {FileError} if the folder cannot be read.
   * @throws {ListenError} if the RFC server cannot listen where it was told to.
   * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if a server cannot be joined, or
   *   joining is given up.
   */
  static async start(options: PeerOptions): Promise<Peer> {
    const peer = new Peer(options);
    // A connection outlives the joining, and so must not end with the signal of its own accord.
    const joining = new AbortController();
    const giveUp = () => joining.abort();
    if (options.signal?.aborted) giveUp();
    options.signal?.addEventListener("abort", giveUp);
    try {
      await peer.#start(joining.signal);
      return peer;
    } catch (error) {
      await peer[Symbol.asyncDispose]();
      throw error;
    } finally {
      options.signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Where its RFC server listens. */
  get endpoint(): Endpoint {
    return this.#server!.endpoint;
  }

  /** Its stay with the central index server, if it was told of one. */
  get ci(): CiMembership | undefined {
    return this.#ci;
  }

  /** Its stay with the registration server, if it was told of one. */
  get rs(): RsMembership | undefined {
    return this.#rs;
  }

  /** Its documents, those that it keeps to itself among them. */
  get folder(): DocumentFolder {
    return this.#documents.folder;
  }

  /** Their digests. */
  get digests(): Digests {
    return this.#documents.digests;
  }

  /** What it serves. */
  offered(): Iterable<StoredDocument> {
    return this.#documents.all();
  }

  /** Ways to find other holders, by every server that it is connected to. */
  finders(failed: (peer: Endpoint, error: unknown) => void): Finder[] {
    const finders: Finder[] = [];
    if (this.#ci?.client !== undefined) {
      finders.push(new CiFinder(this.#ci.client, this.#ci.self, this.listed));
    }
    if (this.#rs !== undefined) {
      const { rs, registration, self } = this.#rs;
      const { index, heard, recent, clientOptions: options } = this;
      finders.push(new DiFinder({ rs, registration, index, self, heard, recent, options, failed }));
    }
    return finders;
  }

  /**
   * Looks at the folder and tells the servers what has changed.
   *
   * @param settle Files written to less than this ago, in ms, are left for the next look.
   * @returns Whether another look is needed soon.
   */
  refresh(settle = 0): Promise<boolean> {
    // One look after another: two at once would both find the same to be new.
    const refreshed = this.#refreshing.then(() => this.#refresh(settle));
    this.#refreshing = refreshed.catch(() => {});
    return refreshed;
  }

  async #refresh(settle: number): Promise<boolean> {
    const { added, removed, unsettled } = await this.#documents.scan(settle);
    for (const document of added) await this.#announce(document);
    for (const { number } of removed) await this.#ci?.withdraw(number);
    if (added.length > 0) this.#background?.wake();
    if (added.length + removed.length > 0) this.#options.events.changed(added, removed);
    return unsettled;
  }

  /** A document has just come into the folder: it is served from now on, and announced as soon as the servers take it. */
  adopt(number: number): void {
    const document = this.#documents.adopt(number);
    this.arrivals.arrive(number);
    if (document === undefined) return;
    // What fails is noted there.
    this.#announce(document);
    this.#options.events.changed([document], []);
  }

  /** The peers that get documents from here and from each other. */
  get crowd(): RfcServer["crowd"] {
    return this.#server!.crowd;
  }

  /** Offers a document of the folder, also one that was withheld. False if there is no such document. */
  async offer(number: number): Promise<boolean> {
    await this.refresh();
    this.#documents.release(number);
    const document = this.#documents.find(number);
    if (document === undefined) return false;
    await this.#announce(document);
    return true;
  }

  /** Keeps a document to itself from now on. False if it does not offer it. */
  async withhold(number: number): Promise<boolean> {
    if (this.#documents.find(number) === undefined) return false;
    this.#documents.withhold(number);
    await this.#ci?.withdraw(number);
    return true;
  }

  /** Leaves its servers and stops serving. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#running.disposeAsync();
    await this.#documents.save();
  }

  async #announce(document: StoredDocument): Promise<void> {
    await this.#ci?.announce(this.#documents.announcementOf(document));
  }

  async #start(joining: AbortSignal): Promise<void> {
    const { ci, rs, host, port, name, uploadLimiter, maxUploads, os, trace } = this.#options;
    const events: MembershipEvents = {
      joined: (system, server, self) => {
        const documents = [...this.offered()].length;
        this.#options.events.joined(system, server, self, documents);
      },
      lost: (system, server, reason) => this.#options.events.lost(system, server, reason),
    };
    await this.#documents.scan();
    this.#server = this.#running.use(
      new RfcServer({
        host,
        port,
        folder: this.folder,
        digests: this.digests,
        offers: (number) => this.#documents.offers(number),
        index: this.index,
        arrivals: this.arrivals,
        uploadLimiter,
        maxUploads,
        os,
        trace,
        uploaded: (document, to) => {
          this.#watch?.noteReading();
          this.#options.events.uploaded(document, to);
        },
      }),
    );
    const servedPort = this.#server.endpoint.port;
    // Memberships outlast the abort of other exchanges: leaving takes some, too.
    const { forms, details } = this.clientOptions;
    const client: ClientOptions = { os, trace, forms, details, signal: joining };
    if (ci !== undefined) {
      this.#ci = this.#running.use(
        await CiMembership.join({
          server: ci,
          name,
          port: servedPort,
          announcements: () => this.#documents.announcements(),
          client,
          events,
        }),
      );
      events.joined("ci", ci, this.#ci.self);
    }
    if (rs !== undefined) {
      const cookies = new CookieJar(this.#options.folder);
      this.#rs = this.#running.use(
        await RsMembership.join({
          server: rs,
          name,
          port: servedPort,
          cookies,
          client,
          clock: this.#clock,
          events,
        }),
      );
      events.joined("rs", rs, this.#rs.self);
    }
    this.#background = this.#running.use(this.#computeDigests());
    this.#background.wake();
    this.#watch = this.#running.use(new FolderWatch(this.folder.path, () => this.#look()));
  }

  /** Computes the digests of what is offered, keeps them, and tells the central index server. */
  #computeDigests(): BackgroundDigests {
    return new BackgroundDigests({
      documents: () => this.offered(),
      digests: this.digests,
      isUntold: (document) => this.#documents.isAnnouncedWithoutDigest(document),
      computed: async (documents) => {
        this.#documents.noteTold(documents);
        await this.#documents.save();
        await this.#ci?.announceDetails(documents);
      },
    });
  }

  async #look(): Promise<boolean> {
    try {
      return await this.refresh(settleMs);
    } catch (error) {
      // The folder is away (a disk unplugged, say): what is announced stays until it is known to be gone.
      logger.warn("{failure}", { failure: describeFailure(error) });
      return false;
    }
  }

  *#ownRecords() {
    const self = this.#rs?.self ?? this.#ci?.self;
    if (self === undefined) return;
    for (const { number, title } of this.offered()) yield { number, title, ...self };
  }
}
