/**
 * Folders for what programs fetch.
 * @module
 */
import { find, run } from "./programs.ts";
import type { Rig } from "./rig.ts";

/**
 * A new folder, on a disk that has nothing else to do: what was written before is brought there first, so that nobody
 * waits for what another one left. It stays until all is measured, unless it is large: for minutes after many files were
 * removed the file system is slow to make new ones.
 */
export async function newTarget(rig: Rig): Promise<string> {
  const sync = find("sync");
  if (sync !== undefined) await run("anywhere", [sync]);
  return Deno.makeTempDirSync({ dir: rig.folder, prefix: "fetched-" });
}
