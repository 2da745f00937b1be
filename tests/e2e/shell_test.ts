import assert from "node:assert/strict";
import { folderWith } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

/** A shell that does commands and shows what each printed. */
class Shell implements AsyncDisposable {
  #commands = 0;

  private constructor(readonly tool: ToolProcess) {}

  static async start(folder: string, args: readonly string[]): Promise<Shell> {
    const all = ["shell", "--dir", folder, "--host", "127.0.0.1", "--port", "0", ...args];
    const permissions = writingTo(folder);
    return new Shell(await ToolProcess.listening("peer", all, { permissions, hasInput: true }));
  }

  /**
   * Does a command and returns what it printed: results, and what is for people only.
   *
   * @param count How many results there will be at least: of two pipes one may be read before the other.
   */
  async run(command: string, count = 0): Promise<{ results: string[]; remarks: string[] }> {
    const { stdout, stderr } = this.tool;
    const [results, remarks] = [stdout.lines.length, stderr.lines.length];
    // An unknown command has an answer of its own, which tells that the one before is done.
    const mark = `mark-${++this.#commands}`;
    await this.tool.type(`${command}\n${mark}\n`);
    await stderr.line(new RegExp(`^Unknown command: ${mark};`));
    await stdout.line(/^/, results + count);
    return {
      results: stdout.lines.slice(results),
      remarks: stderr.lines.slice(remarks, -1),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.tool[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "peer shell does what the older programs' menus offered, in both systems",
  ...withTools,
  async fn(t) {
    await using ci = await startCiServer();
    await using rs = await startRs();
    const servers = ["--ci", ci.address, "--rs", rs.address];
    using otherFolder = folderWith(8601, 8602);
    await using other = await startPeer(otherFolder.path, servers);
    using folder = folderWith(8600);
    await using shell = await Shell.start(folder.path, servers);
    const { tool } = shell;
    const record = (number: number, holder = tool.address) =>
      `RFC ${number}   ${holder.padEnd(21)}  Title ${number}`;

    await t.step("shows messages until told not to", async () => {
      const { results, remarks } = await shell.run("lookup 8600", 1);
      assert.deepEqual(results, [record(8600)]);
      // Among them are those by which the peer announces digests as they become known.
      assert.equal(remarks[0], `--> sent to ${ci.address}`);
      assert.ok(remarks.includes("LOOKUP RFC 8600 P2P-CI/1.0"));
      assert.ok(remarks.includes("P2P-CI/1.0 200 OK"));
      assert.equal((await shell.run("trace off")).remarks.at(-1), "Messages are not shown");
      assert.deepEqual(await shell.run("lookup 8600", 1), { results: [record(8600)], remarks: [] });
    });
    await t.step("list, with and without words", async () => {
      const { results } = await shell.run("list", 3);
      assert.deepEqual(results, [
        record(8600),
        record(8602, other.address),
        record(8601, other.address),
      ]);
      assert.deepEqual((await shell.run("list title 8601", 1)).results, [
        record(8601, other.address),
      ]);
      assert.deepEqual((await shell.run("list nonsense")).remarks, [
        "No such document in the index",
      ]);
    });
    await t.step("peers and index", async () => {
      assert.deepEqual((await shell.run("peers", 1)).results, [other.address]);
      const { host, port } = other.endpoint;
      for (const command of [`index ${host} ${port}`, `index ${host}:${port}`]) {
        const { results } = await shell.run(command, 2);
        assert.deepEqual(results.map((line) => line.slice(0, 8)), ["RFC 8601", "RFC 8602"]);
      }
      const own = await shell.run("index", 1);
      assert.deepEqual(own.results.map((line) => line.slice(0, 8)), ["RFC 8600"]);
    });
    await t.step("get, announced at once", async () => {
      const { results } = await shell.run("get 8601-8602", 4);
      const starts = results.map((line) => /^(?:announced )?RFC \d+/.exec(line)?.[0]);
      assert.deepEqual(starts.sort(), [
        "RFC 8601",
        "RFC 8602",
        "announced RFC 8601",
        "announced RFC 8602",
      ]);
      assert.ok(folder.names().includes("rfc8602.txt"));
      assert.equal((await shell.run("lookup 8602", 2)).results.length, 2);
      assert.match((await shell.run("get 1")).remarks.at(-1)!, /nobody has it$/);
    });
    await t.step("remove and add", async () => {
      await shell.run("remove 8602");
      assert.deepEqual((await shell.run("lookup 8602", 1)).results, [record(8602, other.address)]);
      assert.match((await shell.run("remove 8602")).remarks[0]!, /it is not announced$/);
      await shell.run("add 8602");
      assert.equal((await shell.run("lookup 8602", 2)).results.length, 2);
      assert.match((await shell.run("add 1")).remarks[0]!, /^Cannot add RFC 1: /);
    });
    await t.step("keepalive and status", async () => {
      assert.deepEqual(await shell.run("keepalive"), { results: [], remarks: [] });
      const status = (await shell.run("status")).remarks.join("\n");
      assert.ok(status.includes(tool.address));
      assert.match(status, /3 documents offered/);
      assert.match(status, /cookie \d+/);
    });
    await t.step("help, shortened commands, and what makes no sense", async () => {
      const { remarks } = await shell.run("help");
      for (
        const name of "add remove lookup list get peers index keepalive leave status".split(" ")
      ) {
        assert.ok(remarks.some((line) => line.startsWith(`${name} `)), name);
      }
      assert.deepEqual((await shell.run("loo 8600", 1)).results, [record(8600)]);
      assert.match((await shell.run("l")).remarks[0]!, /^Unknown command: l;/);
      assert.deepEqual(await shell.run("  "), { results: [], remarks: [] });
      for (const command of ["lookup", "lookup x", "get", "get 1e3", "index nonsense", "add 1 2"]) {
        const [complaint, ...others] = (await shell.run(command)).remarks;
        assert.match(complaint!, /xpected/, command);
        assert.deepEqual(others, []);
      }
    });
    await t.step("leave", async () => {
      await tool.type("leave\n");
      const { code, stdout } = await tool.finished();
      assert.equal(code, 0);
      assert.match(stdout, /\nleft\n$/);
    });
  },
});

Deno.test({
  name: "peer shell says which server it has not joined",
  ...withTools,
  async fn() {
    await using ci = await startCiServer();
    await using rs = await startRs();
    using folder = folderWith(8600);
    await using withoutRs = await Shell.start(folder.path, ["--ci", ci.address]);
    const peers = await withoutRs.run("peers");
    assert.equal(peers.remarks.at(-1), "This peer joined no registration server (--rs)");
    await using withoutCi = await Shell.start(folder.path, ["--rs", rs.address]);
    const list = await withoutCi.run("list");
    assert.equal(list.remarks.at(-1), "This peer joined no central index server (--ci)");
  },
});

for (const how of ["join --shell", "shell"]) {
  Deno.test({
    name: `peer ${how} does piped commands and leaves at the end of its input`,
    ...withTools,
    async fn() {
      await using rs = await startRs();
      using folder = folderWith(8600);
      const args = ["--rs", rs.address, "--dir", folder.path, "--host", "127.0.0.1"];
      await using shell = new ToolProcess("peer", [...how.split(" "), ...args], { hasInput: true });
      await shell.type("trace off\nindex\npeers");
      await shell.endInput();
      const { code, stdout, stderr } = await shell.finished();
      assert.equal(code, 0, stderr);
      assert.match(stdout, /\nRFC 8600 .*\nleft\n$/);
      assert.match(stderr, /No other active peer\n$/);
    },
  });
}
