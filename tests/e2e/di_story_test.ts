/**
 * The distributed index system, from the first peer to the last, as its users see it.
 */
import assert from "node:assert/strict";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, writingTo } from "../helpers/tool_process.ts";
import { startAgain, startPeer, startRs } from "../helpers/tools.ts";

const cookieOf = (trace: string) => /^Cookie: (\d+)$/m.exec(trace)?.[1];

Deno.test({
  name: "peer join registers, and peers and index show it",
  ...withTools,
  async fn() {
    await using server = await startRs();
    const rs = ["--rs", server.address];
    const nobody = await runTool("peer", ["peers", ...rs]);
    assert.deepEqual(nobody, { code: 1, stdout: "", stderr: "No active peer\n" });
    using folder = folderWith(8600, 8601);
    await using peer = await startPeer(folder.path, rs);
    assert.equal(
      peer.stdout.lines[0],
      `joined registration server ${server.address} as ${peer.address} with 2 documents`,
    );
    const peers = await runTool("peer", ["peers", ...rs]);
    assert.deepEqual(peers, { code: 0, stdout: `${peer.address}\n`, stderr: "" });
    const { code, stdout } = await runTool("peer", ["index", peer.address]);
    assert.equal(code, 0);
    const records = Array.from(stdout.matchAll(/^RFC (\d+) +(\S+) +(\d+) s {2}(.*)$/gm));
    assert.deepEqual(records.map(([, ...parts]) => parts), [
      ["8600", peer.address, "7200", "Title 8600"],
      ["8601", peer.address, "7200", "Title 8601"],
    ]);
    assert.equal((await peer.stop()).code, 0);
    assert.equal((await runTool("peer", ["peers", ...rs])).code, 1);
  },
});

Deno.test({
  name: "peer get finds a holder among the active peers, without being registered",
  ...withTools,
  async fn() {
    await using server = await startRs("--trace");
    const rs = ["--rs", server.address];
    using withoutIt = folderWith(8601);
    using withIt = folderWith(8600);
    using target = new TemporaryFolder();
    await using _first = await startPeer(withoutIt.path, rs);
    await using holder = await startPeer(withIt.path, rs);
    const got = await runTool("peer", ["get", "8600", ...rs, "--dir", target.path], {
      permissions: writingTo(target.path),
    });
    assert.equal(got.code, 0, got.stderr);
    assert.match(got.stdout, new RegExp(`^RFC 8600 from ${holder.address}: `));
    assert.deepEqual(target.visibleNames(), ["rfc8600.txt"]);
    const { stderr } = await server.stop();
    assert.equal(stderr.match(/^Register /gm)?.length, 2);
    assert.equal(stderr.match(/^PQuery /gm)?.length, 1);
  },
});

Deno.test({
  name: "peer get passes over a peer that was killed without leaving",
  ...withTools,
  async fn() {
    await using server = await startRs();
    const rs = ["--rs", server.address];
    using folder = folderWith(8600);
    using target = new TemporaryFolder();
    await using first = await startPeer(folder.path, rs);
    await using second = await startPeer(folder.path, rs);
    await first.stop("SIGKILL");
    // The registration server cannot know yet.
    const peers = await runTool("peer", ["peers", ...rs]);
    assert.equal(peers.stdout.trimEnd().split("\n").length, 2);
    const got = await runTool("peer", ["get", "8600", ...rs, "--dir", target.path], {
      permissions: writingTo(target.path),
    });
    assert.equal(got.code, 0);
    assert.match(got.stderr, new RegExp(`Cannot connect to ${first.address}: refused`));
    assert.match(got.stdout, new RegExp(` from ${second.address}: `));
  },
});

Deno.test({
  name: "rs takes a killed peer for inactive when its TTL is over",
  ...withTools,
  async fn() {
    await using server = await startRs("--ttl", "1");
    const rs = ["--rs", server.address];
    using folder = folderWith(8600);
    await using peer = await startPeer(folder.path, rs);
    await peer.stop("SIGKILL");
    for (;;) {
      const { code, stdout } = await runTool("peer", ["peers", ...rs]);
      if (code === 1) break;
      assert.equal(stdout, `${peer.address}\n`);
    }
  },
});

Deno.test({
  name: "peer join stays active beyond its TTL, and keeps its cookie from one run to the next",
  ...withTools,
  async fn() {
    await using server = await startRs("--ttl", "1", "--trace");
    using folder = folderWith(8600);
    const cookies: (string | undefined)[] = [];
    for (let run = 1; run <= 2; run++) {
      const args = ["--rs", server.address, "--trace"];
      await using peer = await startPeer(folder.path, args, {
        permissions: writingTo(folder.path),
      });
      // Four signs of life, three in each TTL: it would be inactive without them.
      await peer.stderr.line(/^KeepAlive /, 4);
      const { stdout } = await runTool("peer", ["peers", "--rs", server.address]);
      assert.equal(stdout, `${peer.address}\n`);
      const { code, stderr } = await peer.stop("SIGINT");
      assert.equal(code, 0);
      assert.match(stderr, /^Leave P2P-DI\/1\.0$/m);
      cookies.push(cookieOf(stderr));
    }
    assert.match(cookies[0]!, /^\d{1,19}$/);
    assert.equal(cookies[0], cookies[1]);
    // Its row in the table: inactive, registered twice.
    await server.stderr.line(new RegExp(`^127\\.0\\.0\\.1 +${cookies[0]} +no +0 +- +2 `));
  },
});

Deno.test({
  name: "peer join comes back as the same peer after it was killed",
  ...withTools,
  async fn() {
    await using server = await startRs();
    const rs = ["--rs", server.address, "--trace"];
    using folder = folderWith(8600);
    const permissions = writingTo(folder.path);
    await using first = await startPeer(folder.path, rs, { permissions });
    const killed = await first.stop("SIGKILL");
    await using second = await startPeer(folder.path, rs, { permissions });
    assert.equal(cookieOf(second.stderr.text), cookieOf(killed.stderr));
    // Its old endpoint is gone with its old registration.
    const { stdout } = await runTool("peer", ["peers", "--rs", server.address]);
    assert.equal(stdout, `${second.address}\n`);
  },
});

Deno.test({
  name: "peer join registers again at a registration server that was started anew",
  ...withTools,
  async fn() {
    const first = await startRs("--ttl", "1");
    using folder = folderWith(8600);
    await using peer = await startPeer(folder.path, ["--rs", first.address]);
    await first.stop("SIGKILL");
    await using second = await startAgain(first);
    await peer.stdout.line(/^joined registration server /, 2);
    const { stdout } = await runTool("peer", ["peers", "--rs", second.address]);
    assert.equal(stdout, `${peer.address}\n`);
  },
});

Deno.test({
  name: "peer get --rs says that nobody has a document, and that nobody is active",
  ...withTools,
  async fn() {
    await using server = await startRs();
    const get = ["get", "1", "--rs", server.address, "-o", "-"];
    const complaint = { code: 1, stdout: "", stderr: "Cannot get RFC 1: nobody has it\n" };
    assert.deepEqual(await runTool("peer", get), complaint);
    using folder = new TemporaryFolder();
    folder.write("rfc2.txt", documentText(2, "Title"));
    await using _peer = await startPeer(folder.path, ["--rs", server.address]);
    assert.deepEqual(await runTool("peer", get), complaint);
  },
});
