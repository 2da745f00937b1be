import assert from "node:assert/strict";
import { ProgressDisplay, type Terminal } from "../../lib/cli/progress_display.ts";
import { pure } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

/** A terminal that does what it is told, as far as the display tells it. */
class Screen implements Terminal {
  columns = 40;
  #lines: string[] = [""];
  #row = 0;
  #column = 0;
  writes = 0;

  size() {
    return { columns: this.columns, rows: 10 };
  }

  /** What is on it, from the top. */
  get lines(): string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  write(text: string): void {
    this.writes++;
    // deno-lint-ignore no-control-regex
    for (const token of text.match(/\x1b\[\d*[A-Z]|[^]/gu)!) this.#take(token);
  }

  /** Makes it narrower: lines that are too long now go on in the next. */
  narrow(columns: number): void {
    this.columns = columns;
    this.#lines = this.#lines.flatMap((line) =>
      line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [""]
    );
    this.#row = this.#lines.length - 1;
    this.#column = this.#lines.at(-1)!.length;
  }

  #take(token: string): void {
    const line = this.#lines[this.#row]!;
    if (token === "\r") this.#column = 0;
    else if (token === "\n") {
      this.#column = 0;
      this.#row++;
      if (this.#row === this.#lines.length) this.#lines.push("");
    } else if (token.endsWith("A") && token.length > 1) {
      this.#row = Math.max(0, this.#row - Number(token.slice(2, -1)));
    } else if (token === "\x1b[K") this.#lines[this.#row] = line.slice(0, this.#column);
    else if (token === "\x1b[J") {
      this.#lines[this.#row] = line.slice(0, this.#column);
      this.#lines.length = this.#row + 1;
    } else {
      this.#lines[this.#row] = line.slice(0, this.#column).padEnd(this.#column) + token +
        line.slice(this.#column + 1);
      this.#column++;
    }
  }
}

Deno.test({
  name: "ProgressDisplay draws in place, and makes room for what is printed",
  ...pure,
  fn() {
    const screen = new Screen();
    let lines = ["first", "second", "third"];
    {
      using display = new ProgressDisplay(screen, () => lines);
      display.draw();
      assert.deepEqual(screen.lines, ["first", "second", "third"]);
      lines = ["1st", "2nd"];
      display.draw();
      assert.deepEqual(screen.lines, ["1st", "2nd"]);
      display.clear();
      screen.write("a line printed\n");
      display.draw();
      assert.deepEqual(screen.lines, ["a line printed", "1st", "2nd"]);
      lines = ["1st", "2nd", "3rd", "4th"];
      display.draw();
      assert.deepEqual(screen.lines, ["a line printed", "1st", "2nd", "3rd", "4th"]);
      lines = [];
      display.draw();
      assert.deepEqual(screen.lines, ["a line printed", ""]);
      lines = ["last"];
      display.draw();
    }
    assert.deepEqual(screen.lines, ["a line printed", ""]);
  },
});

Deno.test({
  name: "ProgressDisplay leaves nothing behind on a terminal that has become narrower",
  ...pure,
  fn() {
    const screen = new Screen();
    using display = new ProgressDisplay(
      screen,
      (columns) => [1, 2, 3].map((n) => String(n).repeat(columns)),
    );
    screen.write("above\n");
    display.draw();
    screen.narrow(15);
    display.draw();
    assert.deepEqual(screen.lines, ["above", "1".repeat(12), "2".repeat(12), "3".repeat(12)]);
  },
});

Deno.test({
  name: "ProgressDisplay draws ten times a second, and no more once it is disposed of",
  ...pure,
  fn() {
    using clock = new WoundClock();
    const screen = new Screen();
    {
      using _display = new ProgressDisplay(screen, () => ["line"]);
      clock.advance(1_000);
      assert.equal(screen.writes, 10);
    }
    const { writes } = screen;
    clock.advance(1_000);
    assert.equal(screen.writes, writes);
  },
});
