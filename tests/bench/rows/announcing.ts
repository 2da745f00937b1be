/**
 * Joining with a large folder whose digests are known from the run before.
 * @module
 */
import { join } from "node:path";
import { writeDocument } from "../rig/documents.ts";
import { inTurn } from "../rig/figures.ts";
import { timeUntilSaid } from "../rig/programs.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startTool, toolCommand } from "../rig/servers.ts";

/** How long reading all documents may take, in ms. */
const readMs = 60_000;

/** The whole series, announced. */
export const announcing: Row = {
  name: "announce",
  work: "announcing 6,500 documents at `join`, digests known",
  async measure(rig) {
    const documents = rig.short ? 200 : 6_500;
    const folder = await makeKnownFolder(rig, documents);
    const { ours } = await inTurn(rig.rounds, () => secondsToAnnounce(folder), undefined);
    const goal = { of: "ours", atMost: 1 } as const;
    return [{ what: "whole program, until all are announced", unit: "s", ours, goal }];
  },
  growth: {
    what: "seconds of the whole program until all are announced",
    of: "documents",
    sizes: [650, 2_000, 6_500],
    at: async (documents, rig) => await secondsToAnnounce(await makeKnownFolder(rig, documents)),
  },
};

/** A folder of short documents with a catalogue that has all their digests. */
async function makeKnownFolder({ folder: parent }: Rig, documents: number): Promise<string> {
  const folder = join(parent, `announced-${documents}`);
  Deno.mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= documents; number++) {
    const text = `Request for Comments: ${number}\n\n${" ".repeat(20)}Document ${number}\n\n`;
    writeDocument(folder, number, text.padEnd(2_000, ".\n"));
  }
  const catalogue = join(folder, ".rfc-exchange", "catalogue.ndjson");
  await using ci = await startTool("ci_server");
  await using _peer = await startTool(
    "peer",
    ["--ci", `127.0.0.1:${ci.port}`, "--dir", folder],
    folder,
  );
  const until = performance.now() + readMs;
  while (countDigests(catalogue) < documents) {
    if (performance.now() > until) throw new Error("Cannot wait for digests: too few are kept");
    await new Promise((tick) => setTimeout(tick, 100));
  }
  return folder;
}

function countDigests(catalogue: string): number {
  try {
    return Deno.readTextFileSync(catalogue).split('"sha256"').length - 1;
  } catch {
    return 0;
  }
}

async function secondsToAnnounce(folder: string): Promise<number> {
  await using ci = await startTool("ci_server");
  const args = ["join", "--ci", `127.0.0.1:${ci.port}`, "--dir", folder];
  return await timeUntilSaid("load", toolCommand("peer", args, folder), "joined ") / 1_000;
}
