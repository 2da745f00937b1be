/**
 * Introductions: programs that say the port of their RFC server, alone or behind their host, before their first request
 * (RFC 60001 section 8).
 * @module
 */
import type { RequestForm } from "./dialect.ts";
import { findPort } from "./endpoint.ts";
import { indexServerWords, type Vocabulary } from "./words.ts";

/** Lowest port of an introduction: those below are nobody's who is not the system's administrator. */
const minPort = 1_024;

/** A port before the first word of a request that came right behind it. */
export const portBeforeWord: RegExp = /^\d{4,5}(?=[A-Za-z])/;

/**
 * The lines that say what an introduction says: a port, or a host and a port, in one line or two.
 *
 * @returns undefined if the lines are none.
 */
export function findIntroduction(
  lines: readonly string[],
  { blankLine }: Pick<RequestForm, "blankLine">,
  vocabulary: Vocabulary,
): readonly string[] | undefined {
  if (vocabulary !== indexServerWords || blankLine || lines.length > 2) return undefined;
  const match = /^(?:([\w.-]+)[ \n])?(\d{4,5})$/.exec(lines.join("\n"));
  const [, host, text = ""] = match ?? [];
  const port = findPort(text);
  if (port === undefined || port < minPort) return undefined;
  if (host !== undefined && vocabulary.has(host.toUpperCase())) return undefined;
  return [`CONNECT ${port}`, ...(host === undefined ? [] : [`Host: ${host}`])];
}
