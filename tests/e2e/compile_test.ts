/**
 * What `deno task compile`, `compile:check` and `bundle` make of the tools.
 */
import assert from "node:assert/strict";
import {
  bundle,
  check,
  compile,
  type CompiledTool,
  CompileError,
  expectPackages,
  expectPermissions,
  missingBaseBinary,
  targets,
  tools,
} from "../../.ci/compile.ts";
import { LineLog } from "../helpers/line_log.ts";
import { lacks } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { parseEndpoint } from "../../lib/protocol/endpoint.ts";

const server = tools.find(({ name }) => name === "ci_server")!;
const peer = tools.find(({ name }) => name === "peer")!;

/** A run of a program to its end. */
async function run(program: string, args: readonly string[]): Promise<[number, string]> {
  const { code, stdout } = await new Deno.Command(program, { args: [...args] }).output();
  return [code, new TextDecoder().decode(stdout)];
}

for (const tool of tools) {
  Deno.test({
    name: `compile:check accepts ${tool.name}`,
    ignore: lacks("read", "write", "run"),
    permissions: { read: true, write: true, run: [Deno.execPath()] },
    async fn() {
      using folder = new TemporaryFolder();
      await check(tool, folder.path);
    },
  });
}

const bakedPermissions = (changes: Record<string, unknown>) =>
  `…"permissions":${
    JSON.stringify({
      allow_env: null,
      allow_ffi: null,
      allow_net: [],
      allow_read: [],
      allow_run: null,
      allow_sys: null,
      allow_write: null,
      prompt: false,
      ...changes,
    })
  },"location":null…`;

Deno.test("expectPermissions accepts those of the tool only", { permissions: "none" }, () => {
  const tool: CompiledTool = { name: "rs", permissions: ["net", "read"] };
  expectPermissions(tool, bakedPermissions({}));
  for (
    const changes of [
      { allow_write: [] },
      { allow_run: ["sh"] },
      { allow_net: null },
      { allow_read: ["rfcs"] },
      { prompt: true },
    ]
  ) {
    assert.throws(() => expectPermissions(tool, bakedPermissions(changes)), CompileError);
  }
  assert.throws(() => expectPermissions(tool, "no permissions in here"), CompileError);
});

Deno.test("expectPackages refuses what only tests use", { permissions: "none" }, () => {
  const tree = (...names: string[]) => names.map((name) => `{"Dir":{"n":"${name}","e":[]}}`).join();
  expectPackages(server, tree("@optique", "@logtape"));
  assert.throws(() => expectPackages(server, tree("@optique", "fast-check")), /fast-check/);
  assert.throws(() => expectPackages(server, tree("@optique", "pure-rand")), /pure-rand/);
  assert.throws(() => expectPackages(server, "no tree in here"), /cannot be read/);
});

Deno.test({
  name: "compile makes an executable, or says what to do without the base binary",
  ignore: lacks("read", "write", "run"),
  permissions: { read: true, write: true, run: [Deno.execPath()] },
  async fn() {
    using folder = new TemporaryFolder();
    // Nothing is fetched for a test: there is a base binary from before, or there is none.
    const env = { HTTPS_PROXY: "http://127.0.0.1:9" };
    try {
      await compile(server, folder.path, { env });
    } catch (error) {
      assert.ok(error instanceof CompileError);
      assert.equal(error.message, missingBaseBinary);
      assert.ok(!error.message.includes("\n"));
      return;
    }
    assert.ok(folder.names().some((name) => name.startsWith("ci_server")));
  },
});

Deno.test("compile knows six systems", { permissions: "none" }, () => {
  assert.equal(new Set(targets).size, 6);
});

Deno.test({
  name: "bundle makes files that run with network and reading alone",
  ignore: lacks("net", "read", "write", "run"),
  permissions: { net: ["127.0.0.1"], read: true, write: true, run: [Deno.execPath()] },
  async fn() {
    using folder = new TemporaryFolder();
    const flags = ["run", "--no-prompt", "--allow-net", "--allow-read"];
    const serverFile = await bundle(server, folder.path);
    const peerFile = await bundle(peer, folder.path);
    await using process = new Deno.Command(Deno.execPath(), {
      args: [...flags, serverFile, "--host", "127.0.0.1", "--port", "0"],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = new LineLog("standard output of ci_server.js", process.stdout);
    try {
      const [, address = ""] = (await output.line(/^ci_server listening on /)).split(" on ");
      using holder = await RawClient.connect(parseEndpoint(address));
      await holder.send(
        "ADD RFC 8600 P2P-CI/1.0\r\nHost: peer.example.org\r\nPort: 50001\r\n" +
          "Title: Using XMPP for Security Information Exchange\r\n\r\n",
      );
      assert.equal(await holder.readHead(), "P2P-CI/1.0 200 OK\r\n\r\n");
      assert.match(await holder.readHead(), /^RFC 8600 /);
      const [code, listed] = await run(Deno.execPath(), [
        ...flags,
        peerFile,
        "list",
        "--ci",
        address,
      ]);
      assert.equal(code, 0);
      assert.match(listed, /^RFC 8600 .*peer\.example\.org:50001 .*Using XMPP for Security/);
    } finally {
      process.kill();
      await output.ended;
    }
  },
});
