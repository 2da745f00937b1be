/**
 * Computing the digests of documents before anybody asks for them.
 * @module
 */
import { getLogger } from "@logtape/logtape";
import type { Digests } from "../files/digests.ts";
import type { StoredDocument } from "../files/document_folder.ts";
import { describeFailure } from "./failure.ts";

/** A document whose digest has just been computed. */
export interface HashedDocument extends StoredDocument {
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What digests are computed for. */
export interface BackgroundDigestsOptions {
  /** The documents, now. */
  readonly documents: () => Iterable<StoredDocument>;
  /** Where digests are looked up and computed. */
  readonly digests: Digests;
  /** Whether a document's digest is still to be told although somebody else's question made it known. @default never */
  readonly isUntold?: ((document: StoredDocument) => boolean) | undefined;
  /** Told of digests as they become known, some at a time; must not fail. */
  readonly computed: (documents: readonly HashedDocument[]) => Promise<void>;
}

/** After how many digests they are told. */
const toldAtOnce = 500;

/** After how long digests are told, in ms, if it takes longer to compute so many. */
const tellEveryMs = 5_000;

const logger = getLogger(["rfc-exchange", "peer"]);

/** Reads documents one after another while others are served: whoever asks for a document does not wait for all. */
export class BackgroundDigests implements AsyncDisposable {
  readonly #options: BackgroundDigestsOptions;
  #running: Promise<void> | undefined;
  #isWanted = false;
  #isOver = false;

  /** Does nothing yet. */
  constructor(options: BackgroundDigestsOptions) {
    this.#options = options;
  }

  /** There may be documents whose digest is not known. */
  wake(): void {
    this.#isWanted = true;
    this.#running ??= this.#run();
  }

  /** Computes no more digests; waits for the one that is being computed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted && !this.#isOver) {
      this.#isWanted = false;
      await this.#computeAll();
    }
    this.#running = undefined;
  }

  async #computeAll(): Promise<void> {
    const { documents, digests, isUntold = () => false, computed } = this.#options;
    let untold: HashedDocument[] = [];
    let tellAt = performance.now() + tellEveryMs;
    for (const document of documents()) {
      if (this.#isOver) return;
      if (digests.find(document) !== undefined && !isUntold(document)) continue;
      try {
        untold.push({ ...document, sha256: await digests.sha256(document) });
      } catch (error) {
        // Removed or changed meanwhile; the folder will be looked at again.
        logger.debug("{failure}", { failure: describeFailure(error) });
      }
      if (untold.length < toldAtOnce && performance.now() < tellAt) continue;
      await computed(untold);
      untold = [];
      tellAt = performance.now() + tellEveryMs;
    }
    if (untold.length > 0 && !this.#isOver) await computed(untold);
  }
}
