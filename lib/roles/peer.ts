/**
 * A peer: it serves its documents, stays with the servers of either system or both, and brings documents itself.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import { Catalogue } from "../files/catalogue.ts";
import { CookieJar } from "../files/cookie_jar.ts";
import { Digests } from "../files/digests.ts";
import { DocumentFolder, type StoredDocument } from "../files/document_folder.ts";
import { FolderWatch, settleMs } from "../files/folder_watch.ts";
import { RfcIndex } from "../index/rfc_index.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { inRanges } from "../protocol/number_ranges.ts";
import { Arrivals } from "./arrivals.ts";
import { BackgroundDigests } from "./background_digests.ts";
import { CiMembership } from "./ci_membership.ts";
import type { ClientOptions } from "./client_exchange.ts";
import { describeFailure } from "./failure.ts";
import { CiFinder, DiFinder, type Finder, type Heard } from "./finder.ts";
import type { Announcement, MembershipEvents } from "./membership.ts";
import type { PeerOptions } from "./peer_options.ts";
import { ProtocolClock } from "./protocol_clock.ts";
import { RfcServer } from "./rfc_server.ts";
import { RsMembership } from "./rs_membership.ts";

const logger = getLogger(["rfc-exchange", "peer"]);

/** A running peer. */
export class Peer implements AsyncDisposable {
  /** Its documents, those that it keeps to itself among them. */
  readonly folder: DocumentFolder;
  /** Their digests. */
  readonly digests: Digests;
  /** Own documents and what it heard of others'. */
  readonly index: RfcIndex;
  /** Whose index it has merged. */
  readonly heard: Map<string, Heard> = new Map();
  /** What its clients are given: they end when it leaves. */
  readonly clientOptions: ClientOptions;
  /** What it is bringing: whoever asks for that may wait for it. */
  readonly arrivals: Arrivals = new Arrivals();
  readonly #options: PeerOptions;
  readonly #clock: ProtocolClock;
  readonly #catalogue: Catalogue;
  readonly #running = new AsyncDisposableStack();
  readonly #leaving = new AbortController();
  /** What it was told to keep to itself. */
  readonly #withheld = new Set<number>();
  readonly #announcedWithoutDigest = new Set<number>();
  #refreshing: Promise<unknown> = Promise.resolve();
  #server: RfcServer | undefined;
  #background: BackgroundDigests | undefined;
  #watch: FolderWatch | undefined;
  #ci: CiMembership | undefined;
  #rs: RsMembership | undefined;

  private constructor(options: PeerOptions) {
    this.#options = options;
    this.#clock = new ProtocolClock(options.timeScale);
    this.#catalogue = new Catalogue(options.folder);
    this.folder = new DocumentFolder(options.folder, this.#catalogue);
    this.digests = new Digests(this.#catalogue, this.#leaving.signal);
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

  /** What it serves. */
  *offered(): Generator<StoredDocument, void, undefined> {
    for (const document of this.folder.documents.values()) {
      if (this.#offers(document.number)) yield document;
    }
  }

  /** Ways to find other holders, by every server that it is connected to. */
  finders(failed: (peer: Endpoint, error: unknown) => void): Finder[] {
    const finders: Finder[] = [];
    if (this.#ci?.client !== undefined) {
      finders.push(new CiFinder(this.#ci.client, this.#ci.self));
    }
    if (this.#rs !== undefined) {
      const { rs, registration, self } = this.#rs;
      const { index, heard, clientOptions: options } = this;
      finders.push(new DiFinder({ rs, registration, index, self, heard, options, failed }));
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
    const { added, removed, unsettled } = await this.folder.scan(settle);
    await this.#catalogue.save();
    const offeredNow = added.filter(({ number }) => this.#offers(number));
    const goneNow = removed.filter(({ number }) => this.#offers(number));
    for (const document of offeredNow) await this.#ci?.announce(this.#announcementOf(document));
    for (const { number } of goneNow) await this.#ci?.withdraw(number);
    if (offeredNow.length > 0) this.#background?.wake();
    if (offeredNow.length + goneNow.length > 0) this.#options.events.changed(offeredNow, goneNow);
    return unsettled;
  }

  /** A document has just come into the folder: it is served from now on, and announced as soon as the servers take it. */
  adopt(number: number): void {
    const document = this.folder.adopt(number);
    this.arrivals.arrive(number);
    if (document === undefined || !this.#offers(number)) return;
    // What fails is noted there.
    this.#ci?.announce(this.#announcementOf(document));
    this.#options.events.changed([document], []);
  }

  /** The peers that get documents from here and from each other. */
  get crowd(): RfcServer["crowd"] {
    return this.#server!.crowd;
  }

  /** Offers a document of the folder, also one that was withheld. False if there is no such document. */
  async offer(number: number): Promise<boolean> {
    await this.refresh();
    this.#withheld.delete(number);
    const document = this.folder.documents.get(number);
    if (document === undefined || !this.#offers(number)) return false;
    await this.#ci?.announce(this.#announcementOf(document));
    return true;
  }

  /** Keeps a document to itself from now on. False if it does not offer it. */
  async withhold(number: number): Promise<boolean> {
    if (!this.folder.documents.has(number) || !this.#offers(number)) return false;
    this.#withheld.add(number);
    await this.#ci?.withdraw(number);
    return true;
  }

  /** Leaves its servers and stops serving. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await this.#running.disposeAsync();
    await this.#catalogue.save();
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
    await this.folder.scan();
    this.#server = this.#running.use(
      new RfcServer({
        host,
        port,
        folder: this.folder,
        digests: this.digests,
        offers: (number) => this.#offers(number),
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
      const announcements = () =>
        Iterator.from(this.offered()).map((each) => this.#announcementOf(each));
      this.#ci = this.#running.use(
        await CiMembership.join({
          server: ci,
          name,
          port: servedPort,
          announcements,
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
      isUntold: ({ number }) => this.#announcedWithoutDigest.has(number),
      computed: async (documents) => {
        for (const { number } of documents) this.#announcedWithoutDigest.delete(number);
        await this.#catalogue.save();
        await this.#ci?.announceDetails(documents);
      },
    });
  }

  #announcementOf(document: StoredDocument): Announcement {
    const { number, title, size } = document;
    const sha256 = this.digests.find(document);
    if (sha256 === undefined) this.#announcedWithoutDigest.add(number);
    else this.#announcedWithoutDigest.delete(number);
    return { number, title, size, sha256 };
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

  #offers(number: number): boolean {
    const { only } = this.#options;
    return (only === undefined || inRanges(only, number)) && !this.#withheld.has(number);
  }

  *#ownRecords() {
    const self = this.#rs?.self ?? this.#ci?.self;
    if (self === undefined) return;
    for (const { number, title } of this.offered()) yield { number, title, ...self };
  }
}
