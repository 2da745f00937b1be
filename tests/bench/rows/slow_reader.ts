/**
 * The whole index to somebody who reads slowly: the server must not keep it ready in memory.
 * @module
 */
import { addRequest, recordsEnd } from "../rig/requests.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startTool } from "../rig/servers.ts";

/** How much is read at a time, in bytes, and how long the reader then rests, in ms. */
const sipBytes = 65_536;
const restMs = 10;

/** LIST ALL, read slowly. */
export const slowReader: Row = {
  name: "list",
  work: "LIST ALL of 130,000 records to a slow reader",
  async measure(rig) {
    const ours: number[] = [];
    for (let round = 0; round < rig.rounds; round++) {
      ours.push(await readSlowly(rig, rig.short ? 5_000 : 130_000) / 1e6);
    }
    const goal = { of: "ours", atMost: 20 } as const;
    return [{ what: "growth of the server's memory", unit: "MB", ours, goal }];
  },
  growth: {
    what: "MB by which the server's memory grows while LIST ALL is read slowly",
    of: "records",
    sizes: [10_000, 40_000, 130_000],
    at: async (records, rig) => await readSlowly(rig, records) / 1e6,
  },
};

/** The most by which the server's memory grew, in bytes. */
async function readSlowly({ load }: Rig, records: number): Promise<number> {
  await using server = await startTool("ci_server");
  const { port, running } = server;
  await using _holders = await load.hold({
    port,
    request: addRequest,
    numbers: [1, records],
    count: records,
    connections: 20,
    depth: 10,
    replyEnd: recordsEnd,
  });
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const before = running.residentBytes;
  const list = "LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n";
  await connection.write(new TextEncoder().encode(list));
  const sip = new Uint8Array(sipBytes);
  let most = before;
  // A status line, a blank one, the records, and a blank one.
  for (let linesLeft = records + 3; linesLeft > 0;) {
    const count = await connection.read(sip);
    if (count === null) throw new Error("Cannot read the list: the server hung up");
    linesLeft -= sip.subarray(0, count).reduce((lines, byte) => lines + Number(byte === 10), 0);
    most = Math.max(most, running.residentBytes);
    await new Promise((rest) => setTimeout(rest, restMs));
  }
  return most - before;
}
