import assert from "node:assert/strict";
import { documentText, folderWith } from "../helpers/document.ts";
import { hasIpv6, withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { runTool, ToolProcess } from "../helpers/tool_process.ts";

const onIpv6 = ["--host", "::1", "--port", "0"];
const withIpv6 = { ...withTools, ignore: withTools.ignore || !hasIpv6() };

Deno.test({
  name: "IPv6 works in both systems wherever an address is typed, printed or sent",
  ...withIpv6,
  async fn(t) {
    await using ci = await ToolProcess.listening("ci_server", onIpv6);
    await using rs = await ToolProcess.listening("rs", onIpv6);
    using folder = folderWith(8600);
    const servers = ["--ci", ci.address, "--rs", rs.address];
    await using peer = await ToolProcess.listening("peer", [
      "join",
      "--dir",
      folder.path,
      ...onIpv6,
      ...servers,
    ]);
    const { port } = peer.endpoint;
    await t.step("join", () => {
      assert.match(ci.address, /^\[::1\]:\d+$/);
      assert.deepEqual(peer.stdout.lines, [
        `joined central index server ${ci.address} as [::1]:${port} with 1 document`,
        `joined registration server ${rs.address} as [::1]:${port} with 1 document`,
        `peer listening on [::1]:${port}`,
      ]);
    });
    await t.step("list, peers, index", async () => {
      const list = await runTool("peer", ["list", "--ci", ci.address]);
      assert.match(list.stdout, new RegExp(`^RFC 8600 +\\[::1\\]:${port} +Title 8600\n$`));
      const peers = await runTool("peer", ["peers", "--rs", rs.address]);
      assert.equal(peers.stdout, `[::1]:${port}\n`);
      const index = await runTool("peer", ["index", `[::1]:${port}`]);
      assert.match(index.stdout, new RegExp(`^RFC 8600 +\\[::1\\]:${port} +7200 s`));
    });
    await t.step("get by either system", async () => {
      for (const system of [servers.slice(0, 2), servers.slice(2)]) {
        const args = ["get", "8600", ...system, "--dir", "no-such-folder", "-o", "-"];
        const { code, stdout, stderr } = await runTool("peer", args);
        assert.equal(code, 0);
        assert.equal(stdout, documentText(8600, "Title 8600"));
        assert.match(stderr, new RegExp(`^RFC 8600 from \\[::1\\]:${port}: `));
      }
    });
    await t.step("addresses are sent without brackets, and taken with them", async () => {
      using client = await RawClient.connect(ci.endpoint);
      await client.send("LIST ALL P2P-CI/1.0\r\nHost: ::1\r\nPort: 1\r\n\r\n");
      const reply = `P2P-CI/1.0 200 OK\r\n\r\nRFC 8600 Title 8600 ::1 ${port}\r\n\r\n`;
      assert.equal(await client.read(reply.length), reply);
      await client.send(
        "ADD RFC 1 P2P-CI/1.0\r\nHost: [2001:db8::7]\r\nPort: 1\r\nTitle: T\r\n\r\n",
      );
      const added = "P2P-CI/1.0 200 OK\r\n\r\nRFC 1 T 2001:db8::7 1\r\n\r\n";
      assert.equal(await client.read(added.length), added);
    });
  },
});

Deno.test({
  name:
    "servers without --host serve both families, and a peer is known by the one that it came by",
  ...withIpv6,
  async fn() {
    await using ci = await ToolProcess.listening("ci_server", ["--port", "0"]);
    using folder = folderWith(8600);
    for (const host of ["127.0.0.1", "::1"]) {
      const shown = host.includes(":") ? `[${host}]` : host;
      const args = ["--ci", `${shown}:${ci.endpoint.port}`];
      await using peer = await ToolProcess.listening("peer", [
        "join",
        "--dir",
        folder.path,
        ...args,
      ]);
      const { stdout } = await runTool("peer", ["list", ...args]);
      assert.ok(stdout.includes(` ${shown}:${peer.endpoint.port} `), stdout);
      const got = await runTool("peer", [
        "get",
        "8600",
        ...args,
        "--dir",
        "no-such-folder",
        "-o",
        "-",
      ]);
      assert.equal(got.code, 0);
      // Its record goes with its connection, which is gone when it has left.
      await peer.stop();
    }
  },
});
