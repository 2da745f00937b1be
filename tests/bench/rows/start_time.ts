/**
 * How long a tool takes to say what it is for, beside a program that does nothing.
 * @module
 */
import { join } from "node:path";
import { inTurn } from "../rig/figures.ts";
import { run } from "../rig/programs.ts";
import type { Row } from "../rig/rig.ts";
import { toolCommand } from "../rig/servers.ts";

/** `peer --help`. */
export const startTime: Row = {
  name: "help",
  work: "`peer --help`, the whole program",
  async measure(rig) {
    const empty = join(rig.folder, "empty.ts");
    Deno.writeTextFileSync(empty, "");
    const time = (command: readonly string[]) => async () => (await run("server", command)).ms;
    const ours = time(toolCommand("peer", ["--help"]));
    const theirs = time([Deno.execPath(), "run", empty]);
    // The first run compiles.
    await ours();
    await theirs();
    const values = await inTurn(rig.rounds * 3, ours, theirs);
    const goal = { of: "ratio", atMost: 6 } as const;
    return [{ what: "time", unit: "ms", ...values, against: "an empty program", goal }];
  },
};
