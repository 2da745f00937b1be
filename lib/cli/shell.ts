/**
 * The interactive shell of a joined peer: what the older programs' menus offered, and a little more.
 * @module
 */
import { createInterface, type Interface } from "node:readline/promises";
import process from "node:process";
import type { Trace } from "../net/trace.ts";
import type { Peer } from "../roles/peer.ts";
import type { Interrupt } from "./interrupt.ts";
import type { Output } from "./output.ts";
import { type ShellCommand, shellCommands, type ShellSession } from "./shell_commands.ts";

/** A trace that can be turned on and off; on at first, as the course asks. */
export class ToggledTrace {
  isOn = true;
  readonly trace: Trace;

  constructor(inner: Trace) {
    this.trace = (message) => {
      if (this.isOn) inner(message);
    };
  }
}

const prompt = "peer> ";

/** Reads commands and does them, until `leave`, the end of the input, or an interrupt. */
export async function runShell(
  peer: Peer,
  trace: ToggledTrace,
  { output, interrupt }: { output: Output; interrupt: Interrupt },
): Promise<void> {
  const session: ShellSession = { peer, trace, output, signal: interrupt.signal, left: false };
  // A pipe gives commands to be done; there is nobody to prompt or to complete for.
  const terminal = Deno.stdin.isTerminal();
  const lines = createInterface({
    input: process.stdin,
    ...(terminal ? { output: process.stdout } : {}),
    terminal,
    prompt,
    completer: (line: string) => complete(line, peer),
  });
  const stop = () => lines.close();
  interrupt.signal.addEventListener("abort", stop);
  lines.on("SIGINT", stop);
  if (terminal) output.remark('Type "help" for the commands; Tab completes them.');
  try {
    await readCommands(lines, session, terminal);
  } finally {
    interrupt.signal.removeEventListener("abort", stop);
    lines.close();
  }
}

async function readCommands(
  lines: Interface,
  session: ShellSession,
  terminal: boolean,
): Promise<void> {
  if (terminal) lines.prompt();
  for await (const line of lines) {
    await perform(line, session);
    if (session.left) return;
    if (terminal) lines.prompt();
  }
}

async function perform(line: string, session: ShellSession): Promise<void> {
  const [word, ...parameters] = line.trim().split(/\s+/);
  if (word === undefined || word === "") return;
  const command = findCommand(word);
  if (command === undefined) {
    session.output.error(`Unknown command: ${word}; "help" lists the commands`);
    return;
  }
  try {
    await command.run(parameters, session);
  } catch (error) {
    session.output.error(error instanceof Error ? error.message : String(error));
  }
}

/** A command may be shortened as long as it stays clear which is meant. */
function findCommand(word: string): ShellCommand | undefined {
  const name = word.toLowerCase();
  const exact = shellCommands.get(name);
  if (exact !== undefined) return exact;
  const [first, ...others] = [...shellCommands].filter(([full]) => full.startsWith(name));
  return others.length === 0 ? first?.[1] : undefined;
}

/** What Tab offers: commands, and behind one what it takes. */
export function complete(line: string, peer: Peer): [string[], string] {
  const parts = line.trimStart().split(/\s+/);
  const last = parts.at(-1) ?? "";
  const candidates = parts.length <= 1
    ? [...shellCommands.keys()]
    : findCommand(parts[0]!)?.completions?.(peer) ?? [];
  const hits = candidates.filter((candidate) => candidate.startsWith(last));
  return [hits.map((hit) => `${hit} `), last];
}
