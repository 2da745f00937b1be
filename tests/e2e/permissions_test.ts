/**
 * On a terminal the runtime asks for every permission that a program wants and was not given. The tools never let it.
 */
import assert from "node:assert/strict";
import { folderWith } from "../helpers/document.ts";
import { askedCode } from "../helpers/on_terminal.ts";
import { hasTerminals, withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

const onTerminals = { ...withTools, ignore: withTools.ignore || !hasTerminals() };
const onTerminal = { onTerminal: true };
const onLoopback = ["--host", "127.0.0.1", "--port", "0"];
const interrupt = "\x03";

Deno.test({
  name: "a tool that would ask is noticed by these tests",
  ...onTerminals,
  async fn() {
    using folder = new TemporaryFolder();
    const asking = folder.write("asking.ts", "Deno.env.get('HOME');");
    const permissions = ["--allow-read", "--preload", asking];
    const { code, stdout } = await runTool("peer", ["--version"], {
      onTerminal: true,
      permissions,
    });
    assert.equal(code, askedCode, stdout);
  },
});

for (const tool of ["rs", "ci_server"] as const) {
  Deno.test({
    name: `${tool} asks nothing on a terminal, logs included`,
    ...onTerminals,
    async fn() {
      await using server = await ToolProcess.listening(
        tool,
        [...onLoopback, "--trace"],
        onTerminal,
      );
      using client = await RawClient.connect(server.endpoint);
      await client.send("nonsense\r\n\r\n");
      await server.stdout.line(/warning.*nonsense/);
      await server.type(interrupt);
      assert.equal((await server.finished()).code, 0);
    },
  });
}

Deno.test({
  name: "peer asks nothing on a terminal as long as it stores nothing",
  ...onTerminals,
  async fn(t) {
    await using ciServer = await startCiServer();
    await using rsServer = await startRs();
    using folder = folderWith(8600);
    const ci = ["--ci", ciServer.address];
    const rs = ["--rs", rsServer.address];
    await using holder = await startPeer(folder.path, [...ci, ...rs]);
    for (
      const [args, code] of [
        [["--help"], 0],
        [["completions", "bash"], 0],
        [["list", ...ci], 0],
        [["lookup", "8600", ...ci, "--json", "--trace"], 0],
        [["search", "title", ...ci], 0],
        [["peers", ...rs], 0],
        [["index", holder.address], 0],
        [["get", "8600", ...ci, "-o", "-", "--dir", "no-such-folder"], 0],
        [["get", "8600", ...rs, "-o", "-", "--dir", "no-such-folder"], 0],
        [["get", "8600", "--dir", folder.path], 0],
        [["verify", "--dir", folder.path], 0],
        [["verify", "--dir", folder.path, ...ci, ...rs], 0],
        // Here it has to say what to add, and not to ask.
        [["sync", ...ci, "--dir", folder.path], 2],
        [["verify", "--repair", ...ci, "--dir", folder.path], 2],
        [["get", "8601", ...ci, "--dir", folder.path], 2],
        [["get", "8600", ...ci, "-o", `${folder.path}/copy`], 1],
      ] as const
    ) {
      await t.step(`peer ${args[0]}`, async () => {
        const result = await runTool("peer", args, onTerminal);
        assert.equal(result.code, code, result.stdout);
      });
    }
    await t.step("peer join", async () => {
      const args = ["join", ...ci, ...rs, "--dir", folder.path, ...onLoopback, "--trace"];
      await using peer = await ToolProcess.listening("peer", args, onTerminal);
      await peer.type(interrupt);
      assert.equal((await peer.finished()).code, 0);
    });
  },
});

for (
  const [what, tool, args, permissions] of [
    ["the network", "rs", onLoopback, ["--allow-read"]],
    ["the network", "ci_server", onLoopback, []],
    ["the network", "peer", ["list", "--ci", "127.0.0.1:1"], []],
    ["reading", "peer", ["join", "--ci", "127.0.0.1:1"], ["--allow-net"]],
    ["reading", "peer", ["get", "1", "--ci", "127.0.0.1:1"], ["--allow-net"]],
  ] as const
) {
  Deno.test({
    name: `${tool} ${args[0]} without ${what} does not ask for it`,
    ...onTerminals,
    async fn() {
      const { code, stdout } = await runTool(tool, args, { onTerminal: true, permissions });
      assert.ok(code >= 1 && code <= 3, stdout);
      assert.match(stdout, /add --allow-/);
    },
  });
}

Deno.test({
  name: "peer shell has a prompt, completion and history on a terminal",
  ...onTerminals,
  async fn() {
    await using rs = await startRs();
    using folder = folderWith(8600);
    const args = ["shell", "--rs", rs.address, "--dir", folder.path, ...onLoopback];
    const options = { onTerminal: true, permissions: writingTo(folder.path) };
    await using shell = await ToolProcess.listening("peer", args, options);
    await shell.stdout.line(/Type "help" for the commands/);
    await shell.type("trace off\r");
    await shell.stdout.line(/Messages are not shown/);
    // Completed to "index".
    await shell.type("ind\t\r");
    await shell.stdout.line(/RFC 8600 .*Title 8600/);
    // The arrow upwards brings the last command again.
    await shell.type("\x1b[A\r");
    await shell.stdout.line(/RFC 8600 .*Title 8600/, 2);
    await shell.type("get 8600\r");
    await shell.stdout.line(/RFC 8600 is there already/);
    await shell.type("\x04");
    const { code, stdout } = await shell.finished();
    assert.equal(code, 0, stdout);
    assert.match(stdout, /peer> /);
    assert.match(stdout, /left\r?\n$/);
  },
});
