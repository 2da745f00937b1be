/**
 * Exit codes, and the errors that lead to them.
 * @module
 */
import { ConnectionLostError, UnreachableError } from "../net/errors.ts";

/** What a tool's exit code says. */
export const exitCodes = { done: 0, incomplete: 1, usage: 2, unreachable: 3 } as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What was typed cannot be meant. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof UnreachableError || error instanceof ConnectionLostError) {
    return exitCodes.unreachable;
  }
  return exitCodes.incomplete;
}
