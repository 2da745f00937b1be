import assert from "node:assert/strict";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { ScriptedServer } from "../helpers/scripted_server.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { leastPermissions, runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

const onLoopback = ["--host", "127.0.0.1"];

/** Runs `peer sync` over a folder to its end. */
function sync(folder: string, args: readonly string[]) {
  const all = ["sync", "--dir", folder, ...onLoopback, ...args];
  return runTool("peer", all, { permissions: writingTo(folder) });
}

/** The documents of a folder, what the tools keep there left out. */
function documentsIn(folder: TemporaryFolder): string[] {
  return folder.names().filter((name) => !name.startsWith("."));
}

for (const system of ["--ci", "--rs"] as const) {
  Deno.test({
    name: `peer sync ${system} brings what matches and is missing, and ends`,
    ...withTools,
    async fn(t) {
      await using server = await (system === "--ci" ? startCiServer() : startRs());
      const servers = [system, server.address];
      using folder = folderWith(8600, 8601, 8602, 9000);
      await using _holder = await startPeer(folder.path, servers);
      using target = folderWith(8601);

      await t.step("numbers", async () => {
        const { code, stdout, stderr } = await sync(target.path, ["8600-8601", ...servers]);
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^joined [^]*^peer listening on [^]*^RFC 8600 from .*[^]*^left$/m);
        assert.match(stderr, /^1 document, .*; 1 there already/m);
        assert.deepEqual(documentsIn(target), ["rfc8600.txt", "rfc8601.txt"]);
      });
      await t.step("words", async () => {
        const { code, stderr } = await sync(target.path, ["TITLE", "9000", ...servers]);
        assert.equal(code, 0, stderr);
        assert.deepEqual(documentsIn(target), ["rfc8600.txt", "rfc8601.txt", "rfc9000.txt"]);
      });
      await t.step("everything", async () => {
        const { code, stdout, stderr } = await sync(target.path, servers);
        assert.equal(code, 0, stderr);
        assert.match(stdout, /^RFC 8602 from /m);
        assert.match(stderr, /^1 document, .*; 3 there already/m);
        assert.deepEqual(documentsIn(target), documentsIn(folder));
        for (const name of documentsIn(folder)) {
          const read = (one: TemporaryFolder) => Deno.readTextFileSync(`${one.path}/${name}`);
          assert.equal(read(target), read(folder));
        }
      });
      await t.step("nothing that is meant", async () => {
        const { code, stderr } = await sync(target.path, ["nonsense", ...servers]);
        assert.equal(code, 1);
        assert.match(stderr, /Nobody has a document that is meant/);
      });
    },
  });

  Deno.test({
    name: `peer sync ${system} --watch brings what others get, and passes on what it has`,
    ...withTools,
    async fn() {
      await using server = await (system === "--ci" ? startCiServer() : startRs());
      const servers = [system, server.address];
      using folder = folderWith(8600);
      await using holder = await startPeer(folder.path, servers);
      using target = new TemporaryFolder();
      await using watching = new ToolProcess(
        "peer",
        [
          "sync",
          "--watch",
          "--every",
          "1",
          "--json",
          "--dir",
          target.path,
          ...onLoopback,
          ...servers,
        ],
        { permissions: writingTo(target.path) },
      );
      await watching.stdout.line(/"downloaded","rfc":8600/);
      folder.write("rfc8601.txt", documentText(8601, "Another"));
      await watching.stdout.line(/"downloaded","rfc":8601/);
      await watching.stdout.line(/"announced","rfc":8601/);
      await holder.stop();

      using third = new TemporaryFolder();
      const { code, stdout, stderr } = await sync(third.path, servers);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^RFC 8601 from /m);
      await watching.stdout.line(/"uploaded","rfc":8601/);
      const stopped = await watching.stop("SIGINT");
      assert.equal(stopped.code, 0, stopped.stderr);
      assert.match(stopped.stdout, /"event":"left"/);
    },
  });
}

/** A central index server that knows one document, which its holder no longer has, and says how often it was asked. */
function startOutdatedServer() {
  const asked = { times: 0, again: Promise.withResolvers<void>() };
  const holder = new ScriptedServer(async (client) => {
    await client.readHead();
    if (++asked.times === 3) asked.again.resolve();
    await client.send("P2P-CI/1.0 404 Not Found\r\n\r\n");
  });
  const { host, port } = holder.endpoint;
  const server = new ScriptedServer(async (client) => {
    for (;;) {
      await client.readHead();
      await client.send(`P2P-CI/1.0 200 OK\r\n\r\nRFC 8600 A Title ${host} ${port}\r\n\r\n`);
    }
  });
  return {
    address: `${server.endpoint.host}:${server.endpoint.port}`,
    askedAgain: asked.again.promise,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await holder[Symbol.asyncDispose]();
    },
  };
}

Deno.test({
  name: "peer sync tells what could not be had, once, and ends with 1",
  ...withTools,
  async fn() {
    await using server = startOutdatedServer();
    using target = new TemporaryFolder();
    const servers = ["--ci", server.address];
    const { code, stderr } = await sync(target.path, servers);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /^Cannot get RFC 8600: .*404 Not Found/m);
    const args = ["sync", "--watch", "--every", "1", "--dir", target.path];
    await using watching = new ToolProcess("peer", [...args, ...onLoopback, ...servers], {
      permissions: writingTo(target.path),
    });
    await server.askedAgain;
    const stopped = await watching.stop("SIGINT");
    assert.equal(stopped.code, 1);
    assert.equal(stopped.stderr.match(/^Cannot get RFC 8600/gm)?.length, 1);
  },
});

Deno.test({
  name: "peer sync leaves at once when told to, and goes on the next time where it stopped",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    const servers = ["--ci", server.address];
    using folder = new TemporaryFolder();
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 16)) % 256);
    folder.write("rfc8600.txt", bytes);
    await using _holder = await startPeer(folder.path, servers);
    using target = new TemporaryFolder();
    const args = ["sync", "--json", "--dir", target.path, ...onLoopback, ...servers];
    await using interrupted = new ToolProcess(
      "peer",
      [...args, "--download-limit", "1MB/s"],
      { permissions: writingTo(target.path) },
    );
    await interrupted.stdout.line(/"event":"progress"/);
    const { code, stdout } = await interrupted.stop("SIGINT");
    assert.equal(code, 1);
    assert.match(stdout, /"event":"summary".*\n{"event":"left"}\n$/);
    assert.deepEqual(documentsIn(target), []);
    const again = await sync(target.path, servers);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^RFC 8600 from .* of it from an earlier run, verified -> /m);
    assert.deepEqual(Deno.readFileSync(`${target.path}/rfc8600.txt`), bytes);
  },
});

Deno.test({
  name: "peer sync says what to add when it may not store or knows no server",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    const args = ["sync", "--dir", folder.path, "--ci", "127.0.0.1:1"];
    const readOnly = await runTool("peer", args, { permissions: leastPermissions });
    assert.equal(readOnly.code, 2);
    assert.match(readOnly.stderr, /add --allow-write=/);
    const alone = await sync(folder.path, []);
    assert.equal(alone.code, 2);
    assert.match(alone.stderr, /add --ci HOST, --rs HOST, or both/);
    const unreachable = await sync(folder.path, ["--ci", "127.0.0.1:1"]);
    assert.equal(unreachable.code, 3);
  },
});
