/**
 * The command `peer get`.
 * @module
 */
import { Catalogue } from "../files/catalogue.ts";
import { Digests } from "../files/digests.ts";
import { numbersOf } from "../protocol/number_ranges.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import type { Finder } from "../roles/finder.ts";
import { clientOf, connectServers, findersOf } from "./asked_servers.ts";
import { assertMayStore, getAll } from "./bring_documents.ts";
import { DownloadTimes } from "./download_times.ts";
import { filePlace, findOutdated, folderPlace, type Outdated } from "./document_places.ts";
import { type ExitCode, UsageError } from "./exit_code.ts";
import type { Output } from "./output.ts";
import type { GetOptions } from "./download_options.ts";
import type { ToolContext } from "./tool.ts";

/** Brings documents. */
export async function getDocuments(
  options: GetOptions,
  { output, interrupt: { signal }, trace }: ToolContext,
): Promise<ExitCode> {
  const { dir, output: file, digest } = options;
  const ranges = options.numbers.flat();
  if (file !== undefined) assertOne(options, "-o");
  if (digest !== undefined) assertOne(options, "--digest");
  const number = ranges[0]!.first;
  const outdated: Outdated = digest === undefined
    ? new Map()
    : await findOutdated(dir, number, digest);
  const catalogue = new Catalogue(dir);
  const place = file === undefined
    ? folderPlace(dir, new Digests(catalogue), output, outdated)
    : filePlace(file, dir, output, outdated);
  const client = clientOf(options, trace, signal);
  await using stack = new AsyncDisposableStack();
  const times = options.times === undefined
    ? undefined
    : await DownloadTimes.start(options.times, options.ci === undefined ? "di" : "ci");
  try {
    return await getAll({
      numbers: numbersOf(ranges),
      place,
      // Nobody is asked, and nothing stored, as long as everything is there already.
      finders: () => {
        if (file === undefined) assertMayStore(dir, "print one with -o -");
        return connectFinders(options, client, output, stack);
      },
      client,
      isTraced: trace !== undefined,
      output,
      pinned: digest === undefined ? undefined : new Map([[number, digest]]),
      times,
    });
  } finally {
    await times?.write();
    await catalogue.save();
  }
}

function assertOne({ numbers }: GetOptions, option: string): void {
  const [first, ...others] = numbers.flat();
  if (first === undefined || others.length > 0 || first.first !== first.last) {
    throw new UsageError(`With ${option} there can be one document only`);
  }
}

async function connectFinders(
  options: GetOptions,
  client: ClientOptions,
  output: Output,
  stack: AsyncDisposableStack,
): Promise<Finder[]> {
  if (options.ci === undefined && options.rs === undefined) {
    throw new UsageError("Not all of this is in the folder: to ask others, add --ci or --rs");
  }
  return findersOf(await connectServers(options, client, output, stack), client, output);
}
