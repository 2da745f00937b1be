import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { documentText, folderWith } from "../helpers/document.ts";
import { hasTerminals, withTools } from "../helpers/permissions.ts";
import { answering, ScriptedServer } from "../helpers/scripted_server.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

const text = documentText(8600, "Title 8600");
const sha256 = createHash("sha256").update(text).digest("hex");
const base64 = createHash("sha256").update(text).digest("base64");

/** Runs `peer get` into a folder. */
function get(folder: TemporaryFolder, ...args: readonly string[]) {
  return runTool("peer", ["get", "--dir", folder.path, ...args], {
    permissions: writingTo(folder.path),
  });
}

/** The visible names in a folder. */
function documentsIn(folder: TemporaryFolder): string[] {
  return folder.names().filter((name) => !name.startsWith("."));
}

Deno.test({
  name: "peer get --digest takes the document with that digest and no other",
  ...withTools,
  async fn(t) {
    await using server = await startCiServer();
    const servers = ["--ci", server.address];
    using right = folderWith(8600);
    await using _right = await startPeer(right.path, servers);
    // Most have another one.
    using wrong = new TemporaryFolder();
    wrong.write("rfc8600.txt", "another document");
    await using _wrong1 = await startPeer(wrong.path, servers);
    await using _wrong2 = await startPeer(wrong.path, servers);

    await t.step("whatever most holders say", async () => {
      using folder = new TemporaryFolder();
      const { code, stderr } = await get(
        folder,
        "8600",
        "--digest",
        `sha-256:${sha256}`,
        ...servers,
      );
      assert.equal(code, 0, stderr);
      assert.equal(Deno.readTextFileSync(join(folder.path, "rfc8600.txt")), text);
      assert.match(stderr, /^RFC 8600: holders disagree about its digest$/m);
      assert.match(stderr, new RegExp(`^  sha-256:${sha256}  taken`, "m"));
    });
    await t.step("in base64, to standard output", async () => {
      using folder = new TemporaryFolder();
      const args = ["8600", "-o", "-", "--digest", base64, ...servers];
      const { code, stdout } = await get(folder, ...args);
      assert.deepEqual([code, stdout], [0, text]);
    });
    await t.step("where another lies in its place, which is set aside", async () => {
      using folder = new TemporaryFolder();
      folder.write("8600.txt", "somebody's own");
      const args = ["8600", "--digest", sha256, ...servers];
      const first = await get(folder, ...args);
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stdout, /^RFC 8600: the old one is kept as .*8600\.txt\./m);
      assert.deepEqual(documentsIn(folder), ["rfc8600.txt"]);
      const again = await get(folder, ...args);
      assert.match(again.stdout, /^RFC 8600 is there already/);
    });
    await t.step("or none", async () => {
      using folder = new TemporaryFolder();
      const { code, stderr } = await get(folder, "8600", "--digest", "0".repeat(64), ...servers);
      assert.equal(code, 1);
      assert.match(stderr, /^Cannot get RFC 8600: /m);
      assert.deepEqual(documentsIn(folder), []);
    });
  },
});

Deno.test({
  name: "peer get --digest is for one document, and has to be one",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    const several = await get(folder, "8600-8601", "--digest", sha256, "--ci", "h");
    assert.equal(several.code, 2);
    assert.match(several.stderr, /With --digest there can be one document only/);
    const wrong = await get(folder, "8600", "--digest", "md5:1234", "--ci", "h");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /expected sha-256: and 64 hexadecimal digits or base64/);
  },
});

Deno.test({
  name: "peer get says that a document of a holder without extensions could not be verified",
  ...withTools,
  async fn() {
    await using holder = new ScriptedServer(
      answering(`P2P-CI/1.0 200 OK\r\nContent-Length: ${text.length}\r\n\r\n${text}`),
    );
    const { host, port } = holder.endpoint;
    await using server = new ScriptedServer(async (client) => {
      for (;;) {
        await client.readHead();
        await client.send(`P2P-CI/1.0 200 OK\r\n\r\nRFC 8600 A Title ${host} ${port}\r\n\r\n`);
      }
    });
    const servers = ["--ci", `${server.endpoint.host}:${server.endpoint.port}`];
    using folder = folderWith(8601);
    const { code, stdout, stderr } = await get(folder, "8600-8601", ...servers);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^RFC 8600 from .* in .*, could not be verified -> /m);
    assert.match(stderr, /; 1 could not be verified$/m);
    assert.equal(Deno.readTextFileSync(join(folder.path, "rfc8600.txt")), text);
    using other = new TemporaryFolder();
    const { stdout: events } = await get(other, "8600", "--json", ...servers);
    const [downloaded, summary] = events.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([downloaded.verified, summary.unverified], [false, 1]);
  },
});

for (const system of ["--ci", "--rs"] as const) {
  Deno.test({
    name:
      `peer get ${system} brings a long document from several holders and says how much each gave`,
    ...withTools,
    async fn() {
      await using server = await (system === "--ci" ? startCiServer() : startRs());
      const servers = [system, server.address];
      using others = new TemporaryFolder();
      const bytes = Uint8Array.from({ length: 8_000_000 }, (_, i) => (i * 31 + (i >> 16)) % 256);
      others.write("rfc8600.txt", bytes);
      // None of them has given all before the other begins.
      const limited = [...servers, "--upload-limit", "8MB/s"];
      await using _one = await startPeer(others.path, limited);
      await using _other = await startPeer(others.path, limited);
      using folder = new TemporaryFolder();
      const { code, stdout, stderr } = await get(folder, "8600", ...servers);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^RFC 8600 from 2 holders: 8000 kB in .*, verified -> /);
      assert.match(
        stderr,
        /^1 document, 8000 kB in .*\n {2}from 127\.0\.0\.1:\d+ .* 1 document\n {2}from /m,
      );
      assert.deepEqual(Deno.readFileSync(join(folder.path, "rfc8600.txt")), bytes);
    },
  });
}

Deno.test({
  name: "peer get --json tells programs how far it is, once a second",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    const servers = ["--ci", server.address];
    using others = new TemporaryFolder();
    others.write("rfc8600.txt", new Uint8Array(3_000_000));
    await using _peer = await startPeer(others.path, servers);
    using folder = new TemporaryFolder();
    const args = ["8600", "--json", "--download-limit", "1500kB/s", ...servers];
    const { code, stdout } = await get(folder, ...args);
    assert.equal(code, 0);
    const [progress] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(
      [progress.event, progress.done, progress.documents, progress.whole],
      ["progress", 0, 1, 3_000_000],
    );
    assert.ok(progress.bytes > 0 && progress.bytesPerSecond > 0 && progress.secondsLeft >= 0);
    assert.deepEqual(progress.downloads.map(({ rfc }: { rfc: number }) => rfc), [8600]);
  },
});

Deno.test({
  name: "peer get shows on a terminal how far it is, and takes that away in the end",
  ...withTools,
  ignore: withTools.ignore || !hasTerminals(),
  async fn() {
    await using server = await startCiServer();
    const servers = ["--ci", server.address];
    using others = new TemporaryFolder();
    others.write("rfc8600.txt", new Uint8Array(3_000_000));
    await using _peer = await startPeer(others.path, servers);
    using folder = new TemporaryFolder();
    const args = ["get", "8600", "--download-limit", "1500kB/s", "--dir", folder.path, ...servers];
    await using tool = new ToolProcess("peer", args, {
      onTerminal: true,
      permissions: writingTo(folder.path),
    });
    const { code, stdout } = await tool.finished();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /\rRFC 8600 +\d+% .* of 3000 kB .* left/);
    const last = stdout.split("\x1b[J").at(-1)!;
    assert.match(last, /^RFC 8600 from .*verified -> \S*\s*$/);
  },
});
