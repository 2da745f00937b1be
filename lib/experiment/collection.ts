/**
 * The documents of the lab: made-up ones, or those of a folder.
 * @module
 */
import { DocumentFolder } from "../files/document_folder.ts";
import { type ScratchFolder, writeScratchDocument } from "../files/scratch_folder.ts";
import { drawSizes } from "./document_sizes.ts";
import { seededRandom } from "./seeded_random.ts";
import type { LabSettings } from "./settings.ts";
import { synthesize } from "./synthetic_document.ts";
import type { LabDocument } from "./workload.ts";

/** The documents of the lab and where they are. */
export interface Collection {
  /** By number. */
  readonly documents: readonly LabDocument[];
  /** The path of a document. */
  readonly pathOf: (document: LabDocument) => string;
}

/** Longest document of an experiment, in bytes: each is held in memory while it comes, once for each peer. */
export const maxDocumentBytes = 16_777_216;

/** There are not enough documents for what was asked. */
export class TooFewDocumentsError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "TooFewDocumentsError";
}

/**
 * The collection of an experiment.
 *
 * @param scratch Where made-up documents are written to.
 * @throws {FileError} if the folder cannot be read, or made-up documents cannot be written.
 * @throws {TooFewDocumentsError} if it holds fewer documents than there are to be.
 */
export async function openCollection(
  { dir, rfcs, peers, seed }: Pick<LabSettings, "dir" | "rfcs" | "peers" | "seed">,
  scratch: ScratchFolder,
): Promise<Collection> {
  const folder = dir ?? await makeUp(scratch.makeFolder("documents"), rfcs, peers, seed);
  const found = new DocumentFolder(folder);
  await found.scan();
  const documents = [...found.documents.values()].filter(({ size }) =>
    size > 0 && size <= maxDocumentBytes
  );
  if (documents.length < rfcs) {
    throw new TooFewDocumentsError(
      `Cannot take ${rfcs} documents from ${dir}: it holds ${documents.length} of up to ${maxDocumentBytes} bytes; say fewer with --rfcs`,
    );
  }
  return {
    documents: documents.slice(0, rfcs).map(({ number, size }) => ({ number, bytes: size })),
    pathOf: ({ number }) => found.documents.get(number)!.path,
  };
}

/** Writes made-up documents into a folder and returns its path. */
async function makeUp(
  folder: string,
  rfcs: number,
  peers: number,
  seed: number,
): Promise<string> {
  const encoder = new TextEncoder();
  for (const [i, bytes] of drawSizes(rfcs, peers, seededRandom(seed)).entries()) {
    const number = i + 1;
    const text = synthesize(number, bytes, seededRandom(seed, number));
    await writeScratchDocument(folder, number, [encoder.encode(text)]);
  }
  return folder;
}
