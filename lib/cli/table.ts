/**
 * Aligned tables for people.
 * @module
 */

/** Longest table that is printed whole, in rows: a screen or two. */
const maxRows = 50;

/** Lines of a table with a heading, its columns as wide as they need to be. */
export function formatTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const shown = [heading, ...rows.slice(0, maxRows)];
  const widths = heading.map((_, column) => Math.max(...shown.map((row) => row[column]!.length)));
  const lines = shown.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd()
  );
  const left = rows.length - maxRows;
  return (left > 0 ? [...lines, `… and ${left} more`] : lines).join("\n");
}

/** Prints a table some time after it has changed, not at every one of a hundred changes. */
export class ChangingTable implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param settleMs How long changes are collected, in ms. */
  constructor(readonly print: () => void, readonly settleMs = 100) {}

  /** Says that the table has changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.print();
    }, this.settleMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
