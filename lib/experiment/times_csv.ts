/**
 * Measured times as CSV (RFC 4180): what the lab writes, and what `get --times` writes on a lab machine.
 * @module
 */
import type { Measurement, RunName } from "./measurement.ts";
import { systems } from "./settings.ts";
import { orders, tasks } from "./workload.ts";

/** The columns, in their order. Times are in seconds; empty is what does not apply. */
const columns = [
  "system",
  "task",
  "order",
  "repeat",
  "peer",
  "position",
  "rfc",
  "holder",
  "bytes",
  "seconds",
  "cumulative_seconds",
  "predicted_seconds",
] as const;

/** Longest file that is read, in bytes: a million downloads. */
export const maxTimesBytes = 100_000_000;

/** A row: a download, and the run it belongs to as far as there is one. Peers and holders may have any name. */
export interface TimesRow
  extends Partial<RunName>, Omit<Measurement, "peer" | "holder" | "predicted"> {
  /** Who downloaded. */
  readonly peer: string;
  /** Who gave it. */
  readonly holder: string;
  /** When the model has it end, in seconds; undefined if there is none. */
  readonly predicted: number | undefined;
}

/** A file is not one of measured times. */
export class TimesFormatError extends Error {
  /** The name of the class, as `Error` shows it. */
  override readonly name = "TimesFormatError";
}

/** The line that a file of measured times begins with. */
export const timesHeader: string = `${columns.join(",")}\n`;

/** A row as a line. */
export function encodeTimes(row: TimesRow): string {
  const fields = [
    row.system,
    row.task,
    row.order,
    row.repeat,
    row.peer,
    row.position,
    row.number,
    row.holder,
    row.bytes,
    row.seconds.toFixed(6),
    row.cumulative.toFixed(6),
    row.predicted?.toFixed(6),
  ];
  return `${fields.map((field) => quote(String(field ?? ""))).join(",")}\n`;
}

/** A download of a run as a row. */
export function rowOf(
  { system, task, order, repeat }: RunName,
  measurement: Measurement,
): TimesRow {
  const { peer, holder } = measurement;
  return {
    ...measurement,
    system,
    task,
    order,
    repeat,
    peer: String(peer),
    holder: String(holder),
  };
}

/**
 * Reads a file of measured times.
 *
 * @throws {TimesFormatError} naming the line that is not one.
 */
export function parseTimes(text: string): TimesRow[] {
  const [header, ...lines] = text.split(/\r?\n/);
  if (`${header}\n` !== timesHeader) {
    throw new TimesFormatError(`Cannot read times: expected the columns ${columns.join(",")}`);
  }
  return lines.flatMap((line, i) => line === "" ? [] : [parseRow(line, i + 2)]);
}

function parseRow(line: string, lineNumber: number): TimesRow {
  const fields = Array.from(
    `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/g),
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!,
  );
  const wrong = (what: string) =>
    new TimesFormatError(`Cannot read times: line ${lineNumber} has no ${what}`);
  if (fields.length !== columns.length) throw wrong(`${columns.length} columns`);
  const text = (column: typeof columns[number]) => fields[columns.indexOf(column)]!;
  const number = (column: typeof columns[number]) => {
    if (!/^\d{1,15}(?:\.\d{1,9})?$/.test(text(column))) throw wrong(`number as ${column}`);
    return Number(text(column));
  };
  const oneOf = <T extends string>(column: typeof columns[number], known: readonly T[]) => {
    const value = known.find((each) => each === text(column));
    if (value === undefined && text(column) !== "") throw wrong(`known ${column}`);
    return value;
  };
  const system = oneOf("system", systems);
  const task = oneOf("task", tasks);
  const order = oneOf("order", orders);
  return {
    ...(system && { system }),
    ...(task && { task }),
    ...(order && { order }),
    ...(text("repeat") !== "" && { repeat: number("repeat") }),
    peer: text("peer"),
    position: number("position"),
    number: number("rfc"),
    holder: text("holder"),
    bytes: number("bytes"),
    seconds: number("seconds"),
    cumulative: number("cumulative_seconds"),
    predicted: text("predicted_seconds") === "" ? undefined : number("predicted_seconds"),
  };
}

function quote(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
