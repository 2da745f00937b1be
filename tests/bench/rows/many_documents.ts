/**
 * Many small documents, beside aria2, curl and rsync: whole programs, from start to end.
 * @module
 */
import { join } from "node:path";
import { type Figure, inTurn } from "../rig/figures.ts";
import { writeDocuments } from "../rig/documents.ts";
import { Holder } from "../rig/holder.ts";
import { find, run } from "../rig/programs.ts";
import type { Rig, Row } from "../rig/rig.ts";
import { newTarget } from "../rig/target.ts";

/** How many files others fetch at once. */
const parallel = 16;

/** The collection from one peer. */
export const manyDocuments: Row = {
  name: "many",
  work: "`peer get` of 1,000 RFCs (60 MB) from one peer, verified and renamed, the whole program",
  async measure(rig) {
    const documents = rig.short ? 30 : 1_000;
    await using holder = await startHolder(rig, documents);
    const figures: Figure[] = [];
    for (const { against, atMost, theirs } of await otherWays(rig, holder, documents)) {
      const ours = async () => await holder.get(await newTarget(rig), `1-${documents}`);
      const values = await inTurn(rig.rounds, ours, theirs);
      const goal = { of: "ratio", atMost } as const;
      figures.push({ what: "time", unit: "ms", ...values, against, goal });
    }
    return figures;
  },
  growth: {
    what: "seconds of `peer get`, the whole program",
    of: "documents",
    sizes: [100, 300, 1_000],
    async at(documents, rig) {
      await using holder = await startHolder(rig, documents);
      return await holder.get(await newTarget(rig), `1-${documents}`) / 1_000;
    },
  },
};

function startHolder(rig: Rig, documents: number): Promise<Holder> {
  const fill = (folder: string) => writeDocuments(folder, documents);
  return Holder.start(rig, `many-${documents}`, fill, documents);
}

/** Another way to bring the same documents. */
interface OtherWay {
  readonly against: string;
  /** By what factor we may take as long. */
  readonly atMost: number;
  /** How long it takes, in ms; undefined if the program or the server is not here. */
  readonly theirs: (() => Promise<number>) | undefined;
}

async function otherWays(rig: Rig, holder: Holder, documents: number): Promise<OtherWay[]> {
  const nginx = await holder.nginx(rig);
  const rsyncd = await holder.rsync(rig);
  const urls = Array.from(
    { length: documents },
    (_, i) => `http://127.0.0.1:${nginx?.port}/rfc${i + 1}.txt`,
  );
  const list = join(rig.folder, "urls.txt");
  Deno.writeTextFileSync(list, `${urls.join("\n")}\n`);
  const curlList = join(rig.folder, "urls.curl");
  Deno.writeTextFileSync(curlList, urls.map((url) => `url = "${url}"\nremote-name\n`).join(""));
  const way = (server: unknown, name: string, args: readonly string[]) => {
    const program = find(name);
    if (server === undefined || program === undefined) return undefined;
    return () => fetchAll(rig, [program, ...args], documents);
  };
  const aria2 = ["-q", `-j${parallel}`, "-i", list];
  const curl = ["-s", "-Z", "--parallel-max", String(parallel), "-K", curlList];
  const rsync = ["-a", "--exclude=.*", `rsync://127.0.0.1:${rsyncd?.port}/docs/`, "."];
  return [
    { against: "aria2c -j16 from nginx", atMost: 0.4, theirs: way(nginx, "aria2c", aria2) },
    { against: "curl -Z from nginx", atMost: 1.5, theirs: way(nginx, "curl", curl) },
    { against: "rsync from its daemon", atMost: 1, theirs: way(rsyncd, "rsync", rsync) },
  ];
}

/** Runs a program in a new folder, in which all documents must be then; how long it took, in ms. */
async function fetchAll(rig: Rig, command: readonly string[], documents: number): Promise<number> {
  const target = await newTarget(rig);
  const { ms } = await run("anywhere", command, { cwd: target });
  const files = [...Deno.readDirSync(target)].filter(({ isFile }) => isFile).length;
  if (files !== documents) throw new Error(`Cannot use ${command[0]}: ${files} files`);
  return ms;
}
