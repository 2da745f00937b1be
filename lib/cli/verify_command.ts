/**
 * The command `peer verify`.
 * @module
 */
import { Catalogue } from "../files/catalogue.ts";
import { Digests } from "../files/digests.ts";
import { checkDocuments } from "../files/document_check.ts";
import { FolderStore } from "../files/folder_store.ts";
import { inRanges } from "../protocol/number_ranges.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { describeFailure } from "../roles/failure.ts";
import { type AnnouncedDigests, surveyDigests } from "../roles/survey.ts";
import { judge, type Verdict } from "../roles/verdict.ts";
import { type AskedServers, clientOf, connectServers, findersOf } from "./asked_servers.ts";
import { assertMayStore, bring } from "./bring_documents.ts";
import { DownloadReport } from "./download_report.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit_code.ts";
import type { Output } from "./output.ts";
import type { VerifyOptions } from "./download_options.ts";
import { findTerminal, ProgressDisplay } from "./progress_display.ts";
import { count } from "./quantities.ts";
import type { ToolContext } from "./tool.ts";
import type { CheckedEvent } from "./verify_events.ts";

/** A document that was read again, and which digest it should have, if that can be said. */
interface Finding {
  readonly event: CheckedEvent;
  readonly wanted: string | undefined;
}

/** Of more documents than this people are told about those only that are not as they should be: a screen or two. */
const maxGoodLines = 50;

/** Whether nothing is to be said against a document. */
function isGood(verdict: Verdict): boolean {
  return verdict === "fine" || verdict === "unknown";
}

/** Reads documents again, says what is to be thought of them, and brings those anew that are to be repaired. */
export async function verifyDocuments(
  options: VerifyOptions,
  { output, interrupt: { signal }, trace }: ToolContext,
): Promise<ExitCode> {
  const { ci, rs, dir, repair } = options;
  if (repair) {
    assertMayStore(dir);
    if (ci === undefined && rs === undefined) {
      throw new UsageError("To repair documents others have to be asked: add --ci or --rs");
    }
  }
  const startedAt = performance.now();
  const client = clientOf(options, trace, signal);
  await using stack = new AsyncDisposableStack();
  const servers = await connectServers(options, client, output, stack);
  const announced = await askOthers(servers, client, output);
  const catalogue = new Catalogue(dir);
  const findings = await check(options, catalogue, announced, output, client);
  const repaired = repair && !signal.aborted
    ? await repairAll(findings, { servers, client, dir, catalogue, output })
    : new Set<number>();
  await catalogue.save();
  const numberOf = (verdict: Verdict) =>
    findings.filter(({ event }) => event.verdict === verdict).length;
  output.notice({
    event: "verified",
    documents: findings.length,
    fine: numberOf("fine"),
    damaged: numberOf("damaged"),
    changed: numberOf("changed"),
    differs: numberOf("differs"),
    unknown: numberOf("unknown"),
    repaired: repaired.size,
    seconds: (performance.now() - startedAt) / 1_000,
  });
  const isDone = !signal.aborted &&
    findings.every(({ event: { verdict, rfc } }) => isGood(verdict) || repaired.has(rfc));
  return isDone ? exitCodes.done : exitCodes.incomplete;
}

async function askOthers(
  servers: AskedServers,
  client: ClientOptions,
  output: Output,
): Promise<AnnouncedDigests> {
  if (servers.ci === undefined && servers.rs === undefined) return new Map();
  return await surveyDigests(
    servers,
    client,
    (error, who) => output.remark(describeFailure(error, who)),
  );
}

async function check(
  { numbers, dir }: VerifyOptions,
  catalogue: Catalogue,
  announced: AnnouncedDigests,
  output: Output,
  { signal, trace }: ClientOptions,
): Promise<Finding[]> {
  const ranges = numbers.flat();
  const isMeant = (number: number) => ranges.length === 0 || inRanges(ranges, number);
  const findings: Finding[] = [];
  const terminal = output.json || trace !== undefined ? undefined : findTerminal();
  using display = terminal &&
    new ProgressDisplay(terminal, () => [`${count(findings.length, "document")} read`]);
  output.overlay = display;
  for await (const document of checkDocuments(dir, catalogue, isMeant)) {
    const { number, path, sha256, kept, isUntouched, reason } = document;
    const byOthers = announced.get(number) ?? new Map<string, number>();
    const { verdict, wanted } = judge({ now: sha256, kept, isUntouched, announced: byOthers });
    const event: CheckedEvent = {
      event: "checked",
      rfc: number,
      path,
      verdict,
      ...(sha256 === undefined ? {} : { sha256 }),
      ...(kept === undefined ? {} : { kept }),
      announced: Array.from(byOthers, ([sha256, holders]) => ({ sha256, holders }))
        .sort((a, b) => b.holders - a.holders),
      ...(reason === undefined ? {} : { reason }),
    };
    findings.push({ event, wanted });
    if (output.json || !isGood(verdict)) output.result(event);
    if (signal?.aborted) break;
  }
  output.overlay = undefined;
  if (!output.json && findings.length <= maxGoodLines) {
    for (const { event } of findings) if (isGood(event.verdict)) output.result(event);
  }
  return findings;
}

/** Returns the documents that were repaired. */
async function repairAll(
  findings: readonly Finding[],
  { servers, client, dir, catalogue, output }: {
    readonly servers: AskedServers;
    readonly client: ClientOptions;
    readonly dir: string;
    readonly catalogue: Catalogue;
    readonly output: Output;
  },
): Promise<ReadonlySet<number>> {
  const pinned = new Map<number, string>();
  const outdated = new Map<number, string>();
  for (const { event: { rfc, path }, wanted } of findings) {
    if (wanted === undefined) continue;
    pinned.set(rfc, wanted);
    outdated.set(rfc, path);
  }
  const repaired = new Set<number>();
  if (pinned.size === 0) return repaired;
  const store = new FolderStore(dir, {
    digests: new Digests(catalogue),
    outdated,
    setAside: (rfc, path) => {
      repaired.add(rfc);
      output.result({ event: "set aside", rfc, path });
    },
  });
  using report = new DownloadReport(output, client.trace !== undefined);
  report.want(pinned.size);
  const finders = findersOf(servers, client, output);
  await bring(pinned.keys(), { finders, store, client, report, pinned });
  return repaired;
}
