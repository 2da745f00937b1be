import assert from "node:assert/strict";
import { isInterleaved, readConsoleBlocks, withoutAccidents } from "./console_blocks.ts";

Deno.test("readConsoleBlocks reads commands and what they print", { permissions: "none" }, () => {
  const markdown = [
    "Text, and `$ no command`.",
    "",
    "```sh",
    "$ not this",
    "```",
    "",
    "```console",
    "$ first",
    "one",
    "^C",
    "two",
    "$ second",
    "```",
    "$ nor this",
  ].join("\n");
  assert.deepEqual(readConsoleBlocks(markdown), [
    { line: 8, command: "first", output: ["one", "two"] },
    { line: 12, command: "second", output: [] },
  ]);
});

Deno.test("withoutAccidents keeps what every run has", { permissions: "none" }, () => {
  assert.deepEqual(
    withoutAccidents([
      "ci_server listening on [::]:7734",
      "RFC 60001 from 192.0.2.11:44585: 36 kB in 4 ms -> a/rfc60001.txt",
      "",
      "Task bundle deno run .ci/compile.ts bundle",
      "Only this machine can reach 127.0.0.1: for others, add --name HOST.",
      '{"rfc":1,"host":"192.0.2.11","port":44585}',
      "RFC 60003 A Title 192.0.2.11 44585  ",
    ]),
    [
      "ci_server listening on HOST:PORT",
      "RFC 60001 from HOST:PORT: SIZE in TIME -> a/rfc60001.txt",
      '{"rfc":1,"host":"HOST","port":PORT}',
      "RFC 60003 A Title HOST PORT",
    ],
  );
});

Deno.test("withoutAccidents knows no order of downloads", { permissions: "none" }, () => {
  const [one, two, summary] = ["RFC 1 from h: x", "RFC 2 from h: y", "2 documents"] as const;
  assert.deepEqual(withoutAccidents([two, one, summary]), [one, two, summary]);
  assert.deepEqual(withoutAccidents([summary, two, one]), [summary, one, two]);
  assert.deepEqual(withoutAccidents([two, summary, one]), [two, summary, one]);
});

Deno.test("isInterleaved keeps the order of both", { permissions: "none" }, () => {
  assert.ok(isInterleaved(["a", "x", "b", "y"], ["a", "b"], ["x", "y"]));
  assert.ok(isInterleaved(["a", "a", "b"], ["a", "b"], ["a"]));
  assert.ok(isInterleaved(["a", "b", "a"], ["a"], ["a", "b"]));
  assert.ok(isInterleaved([], [], []));
  assert.ok(!isInterleaved(["b", "a"], ["a", "b"], []));
  assert.ok(!isInterleaved(["a"], ["a"], ["x"]));
  assert.ok(!isInterleaved(["a", "x", "z"], ["a", "b"], ["x"]));
});
