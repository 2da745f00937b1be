/**
 * Running the commands of a document as they stand, but on one machine and on free ports.
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { standInBinary } from "../../.ci/compile.ts";
import { LineLog } from "./line_log.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** What a command did. */
export interface ConsoleResult {
  /** Exit code. */
  readonly code: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** Commands that stay until they are interrupted. */
const staying = /\b(?:rs|ci_server)\.ts|\bpeer\.ts join/;

/** What belongs to a checkout only, or is made by its tools. */
const notCopied = new Set([".git", "dist", "coverage", "node_modules", ".rfc-exchange"]);

/** A command that was started. */
class RunningCommand {
  readonly stdout: LineLog;
  readonly #process: Deno.ChildProcess;
  readonly #stderr: LineLog;
  #hasEnded = false;

  constructor(command: string, process: Deno.ChildProcess) {
    this.#process = process;
    this.stdout = new LineLog(`standard output of ${command}`, process.stdout);
    this.#stderr = new LineLog(`standard error of ${command}`, process.stderr);
    process.status.then(() => this.#hasEnded = true);
  }

  interrupt(): void {
    if (!this.#hasEnded) this.#process.kill("SIGINT");
  }

  async finished(): Promise<ConsoleResult> {
    await Promise.all([this.stdout.ended, this.#stderr.ended]);
    const { code } = await this.#process.status;
    return { code, stdout: this.stdout.lines, stderr: this.#stderr.lines };
  }
}

/** A folder with a copy of the repository, and a console in it. */
export class ConsoleSession implements AsyncDisposable {
  readonly #folder = new TemporaryFolder();
  readonly #staying = new Map<string, RunningCommand>();
  /** The port that a command really listens on, by the one that the document shows. */
  readonly #ports = new Map<string, string>();

  /** Copies the repository. */
  constructor() {
    copyFolder(fileURLToPath(new URL("../../", import.meta.url)), this.#folder.path);
  }

  /**
   * Runs a command to its end; one that stays is left running as soon as it listens.
   *
   * @param shown What it prints in the document: the port that it shows there stands for the real one from now on.
   * @returns undefined if it stays.
   */
  async run(command: string, shown: readonly string[]): Promise<ConsoleResult | undefined> {
    const running = new RunningCommand(command, this.#start(this.#translate(command)));
    if (!staying.test(command)) return await running.finished();
    this.#staying.set(command, running);
    const listening = / listening on .*:(\d+)$/;
    const ready = await running.stdout.line(listening);
    const shownPort = shown.map((line) => listening.exec(line)?.[1]).find(Boolean);
    if (shownPort !== undefined) this.#ports.set(shownPort, listening.exec(ready)![1]!);
    return undefined;
  }

  /** Interrupts a command that stays, and waits for its end. */
  async interrupt(command: string): Promise<ConsoleResult> {
    const running = this.#staying.get(command)!;
    this.#staying.delete(command);
    running.interrupt();
    return await running.finished();
  }

  /** The commands that stay, the latest first. */
  get stayingCommands(): string[] {
    return [...this.#staying.keys()].reverse();
  }

  /** Interrupts what still runs and removes the folder. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const command of this.stayingCommands) await this.interrupt(command);
    this.#folder[Symbol.dispose]();
  }

  #start(command: string): Deno.ChildProcess {
    // The shell of `deno task` is the same on every system and knows `deno` as the one that runs this. What needs no
    // shell goes without, so that a signal reaches the tool itself.
    const args = command.startsWith("deno run ") && !command.includes(";")
      ? command.split(" ").slice(1)
      : ["task", "--quiet", "--eval", command];
    return new Deno.Command(Deno.execPath(), {
      args,
      cwd: this.#folder.path,
      // Programs can be made without Deno's own base binary if another one stands in for it.
      env: { NO_COLOR: "1", DENORT_BIN: standInBinary() },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  }

  /** The command as it is run here. */
  #translate(command: string): string {
    return command
      .replace(/^npx -y deno@[\d.]+ /, "deno ")
      // All tests within a test would be one too many.
      .replace(/^deno task test$/, "deno task test tests/zz_permissions_test.ts")
      .replace(/^scp (.*) (\S+):$/, "mkdir $2 && cp $1 $2")
      .replace(/(\b(?:rs|ci_server)\.ts)/, "$1 --port 0")
      .replace(/--ci [\d.]+/, `--ci 127.0.0.1:${this.#ports.get("7734")}`)
      .replace(/--rs [\d.]+/, `--rs 127.0.0.1:${this.#ports.get("65423")}`)
      .replace(/192\.0\.2\.\d+:(\d+)/, (_, port) => `127.0.0.1:${this.#ports.get(port)}`);
  }
}

function copyFolder(from: string, to: string): void {
  for (const { name, isDirectory, isFile } of Deno.readDirSync(from)) {
    if (notCopied.has(name)) continue;
    if (isFile) Deno.copyFileSync(join(from, name), join(to, name));
    if (!isDirectory) continue;
    Deno.mkdirSync(join(to, name));
    copyFolder(join(from, name), join(to, name));
  }
}
