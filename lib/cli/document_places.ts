/**
 * Where documents are looked for first, and where they go.
 * @module
 */
import { join } from "node:path";
import type { Digests } from "../files/digests.ts";
import { listDocuments } from "../files/document_folder.ts";
import type { DocumentStore } from "../files/document_part.ts";
import { FileStore } from "../files/file_store.ts";
import { FolderStore } from "../files/folder_store.ts";
import { OpenDocument } from "../files/open_document.ts";
import type { DocumentPlace } from "./bring_documents.ts";
import type { Output } from "./output.ts";
import { PrintedStore } from "./printed_store.ts";

/** What stands for standard output where a file is named. */
const standardOutput = "-";

/** Documents of a folder that are not what is wanted: their paths by number. */
export type Outdated = ReadonlyMap<number, string>;

/**
 * The folder `dir`.
 *
 * @param digests Where the digests of its documents are noted.
 * @param outdated What gives way to what is brought, and is kept under another name.
 * @throws {FileError} if it cannot be read.
 */
export function folderPlace(
  dir: string,
  digests: Pick<Digests, "record">,
  output: Output,
  outdated: Outdated = new Map(),
): DocumentPlace {
  const documents = listDocuments(dir);
  const setAside = (rfc: number, path: string) => output.result({ event: "set aside", rfc, path });
  return {
    stored: (number) => {
      const name = documents.get(number);
      return name === undefined || outdated.has(number) ? undefined : join(dir, name);
    },
    store: new FolderStore(dir, { digests, outdated, setAside }),
  };
}

/** One file, or standard output, for a document that may lie in the folder `dir` already. */
export function filePlace(
  file: string,
  dir: string,
  output: Output,
  outdated: Outdated,
): DocumentPlace {
  const isPrinted = file === standardOutput;
  if (isPrinted) output.yieldStandardOutput();
  const store = isPrinted ? new PrintedStore(output) : new FileStore(file);
  return {
    stored: (number) => outdated.has(number) ? undefined : findStored(dir, number),
    store,
    copy: async (number, stored) => {
      await copyDocument(number, stored, store);
      return file;
    },
  };
}

/** The document of a folder if it has another digest than it should have. @throws {FileError} if it cannot be read. */
export async function findOutdated(
  dir: string,
  number: number,
  sha256: string,
): Promise<Outdated> {
  const path = findStored(dir, number);
  if (path === undefined) return new Map();
  using document = OpenDocument.open(path);
  const isRight = await document.sha256(document.whole) === sha256;
  return new Map(isRight ? [] : [[number, path]]);
}

/** A document that lies in the folder already; a folder that cannot be read has none. */
function findStored(dir: string, number: number): string | undefined {
  try {
    const name = listDocuments(dir).get(number);
    return name === undefined ? undefined : join(dir, name);
  } catch {
    return undefined;
  }
}

async function copyDocument(number: number, path: string, store: DocumentStore): Promise<void> {
  using document = OpenDocument.open(path);
  using part = await store.open(number, { size: document.size });
  let offset = 0;
  for (const chunk of document.chunks(document.whole)) {
    part.write(offset, chunk);
    offset += chunk.length;
  }
  await part.finish(undefined);
}
