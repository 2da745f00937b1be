import assert from "node:assert/strict";
import { folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { runTool, ToolProcess } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `rs and ci_server end with 0 on ${signal} and say nothing more`,
    ...withTools,
    async fn() {
      for (const start of [startRs, startCiServer]) {
        await using server = await start();
        using _client = await RawClient.connect(server.endpoint);
        const result = await server.stop(signal);
        const ready = `${server.name} listening on ${server.address}\n`;
        assert.deepEqual(result, { code: 0, stdout: ready, stderr: "" });
        await assert.rejects(RawClient.connect(server.endpoint));
      }
    },
  });

  Deno.test({
    name: `peer join leaves both systems on ${signal} and ends with 0`,
    ...withTools,
    async fn() {
      await using ci = await startCiServer();
      await using rs = await startRs();
      using folder = folderWith(8600);
      const servers = ["--ci", ci.address, "--rs", rs.address];
      await using peer = await startPeer(folder.path, servers);
      const { code, stdout } = await peer.stop(signal);
      assert.equal(code, 0);
      assert.match(stdout, /\nleft\n$/);
      assert.equal((await runTool("peer", ["peers", "--rs", rs.address])).stdout, "");
      assert.equal((await runTool("peer", ["list", "--ci", ci.address])).stdout, "");
    },
  });

  Deno.test({
    name: `peer join ends with 0 on ${signal} although its servers are gone`,
    ...withTools,
    async fn() {
      const ci = await startCiServer();
      const rs = await startRs();
      using folder = folderWith(8600);
      const servers = ["--ci", ci.address, "--rs", rs.address];
      await using peer = await startPeer(folder.path, servers);
      await Promise.all([ci.stop("SIGKILL"), rs.stop("SIGKILL")]);
      await peer.stderr.line(/^lost central index server /);
      const { code, stdout } = await peer.stop(signal);
      assert.equal(code, 0);
      assert.match(stdout, /\nleft\n$/);
    },
  });

  Deno.test({
    name: `peer shell leaves on ${signal} and ends with 0`,
    ...withTools,
    async fn() {
      await using rs = await startRs();
      using folder = folderWith(8600);
      const args = ["shell", "--rs", rs.address, "--dir", folder.path, "--host", "127.0.0.1"];
      await using shell = await ToolProcess.listening("peer", args, { hasInput: true });
      await shell.type("status\n");
      await shell.stderr.line(/^serving /);
      const { code, stdout } = await shell.stop(signal);
      assert.equal(code, 0);
      assert.match(stdout, /\nleft\n$/);
      assert.equal((await runTool("peer", ["peers", "--rs", rs.address])).stdout, "");
    },
  });
}
