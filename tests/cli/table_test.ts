import assert from "node:assert/strict";
import { ChangingTable, formatTable } from "../../lib/cli/table.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

Deno.test({
  name: "formatTable aligns columns and leaves no blanks at the ends of lines",
  permissions: "none",
  fn() {
    assert.equal(
      formatTable(["host", "port", "active"], [["a", "65423", "yes"], [
        "one.example.org",
        "1",
        "",
      ]]),
      [
        "host             port   active",
        "a                65423  yes",
        "one.example.org  1",
      ].join("\n"),
    );
  },
});

Deno.test({
  name: "formatTable shows fifty rows and says how many more there are",
  permissions: "none",
  fn() {
    const rows = Array.from({ length: 51 }, (_, i) => [String(i)]);
    const lines = formatTable(["n"], rows).split("\n");
    assert.equal(lines.length, 52);
    assert.equal(lines.at(-1), "… and 1 more");
    assert.equal(formatTable(["n"], rows.slice(1)).split("\n").at(-1), "50");
  },
});

Deno.test({
  name: "ChangingTable prints once after many changes, and not after its end",
  permissions: "none",
  fn() {
    using clock = new WoundClock();
    let printed = 0;
    const table = new ChangingTable(() => printed++);
    for (let i = 0; i < 100; i++) table.changed();
    assert.equal(printed, 0);
    clock.advance(100);
    assert.equal(printed, 1);
    table.changed();
    table[Symbol.dispose]();
    clock.advance(1_000);
    assert.equal(printed, 1);
  },
});
