/**
 * Whatever bytes arrive, a server refuses them or hangs up, logs one line, and serves everybody else on.
 */
import assert from "node:assert/strict";
import { withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import type { ToolProcess } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

/** A server under attack, and a request that it answers. */
interface Target extends AsyncDisposable {
  readonly tool: ToolProcess;
  readonly protocol: "P2P-CI" | "P2P-DI";
  /** The start of a good request, up to the version. */
  readonly request: string;
  readonly fields: string;
}

const targets: Record<string, () => Promise<Target>> = {
  async ci_server() {
    const tool = await startCiServer();
    return {
      tool,
      protocol: "P2P-CI",
      request: "ADD RFC 1",
      fields: "Host: h\r\nPort: 1\r\nTitle: Host Software\r\n",
      [Symbol.asyncDispose]: () => tool[Symbol.asyncDispose](),
    };
  },
  async rs() {
    const tool = await startRs();
    return {
      tool,
      protocol: "P2P-DI",
      request: "Register",
      fields: "Host: h\r\nPort: 1\r\n",
      [Symbol.asyncDispose]: () => tool[Symbol.asyncDispose](),
    };
  },
  async peer() {
    const folder = new TemporaryFolder();
    folder.write("rfc1.txt", "x");
    const server = await startCiServer();
    const tool = await startPeer(folder.path, ["--ci", server.address]);
    return {
      tool,
      protocol: "P2P-CI",
      request: "GET RFC 1",
      fields: "Host: h\r\n",
      async [Symbol.asyncDispose]() {
        await tool[Symbol.asyncDispose]();
        await server[Symbol.asyncDispose]();
        folder[Symbol.dispose]();
      },
    };
  },
};

/** Sends what a good client sends and expects it to be served. */
async function assertServed({ tool, protocol, request, fields }: Target): Promise<void> {
  using client = await RawClient.connect(tool.endpoint);
  await client.send(`${request} ${protocol}/1.0\r\n${fields}\r\n`);
  assert.equal(
    await client.readHead().then((head) => head.split("\r\n", 1)[0]),
    `${protocol}/1.0 200 OK`,
  );
}

/** Sends bytes until all are sent or the server hangs up, and returns what it said. */
async function provoke({ tool }: Target, bytes: string | Uint8Array): Promise<string> {
  using client = await RawClient.connect(tool.endpoint);
  await client.send(bytes);
  await client.endSending();
  return await client.readToEnd();
}

/** Requests that make no sense, and the status of each. */
function badRequests({ protocol, request, fields }: Target): Record<string, [string, number]> {
  const version = `${protocol}/1.0`;
  const manyFields = Array.from({ length: 100 }, (_, i) => `Field-${i}: x\r\n`).join("");
  const otherVersions = ["2.0", "1.1", "0.9", "10.0"].map((number): [string, [string, number]] => [
    `version ${number}`,
    [`${request} ${protocol}/${number}\r\n${fields}\r\n`, 505],
  ]);
  const badNumbers = ["1e3", "-1", "0", "99999999999", "0x1f", "1.0", "NaN", "../1", ""].map(
    (number): [string, [string, number]] => [
      `number "${number}"`,
      [`GET RFC ${number} ${version}\r\n${fields}\r\n`, 400],
    ],
  );
  return {
    "no request": [`nonsense\r\n\r\n`, 400],
    "HTTP": ["GET / HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    "no version": [`${request}\r\n${fields}\r\n`, 400],
    "no number in the version": [`${request} ${protocol}\r\n${fields}\r\n`, 400],
    "an unknown word": [`FETCH RFC 1 ${version}\r\n${fields}\r\n`, 400],
    "a field without a colon": [`${request} ${version}\r\n${fields}nonsense\r\n\r\n`, 400],
    "NUL": [`${request} ${version}\r\n${fields}A: \0\r\n\r\n`, 400],
    "an escape": [`${request} ${version}\r\n${fields}A: \x1b[2J\r\n\r\n`, 400],
    "too many fields": [`${request} ${version}\r\n${fields}${manyFields}\r\n`, 400],
    ...Object.fromEntries([...otherVersions, ...badNumbers]),
  };
}

/** Fields that only some requests need, each wrong. */
const badFields: Record<string, Record<string, string>> = {
  ci_server: {
    "no host": "Port: 1\r\nTitle: T\r\n",
    "no port": "Host: h\r\nTitle: T\r\n",
    "no title": "Host: h\r\nPort: 1\r\n",
    "port 0": "Host: h\r\nPort: 0\r\nTitle: T\r\n",
    "port 65536": "Host: h\r\nPort: 65536\r\nTitle: T\r\n",
    "port 1e3": "Host: h\r\nPort: 1e3\r\nTitle: T\r\n",
    "port -1": "Host: h\r\nPort: -1\r\nTitle: T\r\n",
    "a host with blanks": "Host: a b\r\nPort: 1\r\nTitle: T\r\n",
    "a host without an end": `Host: ${"h".repeat(300)}\r\nPort: 1\r\nTitle: T\r\n`,
    "a title without an end": `Host: h\r\nPort: 1\r\nTitle: ${"T".repeat(2_000)}\r\n`,
  },
  rs: {
    "no host": "Port: 1\r\n",
    "no port": "Host: h\r\n",
    "port 99999999999": "Host: h\r\nPort: 99999999999\r\n",
  },
  peer: {},
};

for (const [name, start] of Object.entries(targets)) {
  Deno.test({
    name: `${name} refuses what makes no sense, logs one line for it, and serves on`,
    ...withTools,
    async fn(t) {
      await using target = await start();
      const { tool, protocol, request } = target;
      const bad = badRequests(target);
      for (const [what, fields] of Object.entries(badFields[name]!)) {
        bad[what] = [`${request} ${protocol}/1.0\r\n${fields}\r\n`, 400];
      }
      let lines = tool.stderr.lines.length;
      for (const [what, [bytes, status]] of Object.entries(bad)) {
        await t.step(what, async () => {
          const phrase = status === 400 ? "Bad Request" : `${protocol} Version Not Supported`;
          assert.equal(
            await provoke(target, bytes),
            `${protocol}/1.0 ${status} ${phrase}\r\n\r\n`,
          );
          assert.match(await tool.stderr.line(/./, ++lines), new RegExp(`: ${status}: Cannot `));
          await assertServed(target);
        });
      }
      assert.equal(tool.stderr.lines.length, lines);
    },
  });

  Deno.test({
    name: `${name} hangs up on what has no end or no text, and serves on`,
    ...withTools,
    async fn(t) {
      await using target = await start();
      const { tool, protocol, request } = target;
      const refusal = `${protocol}/1.0 400 Bad Request\r\n\r\n`;
      await t.step("a line past its limit", async () => {
        assert.equal(await provoke(target, "x".repeat(10_000)), refusal);
        await assertServed(target);
      });
      await t.step("a head past its limit", async () => {
        const fields = `A: ${"b".repeat(1_000)}\r\n`.repeat(40);
        assert.equal(await provoke(target, `${request} ${protocol}/1.0\r\n${fields}`), refusal);
        await assertServed(target);
      });
      await t.step("headers without an end", async () => {
        using client = await RawClient.connect(tool.endpoint);
        await client.send(`${request} ${protocol}/1.0\r\n`);
        const someHeaders = "A: b\r\n".repeat(10_000);
        await assert.rejects(async () => {
          for (;;) await client.send(someHeaders);
        });
        await assertServed(target);
      });
      await t.step("bytes that are no text", async () => {
        const bytes = Uint8Array.from({ length: 4_000 }, (_, i) => 128 + (i * 37) % 128);
        const closing = new TextEncoder().encode("\r\n\r\n");
        assert.equal(await provoke(target, Uint8Array.of(...bytes, ...closing)), refusal);
        await assertServed(target);
      });
      await t.step("every byte there is, many times", async () => {
        const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 7919) >> 3);
        // It may hang up before all is sent, which takes what it said with it.
        await provoke(target, bytes).catch(() => "");
        await assertServed(target);
      });
      await t.step("half a request", async () => {
        // The end of the connection ends a request, and the reply has as many blank lines as that had.
        const form = name === "rs" ? refusal : refusal.slice(0, -2);
        assert.equal(await provoke(target, `${request} ${protocol}/1.0\r\nHos`), form);
        await assertServed(target);
      });
      await t.step("nothing", async () => {
        assert.equal(await provoke(target, ""), "");
        await assertServed(target);
      });
      assert.equal((await tool.stop()).code, 0);
    },
  });

  Deno.test({
    name: `${name} answers a request in one-byte segments`,
    ...withTools,
    async fn() {
      await using target = await start();
      const { tool, protocol, request, fields } = target;
      using client = await RawClient.connect(tool.endpoint);
      for (const byte of `\r\n${request} ${protocol}/1.0\r\n${fields}\r\n`) await client.send(byte);
      assert.match(await client.readHead(), /^P2P-..\/1\.0 200 OK\r\n/);
    },
  });

  Deno.test({
    name: `${name} serves a newcomer while a thousand connections are idle`,
    ...withTools,
    async fn() {
      await using target = await start();
      const idle = await Promise.all(
        Array.from({ length: 1_000 }, () => RawClient.connect(target.tool.endpoint)),
      );
      try {
        for (let i = 0; i < 10; i++) await assertServed(target);
      } finally {
        for (const client of idle) client.close();
      }
    },
  });

  Deno.test({
    name: `${name} ends in good order although clients hang on to it`,
    ...withTools,
    async fn() {
      await using target = await start();
      const { tool, protocol, request } = target;
      using idle = await RawClient.connect(tool.endpoint);
      using half = await RawClient.connect(tool.endpoint);
      await half.send(`${request} ${protocol}/1.0\r\n`);
      await assertServed(target);
      const { code } = await tool.stop("SIGTERM");
      assert.equal(code, 0);
      assert.deepEqual([await idle.readToEnd(), await half.readToEnd()], ["", ""]);
    },
  });
}

Deno.test({
  name: "ci_server serves others while a client asks on and on and never reads",
  ...withTools,
  async fn() {
    await using target = await targets.ci_server!();
    using holder = await RawClient.connect(target.tool.endpoint);
    const title = "T".repeat(1_000);
    for (let number = 1; number <= 500; number++) {
      await holder.send(
        `ADD RFC ${number} P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\nTitle: ${title}\r\n\r\n`,
      );
      await holder.readHead();
      await holder.readHead();
    }
    using greedy = await RawClient.connect(target.tool.endpoint);
    // Each answer has half a million bytes: far more than the sockets between them hold.
    await greedy.send("LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n".repeat(200));
    assert.match(await greedy.readHead(), /200 OK/);
    for (let i = 0; i < 20; i++) await assertServed(target);
    assert.equal((await target.tool.stop()).code, 0);
  },
});
