/**
 * Programs of others, where they are installed, and processes of all kinds.
 * @module
 */
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";

/** How long a server may take to be ready, in ms. */
const readyMs = 10_000;

/** Debian has some servers where only the administrator looks for them. */
const moreFolders = ["/usr/sbin", "/usr/local/sbin"];

/** Where a program is; undefined if it is not installed. */
export function find(name: string): string | undefined {
  const folders = [...(Deno.env.get("PATH") ?? "").split(delimiter), ...moreFolders];
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Where a program runs: a server on one processor, what loads it on the other, if there are two; or where it likes. */
export type Place = "server" | "load" | "anywhere";

/** A command that keeps to its place. */
export function placed(place: Place, command: readonly string[]): string[] {
  const taskset = find("taskset");
  if (place === "anywhere" || taskset === undefined || availableParallelism() < 2) {
    return [...command];
  }
  return [taskset, "-c", place === "server" ? "0" : "1", ...command];
}

/** A process that runs until it is disposed of. */
export class Running implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;

  /** Starts it; what it writes is thrown away unless `stdout` says otherwise. */
  constructor(
    place: Place,
    command: readonly string[],
    options: Pick<Deno.CommandOptions, "stdin" | "stdout" | "cwd"> = {},
  ) {
    const [program, ...args] = placed(place, command);
    this.#process = new Deno.Command(program!, {
      args,
      stdin: "null",
      stdout: "null",
      stderr: "null",
      env: { NO_COLOR: "1" },
      ...options,
    }).spawn();
  }

  /** The process itself. */
  get process(): Deno.ChildProcess {
    return this.#process;
  }

  /** Memory that it has now, in bytes. */
  get residentBytes(): number {
    return readStatus(this.#process.pid, "VmRSS");
  }

  /** The most memory that it ever had, in bytes. */
  get peakBytes(): number {
    return readStatus(this.#process.pid, "VmHWM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGTERM");
    } catch {
      // It has ended already.
    }
    await this.#process.status;
  }
}

function readStatus(pid: number, name: string): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const match = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status);
  return Number(match?.[1]) * 1_024;
}

/** Runs a program to its end; how long it took as a whole process, in ms. @throws {Error} if it fails. */
export async function run(
  place: Place,
  command: readonly string[],
  options: Pick<Deno.CommandOptions, "cwd"> = {},
): Promise<{ ms: number; stdout: string }> {
  const [program, ...args] = placed(place, command);
  const beganAt = performance.now();
  const { success, stdout, stderr } = await new Deno.Command(program!, {
    args,
    stdin: "null",
    env: { NO_COLOR: "1" },
    ...options,
  }).output();
  const ms = performance.now() - beganAt;
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot run ${command[0]}: ${text(stderr)}${text(stdout)}`);
  return { ms, stdout: text(stdout) };
}

/** A port that was free a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Waits until somebody listens on a port. @throws {Error} if nobody does for too long. */
export async function listening(port: number): Promise<void> {
  for (const until = performance.now() + readyMs; performance.now() < until;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((tick) => setTimeout(tick, 20));
    }
  }
  throw new Error(`Cannot use the server on port ${port}: it does not listen`);
}

/** How long a program takes from its start until it says something on standard output, in ms; it is then ended. */
export async function timeUntilSaid(
  place: Place,
  command: readonly string[],
  words: string,
): Promise<number> {
  const beganAt = performance.now();
  await using running = new Running(place, command, { stdout: "piped" });
  let said = "";
  for await (const text of running.process.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.includes(words)) return performance.now() - beganAt;
  }
  throw new Error(`Cannot wait for "${words}": ${command.join(" ")} has ended`);
}
