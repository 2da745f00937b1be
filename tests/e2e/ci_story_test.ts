/**
 * The central index system, from the first peer to the last, as its users see it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startAgain, startCiServer, startPeer } from "../helpers/tools.ts";

Deno.test({
  name: "peer join announces its documents, and list, lookup and search find them",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    using folder = folderWith(8600, 8601, 8602);
    await using peer = await startPeer(folder.path, ["--ci", server.address]);
    const { host, port } = peer.endpoint;
    assert.deepEqual(peer.stdout.lines, [
      `joined central index server ${server.address} as ${host}:${port} with 3 documents`,
      `peer listening on ${host}:${port}`,
    ]);
    const ci = ["--ci", server.address];
    const line = (number: number) =>
      `RFC ${number}   ${`${host}:${port}`.padEnd(21)}  Title ${number}`;
    const list = await runTool("peer", ["list", ...ci]);
    assert.deepEqual(list, {
      code: 0,
      stdout: [8602, 8601, 8600].map((number) => `${line(number)}\n`).join(""),
      stderr: "",
    });
    const lookup = await runTool("peer", ["lookup", "8601", ...ci]);
    assert.deepEqual(lookup, { code: 0, stdout: `${line(8601)}\n`, stderr: "" });
    const search = await runTool("peer", ["search", "8600", "title", ...ci]);
    assert.deepEqual(search, { code: 0, stdout: `${line(8600)}\n`, stderr: "" });
    const missing = await runTool("peer", ["lookup", "1", ...ci]);
    assert.deepEqual(missing, { code: 1, stdout: "", stderr: "Nobody has RFC 1\n" });
    const unmatched = await runTool("peer", ["search", "no such words", ...ci]);
    assert.equal(unmatched.code, 1);
    assert.equal(unmatched.stdout, "");
  },
});

Deno.test({
  name: "peer join --only announces and serves these alone",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    using folder = folderWith(8600, 8601, 8602);
    await using peer = await startPeer(folder.path, [
      "--ci",
      server.address,
      "--only",
      "8601-8699",
      "--name",
      "one.lan",
    ]);
    assert.match(peer.stdout.lines[0]!, / as one\.lan:\d+ with 2 documents$/);
    const { stdout } = await runTool("peer", ["list", "--ci", server.address]);
    assert.deepEqual(stdout.match(/RFC \d+ +one\.lan:/g)?.length, 2);
    assert.doesNotMatch(stdout, /8600/);
  },
});

Deno.test({
  name: "peer join announces what is dropped into its folder and takes back what is removed",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    using folder = folderWith(8600);
    await using peer = await startPeer(folder.path, ["--ci", server.address]);
    const numbers = async () => {
      const { stdout } = await runTool("peer", ["list", "--ci", server.address]);
      return Array.from(stdout.matchAll(/^RFC (\d+)/gm), ([, number]) => Number(number));
    };
    folder.write("RFC8601.txt", documentText(8601, "Dropped In"));
    assert.equal(await peer.stdout.line(/^announced/), "announced RFC 8601 Dropped In");
    assert.deepEqual(await numbers(), [8601, 8600]);
    Deno.removeSync(join(folder.path, "rfc8600.txt"));
    assert.equal(await peer.stdout.line(/^withdrew/), "withdrew RFC 8600 Title 8600");
    assert.deepEqual(await numbers(), [8601]);
    folder.write("RFC8601.txt", documentText(8601, "Another Title"));
    await peer.stdout.line(/^announced RFC 8601 Another Title$/);
    const { stdout } = await runTool("peer", ["list", "--ci", server.address]);
    assert.match(stdout, /Another Title\n$/);
    assert.deepEqual(await numbers(), [8601]);
  },
});

Deno.test({
  name: "peer join announces what peer get brings into its folder",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    using folder = folderWith(8600);
    using other = folderWith(8601);
    const ci = ["--ci", server.address];
    await using _holder = await startPeer(other.path, ci);
    await using peer = await startPeer(folder.path, ci);
    const got = await runTool("peer", ["get", "8601", ...ci, "--dir", folder.path], {
      permissions: writingTo(folder.path),
    });
    assert.equal(got.code, 0);
    await peer.stdout.line(/^announced RFC 8601 Title 8601$/);
    const { stdout } = await runTool("peer", ["lookup", "8601", ...ci]);
    assert.equal(stdout.trimEnd().split("\n").length, 2);
  },
});

Deno.test({
  name: "ci_server forgets a peer that was killed",
  ...withTools,
  async fn() {
    await using server = await startCiServer("--trace");
    using folder = folderWith(8600);
    await using peer = await startPeer(folder.path, ["--ci", server.address]);
    await server.stderr.line(/^8600 /);
    peer.signal("SIGKILL");
    // The table of the index is printed when it changes: empty now.
    await server.stderr.line(/^RFC +holder +title$/, 2);
    const list = await runTool("peer", ["list", "--ci", server.address]);
    assert.deepEqual(list, { code: 0, stdout: "", stderr: "The index is empty\n" });
  },
});

Deno.test({
  name: "peer join outlives its central index server and announces everything again",
  ...withTools,
  async fn() {
    using folder = folderWith(8600, 8601);
    const first = await startCiServer();
    await using peer = await startPeer(folder.path, ["--ci", first.address]);
    first.signal("SIGKILL");
    await first.finished();
    await peer.stderr.line(/^lost central index server .*, trying again: /);
    await using second = await startAgain(first);
    await peer.stdout.line(/^joined central index server .* with 2 documents$/, 2);
    const { stdout } = await runTool("peer", ["list", "--ci", second.address]);
    assert.equal(stdout.match(/^RFC /gm)?.length, 2);
  },
});

Deno.test({
  name: "peer get goes to another holder when one was killed while sending",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    const ci = ["--ci", server.address];
    // So long that it is killed in the middle, however slow this machine is to do so.
    const text = documentText(8600, "Title 8600", 2_000_000);
    using firstFolder = new TemporaryFolder();
    using secondFolder = new TemporaryFolder();
    for (const folder of [firstFolder, secondFolder]) folder.write("rfc8600.txt", text);
    using target = new TemporaryFolder();
    await using _second = await startPeer(secondFolder.path, ci);
    // The newest holder is asked first.
    await using first = await startPeer(firstFolder.path, [...ci, "--trace"]);
    await using get = new ToolProcess(
      "peer",
      ["get", "8600", ...ci, "--dir", target.path],
      { permissions: writingTo(target.path) },
    );
    await first.stderr.line(/^GET RFC 8600 /);
    first.signal("SIGKILL");
    const { code, stdout, stderr } = await get.finished();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^RFC 8600 from .*, verified -> /);
    assert.deepEqual(target.visibleNames(), ["rfc8600.txt"]);
    assert.ok(Deno.readTextFileSync(join(target.path, "rfc8600.txt")) === text);
  },
});
