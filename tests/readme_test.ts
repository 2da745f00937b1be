/**
 * What the two READMEs promise: every command of README.md is run, and every name in either of them exists.
 */
import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import {
  type ConsoleCommand,
  isInterleaved,
  readConsoleBlocks,
  withoutAccidents,
} from "./helpers/console_blocks.ts";
import { type ConsoleResult, ConsoleSession } from "./helpers/console_session.ts";
import { lacks } from "./helpers/permissions.ts";
import { runTool } from "./helpers/tool_process.ts";

const root = new URL("../", import.meta.url);
const reading = { ignore: lacks("read"), permissions: { read: true } };
const running = {
  ignore: lacks("read", "run"),
  permissions: { read: true, run: [Deno.execPath()] },
};

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** All that a pattern's group finds in a text, each once, sorted. */
function allIn(text: string, pattern: RegExp): string[] {
  return [...new Set(Array.from(text.matchAll(pattern), (match) => match[1]!))].sort();
}

/** Lines with those of documents that came sorted: which of several comes first is nobody's promise. */
function inAnyOrder(lines: readonly string[]): string[] {
  const isCome = (line: string) => /^RFC \d+ from /.test(line);
  const come = lines.filter(isCome).sort();
  return lines.map((line) => isCome(line) ? come.shift()! : line);
}

/** A console shows both outputs of a command, each in its order. */
function assertShown({ line, output }: ConsoleCommand, { stdout, stderr }: ConsoleResult): void {
  if (output.length === 0) return;
  const [shown, first, second] = [output, stdout, stderr].map((lines) =>
    inAnyOrder(withoutAccidents(lines))
  ) as [string[], string[], string[]];
  if (isInterleaved(shown, first, second)) return;
  assert.deepEqual([...first, ...second], shown, `README.md, line ${line}, shows something else`);
}

Deno.test({
  name: "README.md: every command does and prints what it shows",
  // Its commands are run by a shell in which folders are joined by slashes and ended by SIGINT.
  ignore: lacks("read", "write", "run") || Deno.build.os === "windows",
  permissions: { read: true, write: true, run: [Deno.execPath()] },
  async fn(t) {
    await using session = new ConsoleSession();
    const commands = readConsoleBlocks(read("README.md"));
    assert.ok(commands.length >= 15);
    for (const shown of commands) {
      await t.step(`line ${shown.line}: ${shown.command}`, async () => {
        const result = await session.run(shown.command, shown.output);
        if (result === undefined) return;
        assert.equal(result.code, 0, result.stderr.join("\n"));
        assertShown(shown, result);
      });
    }
    for (const command of session.stayingCommands) {
      const shown = commands.find((one) => one.command === command)!;
      await t.step(`line ${shown.line}: what it has printed in the end`, async () => {
        const result = await session.interrupt(command);
        assert.equal(result.code, 0, result.stderr.join("\n"));
        assertShown(shown, result);
      });
    }
  },
});

Deno.test({
  name: "README.md: its options, commands and exit codes are those of the tools",
  ...running,
  async fn() {
    const readme = read("README.md");
    const subcommands = allIn(readme, /`peer ([a-z]+)/g).filter((name) => name !== "completions");
    const pages = await Promise.all([
      runTool("rs", ["--help"]),
      runTool("ci_server", ["--help"]),
      runTool("peer", ["--help"]),
      ...subcommands.map((name) => runTool("peer", [name, "--help"])),
    ]);
    for (const { code, stderr } of pages) assert.equal(code, 0, stderr);
    const help = pages.map(({ stdout }) => stdout).join("\n");
    const known = allIn(help, /(--[a-z-]+)/g);
    const options = allIn(readme, /`(--[a-z-]+)/g).filter((name) => !name.startsWith("--allow-"));
    assert.ok(options.length > 5);
    assert.deepEqual(options.filter((name) => !known.includes(name)), []);

    const codes = Array.from(
      readme.matchAll(/^\| (\d) +\| (.+?) +\|$/gm),
      ([, code, meaning]) => `${code} ${meaning}`,
    );
    assert.ok(help.includes(`Exit codes: ${codes.join(", ")}.`), codes.join(", "));
  },
});

Deno.test("README.md: its tasks, files and version exist", reading, () => {
  const readme = read("README.md");
  const tasks = allIn(readme, /deno(?:@[\d.]+)? task ([a-z:]+)/g);
  assert.ok(["demo", "ok", "test"].every((name) => tasks.includes(name)));
  assert.deepEqual(tasks.filter((name) => !(name in config.tasks)), []);
  for (const path of allIn(readme, /\]\(([\w./-]+)\)/g)) Deno.statSync(new URL(path, root));
  assert.equal(allIn(readme, /deno@([\d.]+\d)/g).length, 1, "one version of Deno throughout");
});

Deno.test(".ci/run: does all that `deno task ok` does", reading, () => {
  const script = read(".ci/run");
  for (const step of config.tasks.ok.command.split(" && ")) {
    const words = step.replace(/^deno /, "");
    // The tests are run by the README's own command.
    const isThere = words === "task test"
      ? read("README.md").includes(" task test\n") && script.includes("README.md")
      : script.includes(`"\${deno[@]}" ${words}\n`);
    assert.ok(isThere, step);
  }
});

/** Paths of all files of the library, from lib/. */
function libraryFiles(folder = "", found: string[] = []): string[] {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(`lib/${folder}`, root))) {
    if (isDirectory) libraryFiles(`${folder}${name}/`, found);
    else if (name.endsWith(".ts")) found.push(`${folder}${name}`);
  }
  return found;
}

Deno.test("lib/README.md: names every file of the library and no other", reading, () => {
  const map = read("lib/README.md");
  const named = allIn(map, /`((?:[a-z]+\/)+[a-z_]+\.ts)`/g).filter((path) =>
    !path.startsWith("tests/")
  );
  assert.deepEqual(named, libraryFiles().sort());
});

Deno.test("lib/README.md: what it names elsewhere exists", reading, () => {
  const map = read("lib/README.md");
  const elsewhere = [
    ...allIn(map, /`(tests\/[\w./-]+)`/g),
    ...allIn(map, /\]\((\.\.\/[\w./-]+)\)/g).map((path) => path.slice("../".length)),
  ];
  for (const path of elsewhere) Deno.statSync(new URL(path, root));
});
