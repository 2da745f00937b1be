/**
 * LOOKUPs over kept connections, beside Redis GETs of values of the same length.
 * @module
 */
import type { Figure } from "../rig/figures.ts";
import { inTurn } from "../rig/figures.ts";
import type { Load, LoadProgram } from "../rig/load.ts";
import { addRequest, lookupRequest, recordsEnd } from "../rig/requests.ts";
import type { Row } from "../rig/rig.ts";
import { startRedis, startTool } from "../rig/servers.ts";

const connections = 50;
const depth = 16;
/** What a LOOKUP here finds, in characters. */
const recordChars = 85;

/** LOOKUPs of an index of so many records. */
export const lookups: Row = {
  name: "lookups",
  work: "LOOKUP in the given form, 50 kept connections, 10,000 records",
  async measure(rig) {
    const records = rig.short ? 1_000 : 10_000;
    const count = rig.short ? 5_000 : 200_000;
    await using ours = await startIndex(rig.load, records);
    await using theirs = await startStore(rig.load, records);
    const figures: Figure[] = [];
    for (const [what, each, goal] of [["one at a time", 1, 0.6], ["by 16", depth, 0.5]] as const) {
      const size = { count: count * (each === 1 ? 1 : 3), depth: each };
      const values = await inTurn(
        rig.rounds,
        async () => (await rig.load.run({ ...ours.load, ...size })).perSecond,
        theirs && (async () => (await rig.load.run({ ...theirs.load, ...size })).perSecond),
      );
      const goalOf = { of: "ratio", atLeast: goal } as const;
      figures.push({ what, unit: "/s", ...values, against: "Redis GET", goal: goalOf });
    }
    return figures;
  },
  growth: {
    what: "LOOKUPs a second, one at a time",
    of: "records",
    sizes: [1_000, 10_000, 100_000],
    async at(records, rig) {
      await using index = await startIndex(rig.load, records);
      await rig.load.run({ ...index.load, count: 20_000 });
      return (await rig.load.run({ ...index.load, count: rig.short ? 5_000 : 100_000 })).perSecond;
    },
  },
};

/** A server of one kind and the load that asks it. */
interface Asked extends AsyncDisposable {
  readonly load: Omit<Load, "count">;
  readonly residentBytes: number;
}

/** A central index server that knows so many records; each document has so many holders. */
export async function startIndex(
  load: LoadProgram,
  records: number,
  holdersEach = 1,
): Promise<Asked> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startTool("ci_server"));
  const numbers = [1, records / holdersEach] as const;
  const common = { port: server.port, numbers, replyEnd: recordsEnd };
  stack.use(
    await load.hold({
      ...common,
      request: addRequest,
      count: records,
      connections: Math.max(holdersEach, 10),
      depth: 10,
    }),
  );
  const all = stack.move();
  return {
    load: { ...common, request: lookupRequest, connections },
    get residentBytes() {
      return server.running.residentBytes;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Redis with as many values as long; undefined if it is not here. */
async function startStore(load: LoadProgram, records: number): Promise<Asked | undefined> {
  await using stack = new AsyncDisposableStack();
  const starting = startRedis();
  if (starting === undefined) return undefined;
  const server = stack.use(await starting);
  const numbers = [1_000_000, 1_000_000 + records - 1] as const;
  const set = ["SET", "record:{n}", "x".repeat(recordChars)];
  await load.run({
    port: server.port,
    numbers,
    request: command(set),
    count: records,
    connections: 10,
    replyEnd: ["\r\n", 1],
  });
  const all = stack.move();
  const replyEnd = ["\r\n", 2] as const;
  return {
    load: {
      port: server.port,
      numbers,
      request: command(["GET", "record:{n}"]),
      connections,
      replyEnd,
    },
    residentBytes: server.running.residentBytes,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A command to Redis; `{n}` stands for a number of seven digits. */
function command(words: readonly string[]): string {
  const bulk = words.map((word) => `$${word.replace("{n}", "1234567").length}\r\n${word}\r\n`);
  return `*${words.length}\r\n${bulk.join("")}`;
}
