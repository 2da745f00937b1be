/**
 * Who takes part in the demonstration: two servers and three peers, each a process of its own, on free ports of this
 * machine, with folders that go away in the end.
 * @module
 */
import { join } from "node:path";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { type ToolName, ToolProcess, type ToolResult, writingTo } from "../helpers/tool_process.ts";
import type { Narrator } from "./narrator.ts";

/** A peer; its folder has the same name. */
export type PeerName = "a" | "b" | "c";

/** The documents that each peer begins with. */
export const documentsOf: Readonly<Record<PeerName, readonly number[]>> = {
  a: [60001],
  b: [60001, 60002, 60003],
  c: [60002],
};

const shipped = new URL("../../rfcs/", import.meta.url);
const listenOnLoopback = ["--host", "127.0.0.1", "--port", "0"];

/** The stage. Whatever still runs when it is disposed of is killed, and its folders are removed. */
export class Stage implements AsyncDisposable {
  readonly #narrator: Narrator;
  readonly #running = new AsyncDisposableStack();
  readonly #root: string;
  readonly #peers = new Map<PeerName, ToolProcess>();
  #ending: Promise<void> | undefined;
  #rs: ToolProcess | undefined;
  #ci: ToolProcess | undefined;

  /** Gives every peer its folder with copies of the shipped documents. */
  constructor(narrator: Narrator) {
    this.#narrator = narrator;
    this.#root = this.#running.use(new TemporaryFolder()).path;
    for (const [name, numbers] of Object.entries(documentsOf)) {
      Deno.mkdirSync(join(this.#root, name));
      for (const number of numbers) {
        Deno.copyFileSync(originalOf(number), join(this.#root, name, `rfc${number}.txt`));
      }
    }
  }

  /** The registration server. */
  get rs(): ToolProcess {
    return there(this.#rs, "registration server");
  }

  /** The central index server. */
  get ci(): ToolProcess {
    return there(this.#ci, "central index server");
  }

  /** A peer that has joined. */
  peer(name: PeerName): ToolProcess {
    return there(this.#peers.get(name), `peer ${name.toUpperCase()}`);
  }

  /** Starts both servers. */
  async startServers(): Promise<void> {
    this.#rs = await this.#start("rs", [...listenOnLoopback, "--trace"]);
    this.#ci = await this.#start("ci_server", [...listenOnLoopback, "--trace"]);
    this.#narrator.introduce(this.rs.address, "the registration server");
    this.#narrator.introduce(this.ci.address, "the central index server");
  }

  /** Lets a peer join both systems and waits until both know it. */
  async join(name: PeerName): Promise<ToolProcess> {
    const peer = await this.#start("peer", [
      "join",
      ...["--ci", this.ci.address, "--rs", this.rs.address, "--dir", name],
      ...listenOnLoopback,
      "--trace",
    ], writingTo(name));
    this.#peers.set(name, peer);
    this.#narrator.introduce(peer.address, `peer ${name.toUpperCase()}`);
    return peer;
  }

  /** Runs a command of `peer` to its end; `dir` is the peer whose folder it stores documents in. */
  async run(args: readonly string[], dir?: PeerName): Promise<ToolResult> {
    const all = [...args, ...(dir === undefined ? [] : ["--dir", dir]), "--trace"];
    this.#narrator.command(`peer.ts ${all.join(" ")}`);
    await using process = new ToolProcess("peer", all, {
      ...(dir === undefined ? {} : { permissions: writingTo(dir) }),
      cwd: this.#root,
    });
    return await process.finished();
  }

  /** Whether a peer has a document with exactly the bytes of the shipped one. */
  hasExactCopy(name: PeerName, number: number): boolean {
    const copy = Deno.readFileSync(join(this.#root, name, `rfc${number}.txt`));
    const original = Deno.readFileSync(originalOf(number));
    return copy.length === original.length && copy.every((byte, i) => byte === original[i]);
  }

  /** Ends everything at once; may be called again. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#ending ??= this.#running.disposeAsync();
  }

  async #start(
    name: ToolName,
    args: readonly string[],
    permissions?: readonly string[],
  ): Promise<ToolProcess> {
    this.#narrator.command(`${name}.ts ${args.join(" ")}`);
    const options = { cwd: this.#root, ...(permissions === undefined ? {} : { permissions }) };
    const tool = await ToolProcess.listening(name, args, options);
    if (!this.#running.disposed) return this.#running.use(tool);
    // Told to end while this one was starting.
    await tool[Symbol.asyncDispose]();
    throw new Error(`${name} was started too late`);
  }
}

function originalOf(number: number): URL {
  return new URL(`rfc${number}.txt`, shipped);
}

function there(process: ToolProcess | undefined, what: string): ToolProcess {
  if (process === undefined) throw new Error(`Expected the ${what} to have been started`);
  return process;
}
