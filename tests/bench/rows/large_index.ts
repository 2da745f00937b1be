/**
 * A large central index: what it takes, and whether it answers as fast as a small one.
 * @module
 */
import { fileURLToPath } from "node:url";
import { inTurn } from "../rig/figures.ts";
import { run } from "../rig/programs.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startIndex } from "./lookups.ts";

const probe = fileURLToPath(new URL("../probes/index_probe.ts", import.meta.url));

/** How many peers have each document: a hundred that hold the whole series make a million records. */
const holdersEach = 100;

/** A million records. */
export const largeIndex: Row = {
  name: "index",
  work: "an index of 1,000,000 records: 10,000 documents, 100 holders each",
  async measure(rig) {
    const [small, large] = rig.short ? [2_000, 20_000] : [10_000, 1_000_000];
    const count = rig.short ? 1_000 : 20_000;
    await using few = await startIndex(rig.load, small, holdersEach);
    await using many = await startIndex(rig.load, large, holdersEach);
    const ask = (index: typeof few) => async () =>
      (await rig.load.run({ ...index.load, count })).perSecond;
    const rates = await inTurn(rig.rounds, ask(many), ask(few));
    const disconnects = await inTurn(rig.rounds, () => disconnect(large), () => disconnect(small));
    return [
      {
        what: "memory of the whole server",
        unit: "MB",
        ours: [many.residentBytes / 1e6],
        goal: { of: "ours", atMost: 250 },
      },
      {
        what: "LOOKUPs",
        unit: "/s",
        ...rates,
        against: "10,000 records",
        goal: { of: "ratio", atLeast: 0.9 },
      },
      {
        what: "a disconnect of a peer with 100 records",
        unit: "us",
        ...disconnects,
        against: "10,000 records",
      },
    ];
  },
  growth: {
    what: "MB of the whole server",
    of: "records",
    sizes: [10_000, 100_000, 1_000_000],
    async at(records, rig: Rig) {
      await using index = await startIndex(rig.load, records, holdersEach);
      return index.residentBytes / 1e6;
    },
  },
};

async function disconnect(records: number): Promise<number> {
  const { stdout } = await run("server", [Deno.execPath(), "run", probe, String(records)]);
  return JSON.parse(stdout).disconnectUs;
}
