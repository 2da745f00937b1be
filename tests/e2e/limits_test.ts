import assert from "node:assert/strict";
import { folderWith } from "../helpers/document.ts";
import { hasIpv6, withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runTool, ToolProcess, writingTo } from "../helpers/tool_process.ts";
import { startCiServer, startPeer } from "../helpers/tools.ts";

const request = "GET RFC 1 P2P-CI/1.0\r\nHost: h\r\nOS: x\r\n\r\n";

/** Clients that read as fast as they can until their peers have sent so much to all of them. */
async function download(
  clients: readonly RawClient[],
  enough: number,
): Promise<readonly number[]> {
  const got = clients.map(() => 0);
  let begun: readonly number[] | undefined;
  const sinceBegun = () => got.map((bytes, i) => bytes - (begun?.[i] ?? bytes));
  await Promise.all(clients.map(async (client, i) => {
    await client.send(request);
    while (sinceBegun().reduce((sum, bytes) => sum + bytes) < enough) {
      got[i]! += (await client.read(4_096)).length;
      if (begun === undefined && got.every((bytes) => bytes > 0)) begun = [...got];
    }
  }));
  return sinceBegun();
}

Deno.test({
  name: "peer join --upload-limit is fair between addresses, whoever has more connections",
  ...withTools,
  ignore: withTools.ignore || !hasIpv6(),
  async fn() {
    using folder = new TemporaryFolder();
    folder.write("rfc1.txt", new Uint8Array(50_000_000));
    await using ci = await startCiServer();
    await using peer = await ToolProcess.listening("peer", [
      ...["join", "--ci", ci.address, "--dir", folder.path, "--port", "0"],
      ...["--upload-limit", "4MiB/s"],
    ]);
    const { port } = peer.endpoint;
    using stack = new DisposableStack();
    const clients: RawClient[] = [];
    for (const host of ["::1", "127.0.0.1", "127.0.0.1", "127.0.0.1"]) {
      clients.push(stack.use(await RawClient.connect({ host, port })));
    }
    const [one, ...three] = await download(clients, 2_000_000);
    const sum = three.reduce((sum, bytes) => sum + bytes, 0);
    const ratio = one! / sum;
    assert.ok(0.8 < ratio && ratio < 1.25, `${one} and ${sum} bytes`);
  },
});

Deno.test({
  name: "peer join --max-uploads lets others wait, and peer get brings the document all the same",
  ...withTools,
  async fn() {
    using folder = folderWith(8600);
    folder.write("rfc1.txt", new Uint8Array(50_000_000));
    using target = new TemporaryFolder();
    await using ci = await startCiServer();
    await using peer = await startPeer(folder.path, ["--ci", ci.address, "--max-uploads", "1"]);
    using slow = await RawClient.connect(peer.endpoint);
    await slow.send(request);
    await slow.readHead();
    using waiting = await RawClient.connect(peer.endpoint);
    await waiting.send("GET RFC 8600 P2P-CI/1.0\r\nHost: h\r\nOS: x\r\n\r\n");
    using refused = await RawClient.connect(peer.endpoint);
    await refused.send("GET RFC 8600 P2P-CI/1.0\r\nHost: h\r\nOS: x\r\nRange: bytes=0-9\r\n\r\n");
    assert.match(await refused.readToEnd(), /^P2P-CI\/1\.0 503 .*\r\nRetry-After: \d+\r\n\r\n$/);
    slow.close();
    assert.match(await waiting.readToEnd(), /^P2P-CI\/1\.0 200 OK\r\n/);
    const result = await runTool(
      "peer",
      ["get", "8600", "--ci", ci.address, "--dir", target.path, "--download-limit", "1MiB/s"],
      { permissions: writingTo(target.path) },
    );
    assert.equal(result.code, 0, result.stderr);
  },
});

Deno.test({
  name: "limits that are none are refused with what was expected",
  ...withTools,
  async fn() {
    for (
      const [option, value, expected] of [
        ["--upload-limit", "8Mbit/s", /expected a number with B\/s, .* or none, got .*8Mbit/],
        ["--download-limit", "0", /expected a number with B\/s/],
        ["--max-uploads", "0", /--max-uploads/],
      ] as const
    ) {
      const result = await runTool("peer", ["join", "--ci", "127.0.0.1", option, value]);
      assert.equal(result.code, 2);
      assert.match(result.stderr, expected);
    }
  },
});

Deno.test({
  name: "peer join answers everybody where the system permits few open files",
  ...withTools,
  ignore: withTools.ignore || Deno.build.os !== "linux",
  async fn() {
    const numbers = Array.from({ length: 300 }, (_, i) => i + 1);
    using folder = new TemporaryFolder();
    for (const number of numbers) folder.write(`rfc${number}.txt`, `document ${number}`);
    await using ci = await startCiServer();
    // The tool is not this process's child then: it ends with the one between them.
    const runner = ["setpriv", "--pdeathsig", "KILL", "sh", "-c", 'ulimit -n 100; exec "$@"', "sh"];
    await using peer = await ToolProcess.listening(
      "peer",
      ["join", "--ci", ci.address, "--dir", folder.path, "--port", "0"],
      { runner },
    );
    const { port } = peer.endpoint;
    for (const number of numbers) {
      using client = await RawClient.connect({ host: "127.0.0.1", port });
      await client.send(request.replace("RFC 1", `RFC ${number}`));
      assert.match(await client.readToEnd(), new RegExp(`\\r\\ndocument ${number}$`));
    }
  },
});
