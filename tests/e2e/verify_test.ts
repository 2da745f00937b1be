import assert from "node:assert/strict";
import { join } from "node:path";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { leastPermissions, runTool, type ToolResult, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

const longAgo = new Date(Date.UTC(2026, 0, 1));

/** Writes a file as it would be if nobody had written to it since long ago. */
function writeOld(folder: TemporaryFolder, name: string, text: string): void {
  Deno.utimeSync(folder.write(name, text), longAgo, longAgo);
}

/** Runs `peer verify` over a folder. */
function verify(folder: TemporaryFolder, ...args: readonly string[]): Promise<ToolResult> {
  const all = ["verify", "--dir", folder.path, ...args];
  return runTool("peer", all, { permissions: writingTo(folder.path) });
}

/** Number and verdict of each line. */
function verdicts({ stdout }: ToolResult): string[] {
  return Array.from(
    stdout.matchAll(/^RFC (\d+) +(fine|damaged|changed|differs|unknown) /gm),
    ([, number, verdict]) => `${number} ${verdict}`,
  );
}

/** The contents of what was set aside. */
function asideIn(folder: TemporaryFolder): string[] {
  const path = join(folder.path, ".rfc-exchange", "set-aside");
  return Array.from(Deno.readDirSync(path), ({ name }) => Deno.readTextFileSync(join(path, name)))
    .sort();
}

const text = (number: number) => documentText(number, `Title ${number}`);
const damagedText = (number: number) => text(number).replace("Title", "Tytle");

Deno.test({
  name: "peer verify says what became of documents since it read them last",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    for (const number of [8600, 8601, 8602]) writeOld(folder, `rfc${number}.txt`, text(number));
    const first = await verify(folder);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(verdicts(first), ["8600 unknown", "8601 unknown", "8602 unknown"]);
    assert.match(first.stderr, /^3 documents read in .*; 3 unknown$/m);

    writeOld(folder, "rfc8600.txt", damagedText(8600));
    folder.write("rfc8601.txt", "written by somebody");
    const second = await verify(folder);
    assert.equal(second.code, 1);
    assert.deepEqual(verdicts(second), ["8600 damaged", "8601 changed", "8602 fine"]);
    const some = await verify(folder, "8602-8609");
    assert.equal(some.code, 0);
    assert.deepEqual(verdicts(some), ["8602 fine"]);
  },
});

for (const system of ["--ci", "--rs"] as const) {
  Deno.test({
    name:
      `peer verify ${system} compares with what others announce, --repair brings anew and sets aside`,
    ...withTools,
    async fn() {
      await using server = await (system === "--ci" ? startCiServer() : startRs());
      const servers = [system, server.address];
      using others = folderWith(8600, 8601, 8602, 8603);
      await using _one = await startPeer(others.path, servers);
      using folder = folderWith(8602);
      for (const number of [8600, 8601]) writeOld(folder, `rfc${number}.txt`, text(number));
      writeOld(folder, "8603.txt", text(8603));
      // Others announce their digests as soon as they have computed them.
      await waitForFine(folder, servers);

      writeOld(folder, "rfc8600.txt", damagedText(8600));
      writeOld(folder, "8603.txt", damagedText(8603));
      folder.write("rfc8601.txt", "written by somebody");
      const found = await verify(folder, ...servers);
      assert.equal(found.code, 1);
      assert.deepEqual(verdicts(found), [
        "8600 damaged",
        "8601 changed",
        "8603 damaged",
        "8602 fine",
      ]);
      const repaired = await verify(folder, "--repair", ...servers);
      assert.equal(repaired.code, 0, repaired.stderr);
      assert.match(repaired.stdout, /^RFC 8600 from .*, verified -> /m);
      assert.match(repaired.stdout, /^RFC 8600: the old one is kept as .*set-aside/m);
      assert.match(repaired.stderr, /; 3 repaired$/m);
      for (const number of [8600, 8601, 8603]) {
        assert.equal(Deno.readTextFileSync(join(folder.path, `rfc${number}.txt`)), text(number));
      }
      assert.ok(!folder.names().includes("8603.txt"));
      assert.deepEqual(
        asideIn(folder),
        [damagedText(8600), damagedText(8603), "written by somebody"].sort(),
      );
      const again = await verify(folder, ...servers);
      assert.equal(again.code, 0, again.stdout);
    },
  });
}

/** Waits until others announce what is in the folder. */
async function waitForFine(folder: TemporaryFolder, servers: readonly string[]): Promise<void> {
  for (;;) {
    const { stdout } = await verify(folder, ...servers);
    if (stdout.match(/ as 1 other has it$/gm)?.length === 4) return;
  }
}

Deno.test({
  name: "peer verify --repair leaves the document where nobody has it as it was",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    const servers = ["--ci", server.address];
    using others = folderWith(8601);
    others.write("rfc8600.txt", "another document");
    await using _peer = await startPeer(others.path, servers);
    using folder = new TemporaryFolder();
    writeOld(folder, "rfc8600.txt", text(8600));
    await verify(folder);
    writeOld(folder, "rfc8600.txt", damagedText(8600));
    const { code, stderr } = await verify(folder, "--repair", ...servers);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^Cannot get RFC 8600: /m);
    assert.equal(Deno.readTextFileSync(join(folder.path, "rfc8600.txt")), damagedText(8600));
    assert.ok(!folder.names().some((name) => name.endsWith(".part")));
  },
});

Deno.test({
  name: "peer verify needs permission to write for --repair only, and then a server",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    const args = ["verify", "--dir", folder.path];
    const reading = { permissions: leastPermissions };
    const read = await runTool("peer", args, reading);
    assert.equal(read.code, 0, read.stderr);
    assert.deepEqual(folder.names(), ["rfc8600.txt"]);
    const refused = await runTool("peer", [...args, "--repair", "--ci", "127.0.0.1:1"], reading);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /add --allow-write=/);
    const alone = await verify(folder, "--repair");
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /add --ci or --rs/);
  },
});

Deno.test({
  name: "peer verify --json reports an event for each document, and what came of it",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    const { code, stdout } = await verify(folder, "--json");
    assert.equal(code, 0);
    const [checked, verified] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      [checked.event, checked.rfc, checked.verdict, checked.announced, checked.sha256.length],
      ["checked", 8600, "unknown", [], 64],
    );
    assert.deepEqual([verified.event, verified.documents, verified.unknown], ["verified", 1, 1]);
  },
});
