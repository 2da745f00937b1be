/**
 * How far downloads are, as lines of a terminal. Pure: what is known and the width in, lines out.
 * @module
 */
import { bytesOfBytesText, bytesText, clockText, count, speedText } from "./quantities.ts";

/** How far one document is, or all of them together. */
export interface Progress {
  /** What is being brought. */
  readonly label: string;
  /** How much of it is there, in bytes. */
  readonly bytes: number;
  /** How much there will be, in bytes, if that is known. */
  readonly whole?: number | undefined;
  /** Whether `whole` is a guess from what is known of some. */
  readonly isGuess?: boolean;
  readonly bytesPerSecond: number;
  /** How many holders give it. */
  readonly holders: number;
}

/** A column: what it says of a row, or nothing. */
type Column = (progress: Progress) => string;

const label: Column = (progress) => progress.label;
const percent: Column = ({ bytes, whole }) =>
  whole === undefined || whole === 0 ? "" : `${Math.floor(fraction(bytes, whole) * 100)}%`;
const amount: Column = ({ bytes, whole, isGuess }) =>
  whole === undefined ? bytesText(bytes) : bytesOfBytesText(bytes, whole, isGuess);
const speed: Column = ({ bytesPerSecond }) => speedText(bytesPerSecond);
const left: Column = (progress) => {
  const seconds = secondsLeft(progress);
  return seconds === undefined ? "" : `${clockText(seconds)} left`;
};
const holders: Column = (progress) => count(progress.holders, "holder");

/** Columns with the least width they take, so that they do not jump about; those that are given up first come last. */
const columns: readonly (readonly [column: Column, minWidth: number])[] = [
  [label, 0],
  [percent, 4],
  [speed, 10],
  [left, 10],
  [amount, 0],
  [holders, 9],
];

/** The columns from left to right, the bar between the second and the third. */
const order: readonly Column[] = [label, percent, amount, speed, left, holders];
const beforeBar: readonly Column[] = [label, percent];

const gap = "  ";
/** A shorter bar says nothing, in characters. */
const minBarWidth = 8;
/** A longer bar says no more, in characters. */
const maxBarWidth = 40;

/** How much longer at this speed, in seconds; undefined if that cannot be said. */
export function secondsLeft({ bytes, whole, bytesPerSecond }: Progress): number | undefined {
  if (whole === undefined || bytesPerSecond < 1) return undefined;
  return Math.max(0, whole - bytes) / bytesPerSecond;
}

/**
 * One line for each row, its columns aligned: all of them and a bar if there is room, else those that matter most.
 *
 * @param width How many characters a line may have.
 */
export function renderProgress(rows: readonly Progress[], width: number): string[] {
  const widths = new Map<Column, number>();
  let used = -gap.length;
  for (const [column, minWidth] of columns) {
    const needed = Math.max(minWidth, ...rows.map((row) => column(row).length));
    if (widths.size > 0 && used + gap.length + needed > width) break;
    widths.set(column, needed);
    used += gap.length + needed;
  }
  const room = width - used - gap.length;
  const barWidth = widths.size === columns.length && room >= minBarWidth
    ? Math.min(room, maxBarWidth)
    : 0;
  return rows.map((row) => {
    const cells = order.flatMap((column) => {
      const columnWidth = widths.get(column);
      if (columnWidth === undefined) return [];
      const text = column(row);
      return [column === label ? text.padEnd(columnWidth) : text.padStart(columnWidth)];
    });
    if (barWidth > 0) cells.splice(beforeBar.length, 0, bar(row, barWidth));
    return cells.join(gap).trimEnd().slice(0, width);
  });
}

function bar({ bytes, whole }: Progress, width: number): string {
  if (whole === undefined) return " ".repeat(width);
  const done = Math.round(fraction(bytes, whole) * width);
  return "━".repeat(done) + "╌".repeat(width - done);
}

function fraction(bytes: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, bytes / whole);
}
