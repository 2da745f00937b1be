/**
 * PQueries, a connection each, beside announces to opentracker: both answer with peers of a swarm.
 * @module
 */
import { inTurn } from "../rig/figures.ts";
import type { Load, LoadProgram } from "../rig/load.ts";
import { queryRequest, registerRequest } from "../rig/requests.ts";
import type { Row } from "../rig/rig.ts";
import { type Server, startTool, startTracker } from "../rig/servers.ts";

const connections = 16;
/** Ports of the peers begin here. */
const firstPort = 10_000;

/** Who is active, asked by whoever comes. */
export const peerQueries: Row = {
  name: "pqueries",
  work: "PQuery, a connection each, 1,000 active peers",
  async measure(rig) {
    const peers = rig.short ? 100 : 1_000;
    const count = rig.short ? 500 : 20_000;
    await using ours = await startRegistration(rig.load, peers);
    await using theirs = await startAnnounced(rig.load, peers);
    const ask = (load: Pick<Load, "port" | "request" | "numbers">) => async () =>
      (await rig.load.run({ ...load, count, connections })).perSecond;
    const values = await inTurn(
      rig.rounds,
      ask({ port: ours.port, request: queryRequest }),
      theirs && ask({ port: theirs.port, request: announce(peers), numbers: numbersOf(peers) }),
    );
    // It gives 200 peers at most, 6 bytes each; a PQuery gives all of them as text.
    const against = "opentracker announce";
    return [{
      what: "queries",
      unit: "/s",
      ...values,
      against,
      goal: { of: "ratio", atLeast: 0.5 },
    }];
  },
  growth: {
    what: "PQueries a second, a connection each",
    of: "active peers",
    sizes: [100, 1_000, 10_000],
    async at(peers, rig) {
      await using server = await startRegistration(rig.load, peers);
      const load = { port: server.port, request: queryRequest, connections };
      return (await rig.load.run({ ...load, count: rig.short ? 200 : 3_000 })).perSecond;
    },
  },
};

function numbersOf(peers: number): [number, number] {
  return [firstPort, firstPort + peers - 1];
}

async function startRegistration(load: LoadProgram, peers: number): Promise<Server> {
  const server = await startTool("rs");
  const { port } = server;
  const numbers = numbersOf(peers);
  await load.run({ port, request: registerRequest, numbers, count: peers, connections });
  return server;
}

async function startAnnounced(load: LoadProgram, peers: number): Promise<Server | undefined> {
  // Locked into its folder as nobody, it needs one that everybody may enter.
  const folder = Deno.makeTempDirSync({ prefix: "opentracker-" });
  const server = await startTracker(folder);
  if (server === undefined) return undefined;
  const { port } = server;
  const numbers = numbersOf(peers);
  await load.run({ port, request: announce(peers), numbers, count: peers, connections });
  return server;
}

/** An announce that asks for as many peers as there are. */
function announce(peers: number): string {
  const query = [
    `info_hash=${"a".repeat(20)}`,
    "peer_id=-RX0001-0000000{n}",
    "port={n}&uploaded=0&downloaded=0&left=1&compact=1",
    `numwant=${peers}`,
  ];
  return `GET /announce?${query.join("&")} HTTP/1.0\r\n\r\n`;
}
