/**
 * `deno task demo`, and what it says when something does not happen.
 */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { perform } from "../demo/demo.ts";
import { Narrator } from "../demo/narrator.ts";
import { documentsOf } from "../demo/stage.ts";
import { type Step, story } from "../demo/story.ts";
import { findExchange, findLastTable, splitTrace } from "../demo/trace_text.ts";
import { LineLog } from "../helpers/line_log.ts";
import { lacks } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Starts the demonstration as its task does, its temporary folders below `temporary`. */
function startDemo(temporary: TemporaryFolder): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "demo"],
    cwd: root,
    env: { NO_COLOR: "1", TMPDIR: temporary.path },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

Deno.test({
  name: "demo: everything happens, and nothing stays behind",
  ignore: lacks("read", "write", "run"),
  permissions: { read: true, write: true, run: [Deno.execPath()] },
  async fn() {
    using temporary = new TemporaryFolder();
    await using demo = startDemo(temporary);
    const output = new LineLog("the demonstration", demo.stdout);
    await output.ended;
    assert.equal((await demo.status).code, 0, output.text);
    assert.match(
      output.text,
      new RegExp(`^${story.length} of ${story.length} steps happened`, "m"),
    );
    // Both systems' messages are shown, in their exact form.
    for (
      const line of [
        "ADD RFC 60001 P2P-CI/1.0",
        "LIST ALL P2P-CI/1.0",
        "LOOKUP RFC 60003 P2P-CI/1.0",
        "GET RFC 60003 P2P-CI/1.0",
        "Register P2P-DI/1.0",
        "PQuery P2P-DI/1.0",
        "GET RFC-Index P2P-DI/1.0",
        "GET RFC 60002 P2P-DI/1.0",
        "Leave P2P-DI/1.0",
        "P2P-DI/1.0 404 Not Found",
      ]
    ) assert.ok(output.lines.includes(`    ${line}`), line);
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "demo: interrupted, it fails and leaves nothing behind",
  ignore: lacks("read", "write", "run") || Deno.build.os === "windows",
  permissions: { read: true, write: true, run: [Deno.execPath()] },
  async fn() {
    using temporary = new TemporaryFolder();
    await using demo = startDemo(temporary);
    const output = new LineLog("the demonstration", demo.stdout);
    await output.line(/^3\. /);
    demo.kill("SIGINT");
    await output.ended;
    assert.notEqual((await demo.status).code, 0);
    assert.match(output.text, /not reached/);
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "perform stops at a step that fails and says so",
  ignore: lacks("read", "write"),
  permissions: { read: true, write: true },
  async fn() {
    let text = "";
    const steps: Step[] = [
      { title: "first", play: () => Promise.resolve("well done") },
      { title: "second", play: () => Promise.reject(new Error("the moon is missing")) },
      { title: "third", play: () => assert.fail("played after a failure") },
    ];
    const narrator = new Narrator((more) => text += more, false);
    assert.equal(await perform(steps, narrator, new AbortController().signal), false);
    assert.match(text, /✗ the moon is missing/);
    assert.match(text, /^1 +first +well done$/m);
    assert.match(text, /^2 +second +FAILED$/m);
    assert.match(text, /^3 +third +not reached$/m);
    assert.match(text, /^1 of 3 steps happened/m);
  },
});

Deno.test("documentsOf gives the peers different documents", { permissions: "none" }, () => {
  const subsets = Object.values(documentsOf).map((numbers) => numbers.join());
  assert.equal(new Set(subsets).size, 3);
});

Deno.test(
  "Narrator colours only where it may, and names addresses",
  { permissions: "none" },
  () => {
    const told = (hasColour: boolean) => {
      let text = "";
      const narrator = new Narrator((more) => text += more, hasColour);
      narrator.introduce("127.0.0.1:7734", "the server");
      narrator.output("--> sent to 127.0.0.1:7734\nEXIT P2P-CI/1.0\n\n");
      return text;
    };
    assert.equal(
      told(false),
      "\n    --> sent to 127.0.0.1:7734, the server\n    EXIT P2P-CI/1.0\n",
    );
    assert.ok(told(true).includes("\x1b[36m--> sent to 127.0.0.1:7734, the server\x1b[0m"));
  },
);

Deno.test("splitTrace keeps remarks below their message", { permissions: "none" }, () => {
  const trace = [
    "Only this machine can reach 127.0.0.1: for others, add --name HOST.",
    "--> sent to [::1]:1",
    "PQuery P2P-DI/1.0",
    "",
    "<-- received from [::1]:1",
    "P2P-DI/1.0 404 Not Found",
    "",
    "No active peer",
    "",
  ].join("\n");
  assert.deepEqual(splitTrace(trace), [
    "--> sent to [::1]:1\nPQuery P2P-DI/1.0\n",
    "<-- received from [::1]:1\nP2P-DI/1.0 404 Not Found\n\nNo active peer\n",
  ]);
  assert.ok(findExchange(trace, "PQuery").includes("404"));
  assert.throws(() => findExchange(trace, "LIST"), /Expected a message with "LIST"/);
});

Deno.test("findLastTable finds the last one, up to a blank line", { permissions: "none" }, () => {
  const lines = ["host  port", "a  1", "", "host  port", "b  2", "c  3", "", "more"];
  assert.equal(findLastTable(lines, "host "), "host  port\nb  2\nc  3");
  assert.equal(findLastTable(lines.slice(0, 5), "host "), "host  port\nb  2");
  assert.equal(findLastTable(lines, "peer"), undefined);
});
