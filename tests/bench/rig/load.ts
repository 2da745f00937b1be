/**
 * The load program: `load.c`, compiled when it is first needed.
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { find, run, Running } from "./programs.ts";

/** A load, as `load.c` takes it. */
export interface Load {
  readonly port: number;
  /** `{n}` becomes the next number, `{c}` the number of the connection. */
  readonly request: string;
  readonly numbers?: readonly [first: number, last: number];
  readonly count: number;
  readonly connections: number;
  /** How many requests are sent in one go. @default 1 */
  readonly depth?: number;
  /** What a reply ends with, and how often that is in it; undefined opens a connection for each request. */
  readonly replyEnd?: readonly [text: string, times: number];
}

/** What came of a load. */
export interface LoadResult {
  readonly perSecond: number;
  readonly bytes: number;
  readonly p50us: number;
  readonly p99us: number;
  readonly maxus: number;
  readonly failed: number;
  /** The part of one processor that the load program took itself. */
  readonly loadCpu: number;
}

/** The compiled load program. */
export class LoadProgram {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Compiles it into a folder. @throws {Error} if there is no compiler, or it fails. */
  static async compile(folder: string): Promise<LoadProgram> {
    const compiler = find("cc");
    if (compiler === undefined) throw new Error("Cannot compile the load program: no cc");
    const path = join(folder, "load");
    const source = fileURLToPath(new URL("../load.c", import.meta.url));
    await run("anywhere", [compiler, "-O2", "-o", path, source]);
    return new LoadProgram(path);
  }

  /** Runs a load to its end. @throws {Error} if a request fails, or a reply has not the bytes it should have. */
  async run(load: Load, bytesPerReply?: number): Promise<LoadResult> {
    const { stdout } = await run("load", [this.#path, ...toArguments(load)]);
    const result: LoadResult = JSON.parse(stdout);
    const expected = bytesPerReply === undefined ? result.bytes : bytesPerReply * load.count;
    if (result.failed > 0 || Math.abs(result.bytes - expected) > expected / 10) {
      throw new Error(`Cannot use the replies to ${load.request}: ${stdout.trim()}`);
    }
    return result;
  }

  /** Runs a load and keeps its connections until it is disposed of. */
  async hold(load: Load): Promise<Running> {
    const command = [this.#path, ...toArguments(load), "--hold", "1"];
    const running = new Running("load", command, { stdin: "piped", stdout: "piped" });
    const reader = running.process.stdout.getReader();
    const { value } = await reader.read();
    await reader.cancel();
    const line = new TextDecoder().decode(value);
    if (line === "" || JSON.parse(line).failed > 0) {
      await running[Symbol.asyncDispose]();
      throw new Error(`Cannot hold connections: ${line}`);
    }
    return running;
  }
}

function toArguments(
  { port, request, numbers = [1, 1], count, connections, depth = 1, replyEnd }: Load,
): string[] {
  const [end, times] = replyEnd ?? ["\r\n", 1];
  const options = {
    request,
    numbers: numbers.join(":"),
    count,
    connections,
    depth,
    ends: end,
    times,
    each: replyEnd === undefined ? 1 : 0,
  };
  return [
    "127.0.0.1",
    String(port),
    ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ];
}
