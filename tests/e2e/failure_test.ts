import assert from "node:assert/strict";
import { join } from "node:path";
import { ClosedPort } from "../helpers/closed_port.ts";
import { documentText } from "../helpers/document.ts";
import { withTools } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

for (
  const args of [
    ["join", "--host", "127.0.0.1", "--ci"],
    ["join", "--host", "127.0.0.1", "--rs"],
    ["get", "1", "-o", "-", "--ci"],
    ["get", "1", "-o", "-", "--rs"],
    ["list", "--ci"],
    ["lookup", "1", "--ci"],
    ["search", "words", "--ci"],
    ["peers", "--rs"],
    ["index"],
    ["shell", "--host", "127.0.0.1", "--ci"],
  ]
) {
  Deno.test({
    name: `peer ${args.join(" ")} says in one line that nobody is there, and ends with 3`,
    ...withTools,
    async fn() {
      using closed = await ClosedPort.take();
      const { address } = closed;
      const { code, stdout, stderr } = await runTool("peer", [...args, address]);
      assert.equal(code, 3);
      assert.equal(stdout, "");
      const last = stderr.trimEnd().split("\n").at(-1);
      assert.equal(last, `Cannot connect to ${address}: refused, nothing listens there`);
    },
  });
}

Deno.test({
  name: "peer list says that there is no such host",
  ...withTools,
  async fn() {
    assert.deepEqual(await runTool("peer", ["list", "--ci", "nobody.invalid"]), {
      code: 3,
      stdout: "",
      stderr: "Cannot connect to nobody.invalid:7734: no such host name\n",
    });
  },
});

Deno.test({
  name: "rs says in one line that an address is not this machine's",
  ...withTools,
  async fn() {
    // 192.0.2.0/24 is for documentation and nobody's (RFC 5737).
    assert.deepEqual(await runTool("rs", ["--host", "192.0.2.1", "--port", "0"]), {
      code: 1,
      stdout: "",
      stderr: "Cannot listen on 192.0.2.1:0: this machine has no such address\n",
    });
  },
});

Deno.test({
  name: "rs, ci_server and peer say in one line that their port is in use",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    await using rs = await startRs();
    const inUse = ["--host", "127.0.0.1", "--port", String(rs.endpoint.port)];
    const results = await Promise.all([
      runTool("rs", inUse),
      runTool("ci_server", inUse),
      runTool("peer", ["join", "--rs", rs.address, "--dir", folder.path, ...inUse]),
    ]);
    for (const result of results) {
      assert.deepEqual(result, {
        code: 1,
        stdout: "",
        stderr: `Cannot listen on ${rs.address}: the port is in use\n`,
      });
    }
  },
});

Deno.test({
  name: "peer join says in one line that its folder is missing, or is none",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    const missing = join(folder.path, "missing");
    const file = folder.write("file", "");
    using closed = await ClosedPort.take();
    const ci = ["--ci", closed.address];
    assert.deepEqual(await runTool("peer", ["join", ...ci, "--dir", missing]), {
      code: 1,
      stdout: "",
      stderr: `Cannot read folder ${missing}: it does not exist\n`,
    });
    const { code, stderr } = await runTool("peer", ["join", ...ci, "--dir", file]);
    assert.equal(code, 1);
    assert.equal(stderr, `Cannot read folder ${file}: it is not a folder\n`);
  },
});

Deno.test({
  name: "peer get says in one line that its folder is missing",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    const missing = join(folder.path, "missing");
    using closed = await ClosedPort.take();
    const args = ["get", "1", "--ci", closed.address, "--dir", missing];
    assert.deepEqual(await runTool("peer", args, { permissions: writingTo(missing) }), {
      code: 1,
      stdout: "",
      stderr: `Cannot read folder ${missing}: it does not exist\n`,
    });
    const target = join(missing, "rfc1.txt");
    await using ci = await startCiServer();
    folder.write("rfc1.txt", documentText(1, "Host Software"));
    const copy = ["get", "1", "--ci", ci.address, "--dir", folder.path, "-o", target];
    assert.deepEqual(await runTool("peer", copy, { permissions: writingTo(missing) }), {
      code: 1,
      stdout: "",
      stderr: `Cannot write ${target}: it does not exist\n`,
    });
  },
});

Deno.test({
  name: "peer get says in one line which permission to add before it asks anybody",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    using closed = await ClosedPort.take();
    const args = ["get", "1", "--ci", closed.address, "--dir", folder.path];
    assert.deepEqual(await runTool("peer", args), {
      code: 2,
      stdout: "",
      stderr: "Storing documents needs a permission: " +
        `add --allow-write=${folder.path}, or print one with -o -\n`,
    });
  },
});

for (
  const [tool, args, permissions, missing] of [
    ["rs", ["--host", "127.0.0.1", "--port", "0"], [], "--allow-net"],
    ["ci_server", ["--host", "127.0.0.1", "--port", "0"], [], "--allow-net"],
    ["peer", ["list", "--ci", "127.0.0.1:1"], [], "--allow-net"],
    ["peer", ["join", "--ci", "127.0.0.1:1"], ["--allow-net"], "--allow-read"],
  ] as const
) {
  Deno.test({
    name: `${tool} ${args[0]} without ${missing} says in one line what to add`,
    ...withTools,
    async fn() {
      const { code, stdout, stderr } = await runTool(tool, args, { permissions });
      assert.equal(code, missing === "--allow-net" && tool === "peer" ? 3 : 1);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^Cannot .*: permission is missing, add ${missing}\n$`));
    },
  });
}

Deno.test({
  name: "peer join goes on without write permission, as a new peer each time",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    await using rs = await startRs();
    await using peer = await startPeer(folder.path, ["--rs", rs.address]);
    assert.equal((await peer.stop()).code, 0);
    assert.deepEqual(folder.names(), []);
  },
});
