/**
 * Running a tool: arguments, signals, errors, exit code.
 * @module
 */
import { type Message, message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { createErrorWithSuggestions } from "@optique/core/suggestion";
import { run } from "@optique/run";
import type { Trace } from "../net/trace.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit_code.ts";
import { Interrupt } from "./interrupt.ts";
import { startLogging } from "./logging.ts";
import { printMessages } from "./message_trace.ts";
import type { Speech } from "./options.ts";
import { Output } from "./output.ts";
import { version } from "./version.ts";

/** What a command works with. */
export interface ToolContext {
  readonly output: Output;
  readonly interrupt: Interrupt;
  /** Prints messages, if they are to be shown. */
  readonly trace: Trace | undefined;
}

/** A tool's name and what `--help` says of it. */
export interface ToolDescription {
  readonly name: string;
  readonly brief: Message;
  readonly examples: Message;
}

const exitCodeHelp = message`Exit codes: 0 done, 1 some of it could not be done, 2 wrong usage, \
3 server or peer unreachable.`;

/**
 * Runs a tool to its end and leaves the program with its exit code.
 *
 * @param execute Does what was typed; what it throws becomes one line on standard error.
 */
export async function runTool<Options extends Speech>(
  tool: ToolDescription,
  parser: Parser<"sync", Options, unknown>,
  execute: (options: Options, context: ToolContext) => Promise<ExitCode>,
): Promise<never> {
  const options: Options = run(parser, {
    programName: tool.name,
    brief: tool.brief,
    examples: tool.examples,
    footer: exitCodeHelp,
    help: "option",
    version: version,
    completion: { command: { names: ["completions"] } },
    args: Deno.args,
    aboveError: "none",
    errorExitCode: exitCodes.usage,
    showDefault: true,
    termWidth: "auto",
  });
  const output = new Output(options.json);
  using interrupt = new Interrupt();
  let code: ExitCode;
  try {
    await startLogging(options.logLevel, output);
    const trace = options.trace ? printMessages(output) : undefined;
    code = await execute(options, { output, interrupt, trace });
  } catch (error) {
    // An error that is not one of ours is a bug of this program: then the place matters more than the words.
    const expected = error instanceof Error && error.name !== "TypeError" &&
      error.name !== "ReferenceError";
    output.error(expected ? error.message : (error as Error).stack ?? String(error));
    code = exitCodeOf(error);
  }
  Deno.exit(code);
}

/** What to say when none of several commands matches: what was meant, perhaps. */
export function suggestAmong(
  commands: readonly Parser<"sync", unknown, unknown>[],
): { errors: { unexpectedInput: (token: string) => Message } } {
  const usage = commands.flatMap((command) => [...command.usage]);
  return {
    errors: {
      unexpectedInput: (token) =>
        createErrorWithSuggestions(message`Unexpected option or command: ${token}.`, token, usage),
    },
  };
}
