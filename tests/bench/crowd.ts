/**
 * A crowd that wants the same collection of one holder: `peer join` with 60 documents, five times `peer sync` started at
 * once, every uplink limited. Tells when the last one has everything, and how much the first holder sent.
 *
 * deno run -A tests/bench/crowd.ts [ci|di] [KiB/s] [file for a timeline]
 */
import { sizeAt } from "../../lib/experiment/document_sizes.ts";
import { seededRandom, shuffled } from "../../lib/experiment/seeded_random.ts";
import { synthesize } from "../../lib/experiment/synthetic_document.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

const peers = 5;
const documents = 60;
/** All documents together, in bytes: at 1000 KiB/s one uplink is busy with them for 1.84 s. */
const collectionBytes = 1_884_160;
const firstNumber = 9_000;

/** A line that a peer wrote, and when. */
interface Timed {
  readonly who: string;
  readonly ms: number;
  readonly event: Record<string, unknown>;
}

/** What one run came to; times in seconds. */
interface Figures {
  /** From the start of the processes to the last document of the last one. */
  readonly fromStart: number;
  /** From the moment when the first of them had joined. */
  readonly fromJoined: number;
  /** How many times the collection the first holder sent. */
  readonly copies: number;
}

/** Writes the collection: lengths as RFCs have, scaled; the same each time. */
function writeCollection(folder: TemporaryFolder): void {
  const random = seededRandom(5);
  const shares = Array.from({ length: documents }, (_, i) => sizeAt((i + 0.5) / documents));
  const scale = collectionBytes / shares.reduce((sum, size) => sum + size, 0);
  for (const [i, size] of shuffled(shares, random).entries()) {
    const number = firstNumber + i;
    folder.write(`rfc${number}.txt`, synthesize(number, Math.round(size * scale), random));
  }
}

/** Notes what a peer tells, line by line, as it comes. */
async function follow(who: string, tool: ToolProcess, lines: Timed[]): Promise<void> {
  for (let occurrence = 1;; occurrence++) {
    let line: string;
    try {
      line = await tool.stdout.line(/^\{/, occurrence);
    } catch {
      return;
    }
    lines.push({ who, ms: performance.now(), event: JSON.parse(line) });
  }
}

async function run(system: "ci" | "rs", kibPerSecond: number, timeline?: string): Promise<Figures> {
  using source = new TemporaryFolder();
  writeCollection(source);
  await using server = await (system === "ci" ? startCiServer() : startRs());
  const limited = [`--${system}`, server.address, "--upload-limit", `${kibPerSecond}KiB/s`];
  await using holder = await startPeer(source.path, [...limited, "--json"], {
    permissions: writingTo(source.path),
  });
  await holder.stdout.line(/"joined"/);
  const lines: Timed[] = [];
  const following = [follow("H", holder, lines)];
  await using running = new AsyncDisposableStack();
  const startedAt = performance.now();
  const tools = Array.from({ length: peers }, (_, i) => {
    const target = running.use(new TemporaryFolder());
    const args = ["sync", "--dir", target.path, "--host", "127.0.0.1", ...limited, "--json"];
    const tool = running.use(
      new ToolProcess("peer", args, { permissions: writingTo(target.path) }),
    );
    following.push(follow(`P${i + 1}`, tool, lines));
    return tool;
  });
  for (const tool of tools) {
    const { code, stderr } = await tool.finished();
    if (code !== 0) throw new Error(`peer sync failed: ${stderr}`);
  }
  await holder.stop();
  await Promise.all(following);
  const told = (name: string) => lines.filter(({ event }) => event.event === name);
  const joinedAt = Math.min(...told("joined").filter(({ who }) => who !== "H").map(({ ms }) => ms));
  const doneAt = Math.max(...told("downloaded").map(({ ms }) => ms));
  if (timeline !== undefined) {
    Deno.writeTextFileSync(
      timeline,
      lines.sort((a, b) => a.ms - b.ms)
        .map(({ who, ms, event }) =>
          `${Math.round(ms - joinedAt)} ${who} ${JSON.stringify(event)}\n`
        )
        .join(""),
    );
  }
  const port = holder.endpoint.port;
  const sent = told("downloaded").flatMap(({ event }) =>
    event.sources as { port: number; bytes: number }[]
  )
    .filter((each) => each.port === port).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    fromStart: (doneAt - startedAt) / 1_000,
    fromJoined: (doneAt - joinedAt) / 1_000,
    copies: sent / collectionBytes,
  };
}

if (import.meta.main) {
  const [system = "ci", rate = "1000", timeline] = Deno.args;
  const figures = await run(system === "di" ? "rs" : "ci", Number(rate), timeline);
  console.log(`possible ${(collectionBytes / Number(rate) / 1_024).toFixed(2)} s`, figures);
}
