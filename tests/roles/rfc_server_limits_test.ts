import assert from "node:assert/strict";
import { RateLimiter } from "../../lib/net/rate_limiter.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";

const text = documentText(8600, "A Title");
/** Far more than the sockets between two ends hold, so that its upload lasts until it is read. */
const long = "x".repeat(50_000_000);

const get = (number: number, fields = "") =>
  `GET RFC ${number} P2P-CI/1.0\r\nHost: h\r\nOS: x\r\n${fields}\r\n`;

async function ask({ endpoint }: DocumentServer, request: string): Promise<RawClient> {
  const client = await RawClient.connect(endpoint);
  await client.send(request);
  return client;
}

/** A client to whom the long document goes out, and takes up a slot until it is read. */
async function takeSlot(server: DocumentServer): Promise<RawClient> {
  const client = await ask(server, get(1));
  assert.match(await client.readHead(), /^P2P-CI\/1\.0 200 OK\r\n/);
  return client;
}

Deno.test({
  name: "RfcServer whose slots are taken says when to come again, to those who ask for extensions",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: long, 2: text }, { maxUploads: 1 });
    using slow = await takeSlot(server);
    using client = await ask(server, get(2, "Connection: keep-alive\r\n"));
    assert.equal(
      await client.readHead(),
      "P2P-CI/1.0 503 Service Unavailable\r\nRetry-After: 1\r\n" +
        "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n",
    );
    await client.send(get(3, "Connection: keep-alive\r\n"));
    assert.match(await client.readHead(), /^P2P-CI\/1\.0 404 Not Found\r\n/);
    await client.send(get(2, "If-None-Match: *\r\nConnection: keep-alive\r\n"));
    assert.match(await client.readHead(), /^P2P-CI\/1\.0 304 Not Modified\r\n/);
    await slow.readToEnd();
    await client.send(get(2, "Want-Content-Digest: sha-256=1\r\n"));
    assert.ok((await client.readToEnd()).endsWith(text));
  },
});

Deno.test({
  name: "RfcServer whose slots are taken lets the others wait, and gives them the given bytes then",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: long, 2: text }, { maxUploads: 1 });
    const given = await (async () => {
      using client = await ask(server, get(2));
      return await client.readToEnd();
    })();
    const dateless = (reply: string) => reply.replace(/^Date: .*\r\n/m, "");
    using slow = await takeSlot(server);
    const waiting = [await ask(server, get(2)), await ask(server, get(2))];
    using gone = await ask(server, get(2));
    gone.close();
    await slow.readToEnd();
    for (const client of waiting) {
      assert.equal(dateless(await client.readToEnd()), dateless(given));
      client.close();
    }
  },
});

Deno.test({
  name: "RfcServer takes a slot back from a client that hangs up",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: long, 2: text }, { maxUploads: 1 });
    const slow = await takeSlot(server);
    using waiting = await ask(server, get(2));
    slow.close();
    assert.ok((await waiting.readToEnd()).endsWith(text));
  },
});

Deno.test({
  name: "RfcServer with a limit of speed gives two downloads as much each at any moment",
  ...withSocketsAndFiles,
  async fn() {
    const uploadLimiter = new RateLimiter({ bytesPerSecond: 4_194_304 });
    await using server = await DocumentServer.start({ 1: long }, { uploadLimiter });
    using first = await ask(server, get(1));
    using second = await ask(server, get(1));
    const got = [0, 0];
    /** What each had when both had begun. */
    let begun: readonly number[] | undefined;
    const sinceBegun = () =>
      got.map((bytes, i) => bytes - (begun?.[i] ?? bytes)) as [number, number];
    const isEnough = () => sinceBegun()[0] + sinceBegun()[1] >= 1_000_000;
    const count = async (client: RawClient, i: number) => {
      while (!isEnough()) {
        got[i]! += (await client.read(4_096)).length;
        if (begun === undefined && got.every((bytes) => bytes > 0)) begun = [...got];
      }
    };
    await Promise.all([count(first, 0), count(second, 1)]);
    const [a, b] = sinceBegun();
    assert.ok(Math.abs(a - b) <= 4 * uploadLimiter.sliceBytes, `${a} and ${b} bytes`);
  },
});
