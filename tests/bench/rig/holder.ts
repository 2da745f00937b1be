/**
 * A peer whose documents are fetched, and the same documents from others' servers.
 * @module
 */
import { join } from "node:path";
import { find, run } from "./programs.ts";
import { announced } from "./requests.ts";
import type { Rig } from "./rig.ts";
import { type Server, startNginx, startRsync, startTool, toolCommand } from "./servers.ts";

/**
 * A peer with documents, known to a central index server; the same folder served by others. All of them run where the
 * system puts them, as do the programs that fetch: for a person both processors are there.
 */
export class Holder implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;

  private constructor(
    stack: AsyncDisposableStack,
    readonly folder: string,
    readonly ci: Server,
    readonly peer: Server,
  ) {
    this.#stack = stack;
  }

  static async start(
    rig: Rig,
    name: string,
    fill: (folder: string) => void,
    last: number,
  ): Promise<Holder> {
    await using stack = new AsyncDisposableStack();
    const folder = join(rig.folder, name);
    stack.defer(() => Deno.remove(folder, { recursive: true }));
    fill(folder);
    const ci = stack.use(await startTool("ci_server", [], undefined, "anywhere"));
    const where = ["--ci", `127.0.0.1:${ci.port}`, "--dir", folder];
    const peer = stack.use(await startTool("peer", where, folder, "anywhere"));
    await announced(ci.port, last);
    return new Holder(stack.move(), folder, ci, peer);
  }

  get peakBytes(): number {
    return this.peer.running.peakBytes;
  }

  /** Fetches documents into the folder `target`; how long that took, in ms. Its peak memory is added to `memory`, in MB. */
  async get(target: string, ranges: string, memory?: number[]): Promise<number> {
    const args = ["get", ranges, "--ci", `127.0.0.1:${this.ci.port}`, "--dir", target];
    const command = toolCommand("peer", args, target);
    const time = find("time");
    const { ms, stdout } = memory === undefined || time === undefined
      ? await run("anywhere", command)
      : await run("anywhere", [time, "-f", "peak %M kB", "-o", join(target, "peak"), ...command]);
    if (memory !== undefined && time !== undefined) {
      const peak = /peak (\d+) kB/.exec(Deno.readTextFileSync(join(target, "peak")));
      memory.push(Number(peak?.[1]) / 1_000);
    }
    const [first, last = first] = ranges.split("-").map(Number);
    for (let number = first!; number <= last!; number++) {
      const { size } = Deno.statSync(join(target, `rfc${number}.txt`));
      const expected = Deno.statSync(join(this.folder, `rfc${number}.txt`)).size;
      if (size !== expected) {
        throw new Error(`Cannot use document ${number}: ${size} bytes; ${stdout}`);
      }
    }
    return ms;
  }

  /** nginx with the same folder. */
  async nginx(rig: Rig): Promise<Server | undefined> {
    const starting = startNginx(this.folder, rig.folder, "anywhere");
    return starting && this.#stack.use(await starting);
  }

  async rsync(rig: Rig): Promise<Server | undefined> {
    const starting = startRsync(this.folder, rig.folder, "anywhere");
    return starting && this.#stack.use(await starting);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
