import assert from "node:assert/strict";
import { documentText, folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

/** An event as programs read it. */
type Event = Readonly<Record<string, unknown>>;

/** The events of an output, each line of which must be one. */
function eventsOf(stdout: string): Event[] {
  assert.ok(stdout === "" || stdout.endsWith("\n"));
  return stdout.split("\n").slice(0, -1).map((line) => {
    const event: Event = JSON.parse(line);
    assert.equal(typeof event["event"], "string");
    return event;
  });
}

/** Runs a command of `peer` and returns its events; `withoutTime` keeps those that can be compared. */
async function events(args: readonly string[], code = 0, permissions?: readonly string[]) {
  const result = await runTool(
    "peer",
    [...args, "--json"],
    permissions === undefined ? {} : { permissions },
  );
  assert.equal(result.code, code, result.stderr);
  assert.equal(result.stderr, "");
  // A slow machine is told how far it is.
  return eventsOf(result.stdout).filter(({ event }) => event !== "progress")
    .map(({ seconds: _seconds, ...event }) => event);
}

Deno.test({
  name: "--json makes every command of peer report NDJSON events, and nothing else",
  ...withTools,
  async fn(t) {
    await using ci = await startCiServer("--json");
    await using rs = await startRs("--json");
    using folder = folderWith(8600, 8601);
    const servers = ["--ci", ci.address, "--rs", rs.address];
    await using peer = await startPeer(folder.path, [...servers, "--json"]);
    const { endpoint } = peer;
    const record = (number: number) => ({
      event: "record",
      rfc: number,
      title: `Title ${number}`,
      ...endpoint,
    });
    await t.step("join", () => {
      assert.deepEqual(eventsOf(peer.stdout.text), [
        { event: "joined", system: "ci", server: ci.address, ...endpoint, documents: 2 },
        { event: "joined", system: "rs", server: rs.address, ...endpoint, documents: 2 },
        { event: "listening", tool: "peer", ...endpoint },
      ]);
      assert.equal(peer.stderr.text, "");
    });
    await t.step("list, lookup, search", async () => {
      assert.deepEqual(await events(["list", "--ci", ci.address]), [record(8601), record(8600)]);
      assert.deepEqual(await events(["lookup", "8600", "--ci", ci.address]), [record(8600)]);
      assert.deepEqual(await events(["search", "8601", "--ci", ci.address]), [record(8601)]);
      assert.deepEqual(await events(["lookup", "1", "--ci", ci.address], 1), []);
    });
    await t.step("peers, index", async () => {
      assert.deepEqual(await events(["peers", "--rs", rs.address]), [{
        event: "peer",
        ...endpoint,
      }]);
      assert.deepEqual(await events(["index", peer.address]), [
        { ...record(8600), ttl: 7_200 },
        { ...record(8601), ttl: 7_200 },
      ]);
    });
    await t.step("get", async () => {
      using target = new TemporaryFolder();
      target.write("rfc8601.txt", "");
      const got = await events(
        ["get", "8600-8602", "--ci", ci.address, "--dir", target.path],
        1,
        writingTo(target.path),
      );
      const bytes = documentText(8600, "Title 8600").length;
      const path = (number: number) => `${target.path}/rfc${number}.txt`;
      const failure = { rfc: 8602, reason: "Cannot get RFC 8602: nobody has it" };
      assert.deepEqual(got, [
        { event: "present", rfc: 8601, path: path(8601) },
        { event: "failed", ...failure },
        {
          event: "downloaded",
          rfc: 8600,
          bytes,
          path: path(8600),
          sources: [{ ...endpoint, bytes }],
          verified: true,
        },
        {
          event: "summary",
          downloaded: 1,
          present: 1,
          failed: 1,
          bytes,
          unverified: 0,
          sources: [{ ...endpoint, bytes, documents: 1 }],
          failures: [failure],
        },
      ]);
      await peer.stdout.line(/"uploaded"/);
    });
    await t.step("--trace", async () => {
      const [sent, received, ...rest] = await events(
        ["lookup", "1", "--ci", ci.address, "--trace"],
        1,
      );
      assert.deepEqual(sent, {
        event: "message",
        direction: "sent",
        remote: ci.address,
        text: "LOOKUP RFC 1 P2P-CI/1.0\r\nHost: 127.0.0.1\r\nPort: 9\r\nTitle: Unknown\r\n\r\n",
        continued: false,
      });
      assert.deepEqual(received, {
        event: "message",
        direction: "received",
        remote: ci.address,
        text: "P2P-CI/1.0 404 Not Found\r\n\r\n",
        continued: false,
      });
      assert.deepEqual(rest, []);
    });
    await t.step("losing a server and leaving", async () => {
      await ci.stop();
      await peer.stdout.line(/"lost"/);
      const { stdout } = await peer.stop();
      const [lost, left] = eventsOf(stdout).slice(-2);
      assert.equal(lost?.["system"], "ci");
      assert.deepEqual(left, { event: "left" });
    });
    await t.step("servers", async () => {
      const { stdout } = await rs.stop();
      assert.deepEqual(eventsOf(stdout), [{ event: "listening", tool: "rs", ...rs.endpoint }]);
    });
  },
});

Deno.test({
  name: "--json makes the shell report NDJSON events",
  ...withTools,
  async fn() {
    await using rs = await startRs();
    using folder = folderWith(8600);
    const args = ["shell", "--rs", rs.address, "--dir", folder.path, "--host", "127.0.0.1"];
    await using shell = new ToolProcess("peer", [...args, "--json"], { hasInput: true });
    await shell.type("index\npeers\nhelp\nstatus\nleave\n");
    const { code, stdout, stderr } = await shell.finished();
    assert.equal(code, 0, stderr);
    const kinds = new Set(eventsOf(stdout).map(({ event }) => event));
    assert.deepEqual([...kinds].sort(), ["joined", "left", "listening", "message", "record"]);
  },
});

for (const start of [startRs, startCiServer]) {
  Deno.test({
    name: `${start === startRs ? "rs" : "ci_server"} logs on standard error only, with --json too`,
    ...withTools,
    async fn() {
      for (const flags of [[], ["--json"]]) {
        await using server = await start(...flags);
        using client = await RawClient.connect(server.endpoint);
        await client.send("nonsense\r\n\r\n");
        await server.stderr.line(/^\d\d:\d\d:\d\d.* nonsense|nonsense/);
        const { stdout } = await server.stop();
        assert.equal(stdout.split("\n").length, 2);
      }
    },
  });
}

Deno.test({
  name: "--log-level error keeps warnings off standard error",
  ...withTools,
  async fn() {
    await using server = await startCiServer("--log-level", "error");
    using client = await RawClient.connect(server.endpoint);
    await client.send("nonsense\r\n\r\n");
    await client.readHead();
    assert.equal((await server.stop()).stderr, "");
  },
});
