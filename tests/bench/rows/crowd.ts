/**
 * A crowd that wants a collection of one holder, every uplink limited; beside a swarm of BitTorrent.
 * @module
 */
import { join } from "node:path";
import { sizeAt } from "../../../lib/experiment/document_sizes.ts";
import { seededRandom } from "../../../lib/experiment/seeded_random.ts";
import { synthesize } from "../../../lib/experiment/synthetic_document.ts";
import { type Figure, inTurn } from "../rig/figures.ts";
import { find, freePort, Running } from "../rig/programs.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { startTool, startTracker, toolCommand } from "../rig/servers.ts";
import { startAria2, torrentHash, writeTorrent } from "../rig/torrent.ts";

const peers = 5;
/** All documents together, in bytes: an uplink of 1000 KiB/s is busy with them for 1.84 s. */
const collectionBytes = 1_884_160;
/** How often it is looked whether a peer of the swarm has everything, in ms. */
const lookMs = 20;

/** Sixty documents for five peers. */
export const crowd: Row = {
  name: "crowd",
  work: "60 RFCs from 1 holder to 5 peers by `sync`, every uplink limited, the last one done",
  async measure(rig) {
    const { folder, documents } = writeCollection(rig);
    const figures: Figure[] = [];
    const fast = [1_000, 2.1] as const;
    for (const [rate, atMost] of rig.short ? [fast] : [fast, [100, 20] as const]) {
      for (const system of ["ci", "rs"] as const) {
        const aria2 = system === "ci" ? find("aria2c") : undefined;
        const isWithTracker = aria2 !== undefined && find("opentracker") !== undefined;
        const values = await inTurn(
          rig.rounds,
          () => secondsOfCrowd(rig, folder, system, rate),
          isWithTracker ? () => secondsOfSwarm(rig, aria2, folder, documents, rate) : undefined,
        );
        const what = `${system === "ci" ? "P2P-CI" : "P2P-DI"}, ${rate} KiB/s`;
        const against = isWithTracker ? { against: "aria2 and opentracker" } : {};
        figures.push({ what, unit: "s", ...values, ...against, goal: { of: "ours", atMost } });
      }
    }
    return figures;
  },
};

/** Documents as long as RFCs are among each other, the same each time. */
function writeCollection({ folder: parent, short }: Rig): { folder: string; documents: number } {
  const folder = join(parent, "crowd");
  Deno.mkdirSync(folder, { recursive: true });
  const documents = short ? 12 : 60;
  const random = seededRandom(5);
  const shares = Array.from({ length: documents }, (_, i) => sizeAt((i + 0.5) / documents));
  const scale = collectionBytes * documents / 60 / shares.reduce((sum, size) => sum + size, 0);
  for (const [i, size] of shares.entries()) {
    const text = synthesize(9_000 + i, Math.round(size * scale), random);
    Deno.writeTextFileSync(join(folder, `rfc${9_000 + i}.txt`), text);
  }
  return { folder, documents };
}

/** From when the first peer has joined until the last one has everything. */
async function secondsOfCrowd(
  { folder: parent }: Rig,
  source: string,
  system: "ci" | "rs",
  rate: number,
): Promise<number> {
  await using server = await startTool(system === "ci" ? "ci_server" : "rs");
  const args = [`--${system}`, `127.0.0.1:${server.port}`, "--upload-limit", `${rate}KiB/s`];
  await using _holder = await startTool("peer", [...args, "--dir", source], source);
  const ends = await Promise.all(Array.from({ length: peers }, async () => {
    const target = Deno.makeTempDirSync({ dir: parent });
    const all = ["sync", ...args, "--dir", target, "--port", 0, "--json"];
    const command = toolCommand("peer", all, target);
    await using peer = new Running("anywhere", command, { stdout: "piped" });
    let [said, joinedAt, doneAt] = ["", NaN, NaN];
    for await (const text of peer.process.stdout.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (Number.isNaN(joinedAt) && said.includes('"joined"')) joinedAt = performance.now();
      if (Number.isNaN(doneAt) && said.includes('"summary"')) doneAt = performance.now();
    }
    Deno.removeSync(target, { recursive: true });
    return { joinedAt, doneAt };
  }));
  const joinedAt = Math.min(...ends.map((each) => each.joinedAt));
  return (Math.max(...ends.map((each) => each.doneAt)) - joinedAt) / 1_000;
}

/** From when the peers are started until the last one has everything. */
async function secondsOfSwarm(
  { folder: parent }: Rig,
  aria2: string,
  source: string,
  documents: number,
  rate: number,
): Promise<number> {
  await using running = new AsyncDisposableStack();
  const work = Deno.makeTempDirSync({ dir: parent });
  Deno.chmodSync(parent, 0o755);
  const hash = torrentHash(source, join(work, "hash.torrent"));
  const tracker = running.use(await startTracker(work, hash)!);
  const torrent = writeTorrent(join(work, "crowd.torrent"), source, tracker.port);
  const seeding = join(work, "seeding");
  Deno.mkdirSync(join(seeding, "documents"), { recursive: true });
  for (const { name, isFile } of Deno.readDirSync(source)) {
    if (isFile) Deno.copyFileSync(join(source, name), join(seeding, "documents", name));
  }
  const start = (folder: string) =>
    running.use(startAria2(aria2, torrent, folder, freePort(), rate));
  start(seeding);
  await isThere(join(seeding, String(documents)));
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: peers }, async (_, i) => {
    const target = join(work, `peer${i}`);
    Deno.mkdirSync(target);
    start(target);
    await isThere(join(target, String(documents)));
  }));
  return (performance.now() - startedAt) / 1_000;
}

/** Waits for a file. */
async function isThere(path: string): Promise<void> {
  for (;;) {
    try {
      Deno.statSync(path);
      return;
    } catch {
      await new Promise((tick) => setTimeout(tick, lookMs));
    }
  }
}
