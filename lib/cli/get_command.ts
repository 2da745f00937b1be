/**
 * The command `peer get`.
 * @module
 */
import { join } from "node:path";
import { listDocuments } from "../files/document_folder.ts";
import type { DocumentStore } from "../files/document_part.ts";
import { documentName } from "../files/document_name.ts";
import { FileStore } from "../files/file_store.ts";
import { OpenDocument } from "../files/open_document.ts";
import { PartStore } from "../files/part_store.ts";
import { RfcIndex } from "../index/rfc_index.ts";
import { numbersOf } from "../protocol/number_ranges.ts";
import { CiClient } from "../roles/ci_client.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { describeFailure } from "../roles/failure.ts";
import { CiFinder, DiFinder, type Finder } from "../roles/finder.ts";
import { RsClient } from "../roles/rs_client.ts";
import { assertMayStore, type DocumentPlace, getAll } from "./bring_documents.ts";
import { type ExitCode, UsageError } from "./exit_code.ts";
import { limiterOf } from "./options.ts";
import type { Output } from "./output.ts";
import type { GetOptions } from "./peer_tool.ts";
import { PrintedDocuments } from "./printed_document.ts";
import { systemName } from "./system_name.ts";
import type { ToolContext } from "./tool.ts";

/** Brings documents. */
export async function getDocuments(
  options: GetOptions,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  const numbers = numbersOf(options.numbers.flat());
  const place = placeOf(options, output);
  if (options.output === "-") output.yieldStandardOutput();
  const { signal } = interrupt;
  const downloadLimiter = limiterOf(options.downloadLimit);
  const client: ClientOptions = {
    os: systemName(),
    trace,
    forms: new Map(),
    signal,
    downloadLimiter,
  };
  await using stack = new AsyncDisposableStack();
  let finders: Promise<Finder[]> | undefined;
  return await getAll({
    numbers,
    place,
    // Nobody is asked, and nothing stored, as long as everything is there already.
    finders: () => {
      if (options.output === undefined) assertMayStore(options.dir);
      return finders ??= connectFinders(options, client, output, stack);
    },
    client,
    output,
  });
}

/** Where documents are looked for first, and where they go. */
function placeOf({ numbers, dir, output: file }: GetOptions, output: Output): DocumentPlace {
  if (file === undefined) return folderPlace(dir);
  const [first, ...others] = numbers.flat();
  if (first === undefined || others.length > 0 || first.first !== first.last) {
    throw new UsageError("With -o there can be one document only");
  }
  const store = file === "-" ? new PrintedDocuments(output) : new FileStore(file);
  return {
    stored: (number) => findStored(dir, number),
    pathOf: () => file,
    store,
    copy: (stored) => copyDocument(stored, first.first, store),
  };
}

/** The folder `dir` as the place of documents. */
export function folderPlace(dir: string): DocumentPlace {
  const stored = listDocuments(dir);
  const pathOf = (number: number) => join(dir, documentName(number));
  return {
    stored: (number) => {
      const name = stored.get(number);
      return name === undefined ? undefined : join(dir, name);
    },
    pathOf,
    store: new PartStore(dir),
  };
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

async function copyDocument(path: string, number: number, store: DocumentStore): Promise<void> {
  using document = await OpenDocument.open(path);
  using part = await store.open(number, { size: document.size });
  let offset = 0;
  for await (const chunk of document.chunks(document.whole)) {
    part.write(offset, chunk);
    offset += chunk.length;
  }
  await part.finish(undefined);
}

/** A finder for each server that was named and can be reached. */
async function connectFinders(
  { ci, rs }: GetOptions,
  client: ClientOptions,
  output: Output,
  stack: AsyncDisposableStack,
): Promise<Finder[]> {
  if (ci === undefined && rs === undefined) {
    throw new UsageError("Not all of this is in the folder: to ask others, add --ci or --rs");
  }
  const finders: Finder[] = [];
  if (ci !== undefined) {
    try {
      finders.push(new CiFinder(stack.use(await CiClient.connect(ci, client)), undefined));
    } catch (error) {
      if (rs === undefined) throw error;
      output.remark(`${describeFailure(error)}; asking the registration server instead`);
    }
  }
  if (rs !== undefined) {
    finders.push(
      new DiFinder({
        rs: new RsClient(rs, client),
        registration: undefined,
        index: new RfcIndex(),
        self: undefined,
        options: client,
        failed: (peer, error) => output.remark(describeFailure(error, peer)),
      }),
    );
  }
  return finders;
}
