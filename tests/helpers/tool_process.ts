/**
 * The tools as real processes, for tests from end to end.
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Endpoint, formatEndpoint, parseEndpoint } from "../../lib/protocol/endpoint.ts";
import { LineLog } from "./line_log.ts";

/** A tool, by the name of its entry script. */
export type ToolName = "rs" | "ci_server" | "peer";

/** What the tools have to get along with as long as they store nothing. */
export const leastPermissions: readonly string[] = ["--allow-net", "--allow-read"];

/** What a tool needs that stores documents in a folder. */
export function writingTo(folder: string): readonly string[] {
  return [...leastPermissions, `--allow-write=${folder}`];
}

/** How a tool is started. */
export interface ToolOptions {
  /** Flags of the runtime. @default leastPermissions */
  readonly permissions?: readonly string[];
  /** Whether the test writes to its standard input, which is empty otherwise. @default false */
  readonly hasInput?: boolean;
  /** Whether it runs on a terminal: then all output is standard output. Takes input. @default false */
  readonly onTerminal?: boolean;
  /** Whether nobody reads its standard output, as when it is piped into a program that has ended. @default false */
  readonly isUnheard?: boolean;
  /** A command that runs it, given the rest as its arguments. @default the tool is run as it is */
  readonly runner?: readonly string[];
  /** Where it runs. @default the folder of the tests' own process */
  readonly cwd?: string;
}

/** How a tool ended. */
export interface ToolResult {
  /** Exit code. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * When a tool that has not ended is taken for stuck and killed, in ms, so that a broken test fails instead of waiting
 * for ever. No test comes near it.
 */
const stuckMs = 60_000;

/** A tool that was started. What still runs when it is disposed of is killed. */
export class ToolProcess implements AsyncDisposable {
  readonly stdout: LineLog;
  readonly stderr: LineLog;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  readonly #killSignal: Deno.Signal;
  readonly #stuckTimer: ReturnType<typeof setTimeout>;
  #endpoint: Endpoint | undefined;
  #running = true;

  constructor(readonly name: ToolName, args: readonly string[], options: ToolOptions = {}) {
    const { onTerminal = false, hasInput = onTerminal, isUnheard = false, cwd } = options;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: runtimeArguments(name, args, options),
      stdin: hasInput ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
      env: { NO_COLOR: "1" },
      ...(cwd === undefined ? {} : { cwd }),
    }).spawn();
    const heard = isUnheard ? closed(this.#process.stdout) : this.#process.stdout;
    this.stdout = new LineLog(`standard output of ${name}`, heard);
    this.stderr = new LineLog(`standard error of ${name}`, this.#process.stderr);
    this.#input = hasInput ? this.#process.stdin.getWriter() : undefined;
    this.#process.status.then(() => this.#running = false);
    // The terminal must be told, so that it ends the tool.
    this.#killSignal = onTerminal ? "SIGTERM" : "SIGKILL";
    this.#stuckTimer = setTimeout(() => this.signal(this.#killSignal), stuckMs);
  }

  /**
   * Starts a tool that serves and waits until it does.
   *
   * @throws {Error} with what it wrote, if it ends instead.
   */
  static async listening(
    name: ToolName,
    args: readonly string[],
    options: ToolOptions = {},
  ): Promise<ToolProcess> {
    const tool = new ToolProcess(name, args, options);
    try {
      tool.#endpoint = readEndpoint(await tool.stdout.line(/ listening on |"event":"listening"/));
      return tool;
    } catch (error) {
      await tool[Symbol.asyncDispose]();
      throw new Error(`${name} does not listen: ${tool.stderr.text}`, { cause: error });
    }
  }

  /** Number of the process. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Where it listens, as its ready line says. */
  get endpoint(): Endpoint {
    if (this.#endpoint === undefined) throw new Error(`${this.name} was not waited for`);
    return this.#endpoint;
  }

  /** Where it listens, as it is typed behind an option. */
  get address(): string {
    return formatEndpoint(this.endpoint);
  }

  /** Types text into its standard input. */
  async type(text: string): Promise<void> {
    await this.#input?.write(new TextEncoder().encode(text));
  }

  /** Ends its standard input. */
  async endInput(): Promise<void> {
    await this.#input?.close();
  }

  /** Sends it a signal, if it still runs. */
  signal(signal: Deno.Signal): void {
    if (this.#running) this.#process.kill(signal);
  }

  /** Waits for its end, its output included. */
  async finished(): Promise<ToolResult> {
    const { code } = await this.#process.status;
    await Promise.all([this.stdout.ended, this.stderr.ended]);
    clearTimeout(this.#stuckTimer);
    return { code, stdout: this.stdout.text, stderr: this.stderr.text };
  }

  /** Tells it to leave with a signal and waits for its end. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<ToolResult> {
    this.signal(signal);
    return await this.finished();
  }

  /** Kills it if it still runs, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal(this.#killSignal);
    // The other end of the pipe may be gone, which is no failure of a test.
    await this.#input?.close().catch(() => {});
    await this.finished();
  }
}

/** Runs a tool to its end. */
export async function runTool(
  name: ToolName,
  args: readonly string[],
  options: ToolOptions = {},
): Promise<ToolResult> {
  await using tool = new ToolProcess(name, args, options);
  return await tool.finished();
}

/** Closes a stream at this end; what is left of it is empty. */
function closed(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  stream.cancel();
  return new Blob([]).stream();
}

/** The endpoint in a ready line, in either form. */
function readEndpoint(line: string): Endpoint {
  if (!line.startsWith("{")) return parseEndpoint(line.split(" listening on ")[1]!);
  const { host, port }: Endpoint = JSON.parse(line);
  return { host, port };
}

/** What the runtime is told to run the tool. */
function runtimeArguments(
  name: ToolName,
  args: readonly string[],
  { permissions = leastPermissions, onTerminal, runner }: ToolOptions,
): string[] {
  const tool = ["run", ...permissions, pathOf(`../../${name}.ts`), ...args];
  // Tests may start the runtime and nothing else; the runtime then starts what they need.
  if (onTerminal) return ["run", "-A", pathOf("on_terminal.ts"), Deno.execPath(), ...tool];
  if (runner === undefined) return tool;
  return ["run", "-A", pathOf("run_command.ts"), ...runner, Deno.execPath(), ...tool];
}

function pathOf(module: string): string {
  return fileURLToPath(new URL(module, import.meta.url));
}
