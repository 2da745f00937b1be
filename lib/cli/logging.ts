/**
 * Logs: one line each, on standard error.
 * @module
 */
import {
  configureSync,
  getTextFormatter,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import type { LogLevel } from "./options.ts";
import { visible } from "./terminal_text.ts";

/** Lets everything that the library logs from `level` up appear in `output`. */
export async function startLogging(
  level: LogLevel,
  output: { log(line: string): void },
): Promise<void> {
  const format = await chooseFormatter();
  const sink = (record: LogRecord) => output.log(format(record));
  configureSync({
    sinks: { stderr: sink },
    loggers: [
      { category: ["rfc-exchange"], lowestLevel: level, sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["stderr"] },
    ],
  });
}

/** Colours and columns on a terminal, plain lines elsewhere. */
async function chooseFormatter(): Promise<TextFormatter> {
  if (Deno.stderr.isTerminal()) {
    const { getPrettyFormatter } = await import("@logtape/pretty");
    const pretty = getPrettyFormatter({
      colors: !Deno.noColor,
      timestamp: "time",
      icons: false,
      categoryWidth: 20,
      wordWrap: false,
    });
    return (record) => pretty(harmless(record));
  }
  const plain = getTextFormatter({ timestamp: "time", category: "." });
  return (record) => plain(harmless(record));
}

/**
 * The record with its message as one text: formatters would put values in quotes, and what others sent, which is in
 * them, must stay text on a terminal.
 */
function harmless(record: LogRecord): LogRecord {
  return { ...record, message: [oneLine(record.message.map(String).join(""))] };
}

function oneLine(text: string): string {
  return visible(text).replaceAll("\n", " ");
}
