/**
 * Peers that stay with a central index server and say nothing: what they cost, and whom they keep waiting.
 * @module
 */
import type { Figure } from "../rig/figures.ts";
import { addRequest, lookupRequest, recordsEnd } from "../rig/requests.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startTool } from "../rig/servers.ts";

const recordsEach = 10;
const documents = 5_000;

/** Idle connections by the thousand. */
export const idleConnections: Row = {
  name: "idle",
  work: "10,000 idle connections to the central index server with 10 records each",
  async measure(rig) {
    const memory: number[] = [];
    const latency: number[] = [];
    for (let round = 0; round < rig.rounds; round++) {
      const { bytesEach, p99ms } = await keepIdle(rig, rig.short ? 500 : 10_000);
      memory.push(bytesEach / 1_000);
      latency.push(p99ms);
    }
    const figures: Figure[] = [
      {
        what: "memory of the server, each",
        unit: "kB",
        ours: memory,
        goal: { of: "ours", atMost: 20 },
      },
      {
        what: "p99 of a LOOKUP meanwhile",
        unit: "ms",
        ours: latency,
        goal: { of: "ours", atMost: 20 },
      },
    ];
    return figures;
  },
  growth: {
    what: "kB of the server's memory for each idle connection",
    of: "connections",
    sizes: [1_000, 4_000, 10_000],
    at: async (connections, rig) => (await keepIdle(rig, connections)).bytesEach / 1_000,
  },
};

async function keepIdle(
  { load, short }: Rig,
  connections: number,
): Promise<{ bytesEach: number; p99ms: number }> {
  await using server = await startTool("ci_server");
  const { port, running } = server;
  const common = { port, numbers: [1, documents] as const, replyEnd: recordsEnd };
  const ask = (count: number) =>
    load.run({ ...common, request: lookupRequest, count, connections: 10 });
  // What the first requests take is not the connections'.
  const few = { request: addRequest, connections: 10, count: documents * 2 };
  await (await load.hold({ ...common, ...few }))[Symbol.asyncDispose]();
  const before = running.residentBytes;
  const count = connections * recordsEach;
  await using _idle = await load.hold({ ...common, request: addRequest, connections, count });
  const bytesEach = (running.residentBytes - before) / connections;
  const { p99us } = await ask(short ? 1_000 : 30_000);
  return { bytesEach, p99ms: p99us / 1_000 };
}
