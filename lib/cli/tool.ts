/**
 * Running a tool: arguments, signals, errors, exit code.
 * @module
 */
import { runParserSync } from "@optique/core/facade";
import { type Message, message } from "@optique/core/message";
import type { Parser } from "@optique/core/parser";
import { createErrorWithSuggestions } from "@optique/core/suggestion";
import type { Trace } from "../net/trace.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit_code.ts";
import { Interrupt } from "./interrupt.ts";
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

/** Narrowest terminal that help is broken for, in columns: in less there is no place beside the options' names. */
const minHelpColumns = 40;

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
  const options = readArguments(tool, parser);
  const output = new Output(options.json);
  using interrupt = new Interrupt();
  let code: ExitCode;
  try {
    const { startLogging } = await import("./logging.ts");
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
  output.flush();
  Deno.exit(code);
}

/** What was typed. Whoever asks for help, or mistypes something, is answered here, and the program ends. */
function readArguments<Options>(
  { name, brief, examples }: ToolDescription,
  parser: Parser<"sync", Options, unknown>,
): Options {
  const onShow = () => Deno.exit(exitCodes.done);
  return runParserSync(parser, name, Deno.args, {
    brief,
    examples,
    footer: exitCodeHelp,
    help: { option: true, onShow },
    version: { value: version, option: true, onShow },
    completion: { command: { names: ["completions"] }, onShow },
    onError: () => Deno.exit(exitCodes.usage),
    aboveError: "none",
    showDefault: true,
    colors: Deno.stdout.isTerminal() && !Deno.noColor,
    ...helpWidth(),
    termWidth: "auto",
  });
}

/** How wide a page of help is: as the terminal, if that says something sensible; in a pipe nothing is broken. */
function helpWidth(): { maxWidth?: number } {
  if (!Deno.stdout.isTerminal()) return {};
  const { columns } = Deno.consoleSize();
  return columns < minHelpColumns ? {} : { maxWidth: columns };
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
