/**
 * All benchmarks: ours and others' in turn, on the same files and over loopback.
 *
 * deno task bench [--short] [--rounds=N] [--growth] [--write] [ROW...]
 *
 * --short   small sizes, one round: whether everything can be measured, not how fast it is
 * --rounds  how often each side is measured, five times if it is not said
 * --growth  each figure at three sizes as well
 * --write   puts the tables into RESULTS.md
 *
 * Exits with 1 if something could not be measured; a goal that is not reached is no failure.
 * @module
 */
import { assertMeasured } from "./rig/figures.ts";
import { LoadProgram } from "./rig/load.ts";
import {
  figureTable,
  growthTable,
  machineLines,
  type MeasuredGrowth,
  type MeasuredRow,
} from "./rig/report.ts";
import type { Rig, Row } from "./rig/rig.ts";
import { announcing } from "./rows/announcing.ts";
import { crowd } from "./rows/crowd.ts";
import { givenGets } from "./rows/given_gets.ts";
import { idleConnections } from "./rows/idle_connections.ts";
import { indexMerge } from "./rows/index_merge.ts";
import { largeDocument } from "./rows/large_document.ts";
import { largeIndex } from "./rows/large_index.ts";
import { lookups } from "./rows/lookups.ts";
import { manyDocuments } from "./rows/many_documents.ts";
import { peerQueries } from "./rows/peer_queries.ts";
import { slowReader } from "./rows/slow_reader.ts";
import { startTime } from "./rows/start_time.ts";

/** As the table has them. */
const rows: readonly Row[] = [
  manyDocuments,
  largeDocument,
  givenGets,
  lookups,
  peerQueries,
  idleConnections,
  slowReader,
  largeIndex,
  indexMerge,
  announcing,
  crowd,
  startTime,
];

const defaultRounds = 5;
const results = new URL("RESULTS.md", import.meta.url);

if (import.meta.main) {
  const flags = new Set(Deno.args.filter((arg) => arg.startsWith("--")));
  const names = Deno.args.filter((arg) => !arg.startsWith("--"));
  const chosen = names.length === 0 ? rows : rows.filter(({ name }) => names.includes(name));
  const folder = Deno.makeTempDirSync({ prefix: "rfc-exchange-bench-" });
  let failed = false;
  try {
    const short = flags.has("--short");
    const rounds = [...flags].map((flag) => /^--rounds=(\d+)$/.exec(flag)?.[1]).find(Boolean);
    const rig: Rig = {
      short,
      rounds: short ? 1 : Number(rounds ?? defaultRounds),
      load: await LoadProgram.compile(folder),
      folder,
    };
    const measured: MeasuredRow[] = [];
    const growths: MeasuredGrowth[] = [];
    for (const row of chosen) {
      try {
        await measure(row, rig, measured);
        if (flags.has("--growth")) await measureGrowth(row, rig, growths);
      } catch (error) {
        failed = true;
        console.error(`${row.name}:`, error);
      }
    }
    const text = await tables(measured, growths);
    console.log(text);
    if (flags.has("--write")) write(text);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  Deno.exit(failed ? 1 : 0);
}

async function measure(row: Row, rig: Rig, measured: MeasuredRow[]): Promise<void> {
  const beganAt = performance.now();
  const figures = await row.measure(rig);
  figures.forEach(assertMeasured);
  measured.push({ work: row.work, figures });
  console.error(`${row.name}: ${((performance.now() - beganAt) / 1_000).toFixed(0)} s`);
}

async function measureGrowth(
  { growth }: Row,
  rig: Rig,
  growths: MeasuredGrowth[],
): Promise<void> {
  if (growth === undefined) return;
  const points: [number, number][] = [];
  for (const size of growth.sizes) points.push([size, await growth.at(size, rig)]);
  growths.push({ what: growth.what, of: growth.of, points });
}

async function tables(
  measured: readonly MeasuredRow[],
  growths: readonly MeasuredGrowth[],
): Promise<string> {
  const machine = (await machineLines()).map((line) => `- ${line}`).join("\n");
  const parts = [machine, figureTable(measured)];
  if (growths.length > 0) parts.push("How they grow, each measured once:", growthTable(growths));
  return parts.join("\n\n");
}

/** What people wrote around the tables stays. */
function write(text: string): void {
  const [begin, end] = ["<!-- figures -->", "<!-- end of figures -->"];
  const before = Deno.readTextFileSync(results);
  const first = before.indexOf(begin) + begin.length;
  const after = before.slice(before.indexOf(end));
  Deno.writeTextFileSync(results, `${before.slice(0, first)}\n\n${text}\n\n${after}`);
}
