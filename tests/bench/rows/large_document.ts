/**
 * One large document, beside curl: whole programs, from start to end, and what memory they take.
 * @module
 */
import { join } from "node:path";
import { inTurn } from "../rig/figures.ts";
import { writeLargeDocument } from "../rig/documents.ts";
import { Holder } from "../rig/holder.ts";
import { find, run } from "../rig/programs.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { newTarget } from "../rig/target.ts";

/** One large document. */
export const largeDocument: Row = {
  name: "large",
  work: "one document of 1 GB, verified, the whole program",
  async measure(rig) {
    const bytes = rig.short ? 20_000_000 : 1_000_000_000;
    await using holder = await startHolder(rig, bytes);
    const rate = (ms: number) => bytes / 1_000 / ms;
    const memory: number[] = [];
    const curl = find("curl");
    const nginx = curl === undefined ? undefined : await holder.nginx(rig);
    const url = `http://127.0.0.1:${nginx?.port}/rfc1.txt`;
    const fetchByCurl = () =>
      intoNewTarget(rig, async (target) => {
        const { ms } = await run("anywhere", [curl!, "-s", "-o", join(target, "rfc1.txt"), url]);
        return rate(ms);
      });
    const fetchByPeer = () =>
      intoNewTarget(rig, async (target) => {
        const ms = await holder.get(target, "1", memory);
        memory.push(holder.peakBytes / 1e6);
        return rate(ms);
      });
    const values = await inTurn(rig.rounds, fetchByPeer, nginx && fetchByCurl);
    return [
      {
        what: "speed",
        unit: "MB/s",
        ...values,
        against: "curl from nginx",
        goal: { of: "ratio", atLeast: 0.7 },
      },
      {
        what: "memory of either side at most",
        unit: "MB",
        ours: [Math.max(...memory)],
        goal: { of: "ours", atMost: 150 },
      },
    ];
  },
  growth: {
    what: "MB a second of `peer get`, the whole program",
    of: "MB",
    sizes: [10, 100, 1_000],
    async at(megabytes, rig) {
      const bytes = megabytes * 1_000_000;
      await using holder = await startHolder(rig, bytes);
      const ms = await intoNewTarget(rig, (target) => holder.get(target, "1"));
      return megabytes * 1_000 / ms;
    },
  },
};

function startHolder(rig: Rig, bytes: number): Promise<Holder> {
  return Holder.start(rig, `large-${bytes}`, (folder) => writeLargeDocument(folder, 1, bytes), 1);
}

/** Measures with a folder that is removed again: the disk need not hold a document for each round. */
async function intoNewTarget(
  rig: Rig,
  measure: (target: string) => Promise<number>,
): Promise<number> {
  const target = await newTarget(rig);
  try {
    return await measure(target);
  } finally {
    Deno.removeSync(target, { recursive: true });
  }
}
