import assert from "node:assert/strict";
import { join } from "node:path";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { ScriptedServer } from "../helpers/scripted_server.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { leastPermissions, runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

/** Every byte there is, and every line end: a document must come as it is. */
const strangeBytes = Uint8Array.from(
  { length: 300_000 },
  (_, i) => i < 1_000 ? [13, 10, 10, 13][i % 4]! : (i * 31) % 256,
);

Deno.test({
  name: "peer get -o - writes the exact document to standard output and nothing else",
  ...withTools,
  async fn() {
    using folder = folderWith();
    folder.write("rfc8600.txt", strangeBytes);
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    using empty = new TemporaryFolder();
    for (const flags of [[], ["--json"], ["--trace"], ["--json", "--trace"]]) {
      const args = [
        "get",
        "8600",
        "--ci",
        server.address,
        "--dir",
        empty.path,
        "-o",
        "-",
        ...flags,
      ];
      await using get = new ToolProcess("peer", args);
      const { code, stderr } = await get.finished();
      assert.equal(code, 0, stderr);
      assert.ok(get.stdout.bytes.equals(strangeBytes), flags.join(" "));
      assert.match(stderr, flags.includes("--json") ? /"downloaded"/ : /^RFC 8600 from /m);
    }
    assert.deepEqual(empty.names(), []);
  },
});

Deno.test({
  name: "peer get -o FILE stores the document there, in one piece",
  ...withTools,
  async fn() {
    using folder = folderWith();
    folder.write("rfc8600.txt", strangeBytes);
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    using target = new TemporaryFolder();
    const file = target.write("kept.txt", "before");
    const get = (number: string) =>
      runTool("peer", ["get", number, "--ci", server.address, "--dir", target.path, "-o", file], {
        permissions: writingTo(target.path),
      });
    assert.equal((await get("1")).code, 1);
    assert.equal(Deno.readTextFileSync(file), "before");
    assert.equal((await get("8600")).code, 0);
    assert.deepEqual(Deno.readFileSync(file), strangeBytes);
    assert.deepEqual(target.names(), ["kept.txt"]);
  },
});

Deno.test({
  name: "peer get looks into the local folder first and asks nobody for what is there",
  ...withTools,
  async fn() {
    using folder = folderWith();
    const text = documentText(8600, "A Title");
    const path = folder.write("RFC8600.txt", text);
    const there = ["get", "8600", "--dir", folder.path];
    assert.deepEqual(await runTool("peer", there), {
      code: 0,
      stdout: `RFC 8600 is there already: ${path}\n`,
      stderr: "",
    });
    const printed = await runTool("peer", [...there, "-o", "-"]);
    assert.deepEqual([printed.code, printed.stdout], [0, text]);
    const copy = join(folder.path, "copy.txt");
    const copied = await runTool("peer", [...there, "-o", copy], {
      permissions: writingTo(folder.path),
    });
    assert.equal(copied.code, 0);
    assert.equal(Deno.readTextFileSync(copy), text);
  },
});

Deno.test({
  name: "peer get brings numbers and ranges, tells what is missing, and ends with 1",
  ...withTools,
  async fn() {
    using folder = folderWith(8600, 8601, 8603);
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    using target = folderWith(8601);
    const args = ["get", "8600-8602", "8603,8600", "--ci", server.address, "--dir", target.path];
    const options = { permissions: writingTo(target.path) };
    const { code, stdout, stderr } = await runTool("peer", args, options);
    assert.equal(code, 1);
    assert.deepEqual(stdout.match(/^RFC \d+/gm)?.sort(), ["RFC 8600", "RFC 8601", "RFC 8603"]);
    const [failed, summary] = stderr.trimEnd().split("\n");
    assert.equal(failed, "Cannot get RFC 8602: nobody has it");
    assert.match(summary!, /^2 documents, \d+ bytes in .*; 1 there already; 1 failed/);
    assert.deepEqual(target.visibleNames(), ["rfc8600.txt", "rfc8601.txt", "rfc8603.txt"]);
    const again = await runTool("peer", ["get", "8600", "8603", "--dir", target.path], options);
    assert.equal(again.code, 0);
  },
});

/** A holder that sends half a document and then nothing, and a server that names it. */
function startHalfHearted() {
  const sent = Promise.withResolvers<void>();
  const holder = new ScriptedServer(async (client) => {
    await client.readHead();
    await client.send(
      `P2P-CI/1.0 200 OK\r\nContent-Length: 2000000\r\n\r\n${"x".repeat(1_000_000)}`,
    );
    sent.resolve();
    await client.readToEnd();
  });
  const { host, port } = holder.endpoint;
  const server = new ScriptedServer(async (client) => {
    await client.readHead();
    await client.send(`P2P-CI/1.0 200 OK\r\n\r\nRFC 8600 A Title ${host} ${port}\r\n\r\n`);
    await client.readToEnd();
  });
  return {
    address: `${server.endpoint.host}:${server.endpoint.port}`,
    halfSent: sent.promise,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await holder[Symbol.asyncDispose]();
    },
  };
}

for (
  const [signal, code] of [["SIGKILL", 137], ["SIGTERM", 1], ["SIGINT", 1]] as const
) {
  Deno.test({
    name: `peer get leaves no half document under a real name when it gets ${signal}`,
    ...withTools,
    async fn() {
      await using holder = await startHalfHearted();
      using target = new TemporaryFolder();
      await using get = new ToolProcess(
        "peer",
        ["get", "8600", "--ci", holder.address, "--dir", target.path],
        { permissions: writingTo(target.path) },
      );
      await holder.halfSent;
      const result = await get.stop(signal);
      assert.equal(result.code, code, result.stderr);
      assert.deepEqual(target.visibleNames(), []);
    },
  });
}

Deno.test({
  name: "peer get prints nothing of a document that does not come whole",
  ...withTools,
  async fn() {
    const holder = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send("P2P-CI/1.0 200 OK\r\nContent-Length: 100\r\n\r\nhalf of it");
    });
    const { host, port } = holder.endpoint;
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send(`P2P-CI/1.0 200 OK\r\n\r\nRFC 8600 A Title ${host} ${port}\r\n\r\n`);
      await client.readToEnd();
    });
    const ci = `${server.endpoint.host}:${server.endpoint.port}`;
    const { code, stdout, stderr } = await runTool("peer", ["get", "8600", "--ci", ci, "-o", "-"]);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /it ended after 10 of 100 bytes; looking further\n/);
    await holder[Symbol.asyncDispose]();
  },
});

Deno.test({
  name: "peer get goes on with the registration server when the central index server is gone",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    await using rs = await startRs();
    await using _peer = await startPeer(folder.path, ["--rs", rs.address]);
    const ci = await startCiServer();
    await ci.stop();
    const args = ["get", "8600", "--ci", ci.address, "--rs", rs.address, "-o", "-"];
    const { code, stdout, stderr } = await runTool("peer", args);
    assert.equal(code, 0);
    assert.equal(stdout, documentText(8600, "Title 8600"));
    assert.match(stderr, /refused.*; asking the registration server instead\n/);
  },
});

Deno.test({
  name: "peer get needs no more than network and reading for -o -",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    const args = ["get", "8600", "--ci", server.address, "-o", "-", "--dir", "no-such-folder"];
    const { code } = await runTool("peer", args, { permissions: leastPermissions });
    assert.equal(code, 0);
  },
});

Deno.test({
  name: "peer get -o - ends with one line and 1 when nobody reads what it prints",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    await using server = await startCiServer();
    await using _peer = await startPeer(folder.path, ["--ci", server.address]);
    const args = ["get", "8600", "--ci", server.address, "-o", "-", "--dir", "no-such-folder"];
    const { code, stderr } = await runTool("peer", args, { isUnheard: true });
    assert.deepEqual([code, stderr], [1, "Cannot print RFC 8600: nobody reads it any more\n"]);
  },
});
