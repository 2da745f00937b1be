/**
 * Merging another peer's large RFC index while everything else goes on.
 * @module
 */
import { fileURLToPath } from "node:url";
import { run } from "../rig/programs.ts";
import type { Row } from "../rig/rig.ts";

const probe = fileURLToPath(new URL("../probes/merge_probe.ts", import.meta.url));

/** 100,000 records into a million. */
export const indexMerge: Row = {
  name: "merge",
  work: "merging an RFC index of 100,000 records into one of 1,000,000",
  async measure(rig) {
    const seconds: number[] = [];
    const pauses: number[] = [];
    for (let round = 0; round < rig.rounds; round++) {
      const [known, added] = rig.short ? [10_000, 2_000] : [1_000_000, 100_000];
      const result = await merge(known, added);
      seconds.push(result.seconds);
      pauses.push(result.longestMs);
    }
    return [
      { what: "time", unit: "s", ours: seconds, goal: { of: "ours", atMost: 1 } },
      { what: "longest pause", unit: "ms", ours: pauses, goal: { of: "ours", atMost: 50 } },
    ];
  },
  growth: {
    what: "seconds to merge so many records into an index of ten times as many",
    of: "records",
    sizes: [1_000, 10_000, 100_000],
    at: async (records) => (await merge(records * 10, records)).seconds,
  },
};

async function merge(
  known: number,
  added: number,
): Promise<{ seconds: number; longestMs: number }> {
  const deno = [Deno.execPath(), "run", "--allow-net", "--allow-read", "--allow-run"];
  const { stdout } = await run("anywhere", [...deno, probe, String(known), String(added)]);
  return JSON.parse(stdout);
}
