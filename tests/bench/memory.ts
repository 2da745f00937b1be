/**
 * Whether the memory of peers depends on the length of a document: one of 1 MB, then one of 1 GB, from a peer that has it
 * to one that fetches it, both as processes of their own. The ratio is what counts. Needs Linux, and 2 GB of disk.
 *
 * deno task bench:memory
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer } from "../helpers/tools.ts";

const number = 8600;
const name = `rfc${number}.txt`;
const blockBytes = 1_000_000;
/** Lengths of the documents, in blocks. */
const lengths = [1, 1_000];

/** How often a process that may end at any time is looked at, in ms. The system keeps its peak until then. */
const lookMs = 10;

/** What one document took. */
interface Figures {
  /** Peak memory of the peer that has it, and of the one that fetches it, in bytes. */
  readonly join: number;
  readonly get: number;
  /** From the start of the process to its end. */
  readonly seconds: number;
}

/** Most memory that a process has ever had, in bytes; undefined if it has ended. */
function peakBytes(pid: number): number | undefined {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(status);
    return match === null ? undefined : Number(match[1]) * 1_024;
  } catch {
    return undefined;
  }
}

/** The peak of a process over its whole life. */
async function watch(tool: ToolProcess): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => peak = peakBytes(tool.pid) ?? peak, lookMs);
  const { code, stderr } = await tool.finished();
  clearInterval(timer);
  if (code !== 0) throw new Error(`peer get failed: ${stderr}`);
  return peak;
}

/** Writes a document of so many blocks, each of them another; returns its digest. */
function writeDocument(path: string, blocks: number): string {
  const hash = createHash("sha256");
  const block = new Uint8Array(blockBytes).fill(0x20);
  using file = Deno.openSync(path, { write: true, createNew: true });
  for (let i = 0; i < blocks; i++) {
    new TextEncoder().encodeInto(`Block ${i}\n`, block);
    hash.update(block);
    file.writeSync(block);
  }
  return hash.digest("hex");
}

async function measure(blocks: number): Promise<Figures> {
  using source = new TemporaryFolder();
  using target = new TemporaryFolder();
  const sha256 = writeDocument(join(source.path, name), blocks);
  await using server = await startCiServer();
  await using holder = await startPeer(source.path, ["--ci", server.address]);
  const startedAt = performance.now();
  const get = ["get", String(number), "--dir", target.path, "--ci", server.address];
  await using getter = new ToolProcess("peer", get, { permissions: writingTo(target.path) });
  const getPeak = await watch(getter);
  const seconds = (performance.now() - startedAt) / 1_000;
  const hash = createHash("sha256");
  for await (const bytes of (await Deno.open(join(target.path, name))).readable) hash.update(bytes);
  if (hash.digest("hex") !== sha256) throw new Error("The document came wrong");
  return { join: peakBytes(holder.pid) ?? NaN, get: getPeak, seconds };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MiB`.padStart(9);
}

if (import.meta.main) {
  const figures: Figures[] = [];
  for (const blocks of lengths) figures.push(await measure(blocks));
  const [little, large] = figures as [Figures, Figures];
  console.log("peak memory    1 MB     1 GB    ratio");
  for (const who of ["join", "get"] as const) {
    const ratio = (large[who] / little[who]).toFixed(2);
    console.log(
      `peer ${who.padEnd(5)}${mebibytes(little[who])}${mebibytes(large[who])}     ${ratio}`,
    );
  }
  console.log(`peer get of 1 GB: ${large.seconds.toFixed(1)} s from start to end`);
}
