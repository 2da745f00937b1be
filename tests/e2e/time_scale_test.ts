import assert from "node:assert/strict";
import { folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { runTool } from "../helpers/tool_process.ts";
import { startPeer, startRs } from "../helpers/tools.ts";

Deno.test({
  name: "--time-scale lets a TTL of 7200 s pass in 2 s, in the server and its peers alike",
  ...withTools,
  async fn() {
    await using rs = await startRs("--trace", "--time-scale", "3600");
    using folder = folderWith(8600);
    await using _peer = await startPeer(folder.path, [
      ...["--rs", rs.address, "--name", "staying.example"],
      ...["--time-scale", "3600"],
    ]);
    using silent = await RawClient.connect(rs.endpoint);
    await silent.send(
      "Register P2P-DI/1.0\r\nHost: silent.example\r\nPort: 50001\r\nOS: x\r\n\r\n",
    );
    assert.match(await silent.readToEnd(), /^TTL: 7200\r$/m);
    await rs.stderr.line(/^silent\.example +\d+ +yes +\d+ +50001 /);
    // Nobody asks: the server notices by itself.
    await rs.stderr.line(/^silent\.example +\d+ +no +0 +50001 /);
    await rs.stderr.line(/^KeepAlive P2P-DI\/1\.0$/, 3);
    await rs.stderr.line(/^staying\.example +\d+ +yes +\d+ /, 3);
  },
});

Deno.test({
  name: "--time-scale takes 1 to 10000",
  ...withTools,
  async fn() {
    for (const tool of ["rs", "ci_server"] as const) {
      for (const scale of ["0", "10001", "1.5", "x"]) {
        const result = await runTool(tool, ["--time-scale", scale]);
        assert.equal(result.code, 2);
        assert.match(result.stderr, /--time-scale/);
      }
    }
  },
});
