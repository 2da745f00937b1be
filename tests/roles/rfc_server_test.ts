import assert from "node:assert/strict";
import { join } from "node:path";
import { readChunkBytes } from "../../lib/files/open_document.ts";
import { getIndex } from "../../lib/roles/rfc_client.ts";
import { RateLimiter } from "../../lib/net/rate_limiter.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";

const text = documentText(8600, "A Title");
const get = (number: number | string, fields = "") =>
  `GET RFC ${number} P2P-CI/1.0\r\nHost: h\r\nOS: x\r\n${fields}\r\n`;
const notFound = "P2P-CI/1.0 404 Not Found\r\n\r\n";

async function ask({ endpoint }: DocumentServer, request: string): Promise<string> {
  using client = await RawClient.connect(endpoint);
  await client.send(request);
  return await client.readToEnd();
}

Deno.test({
  name: "RfcServer gives a document with the given fields in the given order, then closes",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 8600: text }, {
      now: () => Date.UTC(2009, 1, 12, 15, 12, 5),
    });
    const modified = new Date(Date.UTC(2008, 0, 2, 3, 4, 5));
    Deno.utimeSync(join(server.temporary.path, "rfc8600.txt"), modified, modified);
    assert.equal(
      await ask(server, get(8600)),
      "P2P-CI/1.0 200 OK\r\nDate: Thu, 12 Feb 2009 15:12:05 GMT\r\nOS: Linux\r\n" +
        "Last-Modified: Wed, 02 Jan 2008 03:04:05 GMT\r\n" +
        `Content-Length: ${text.length}\r\nContent-Type: text/plain\r\n\r\n${text}`,
    );
  },
});

Deno.test({
  name: "RfcServer gives what is offered only",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: "one", 2: "two" }, {
      offers: (number) => number === 1,
    });
    assert.match(await ask(server, get(1)), /\r\n\r\none$/);
    assert.equal(await ask(server, get(2)), notFound);
    assert.equal(await ask(server, get(3)), notFound);
  },
});

for (
  const document of [
    "../secret",
    "/etc/passwd",
    "1/../../secret",
    "..%2fsecret",
    "1e3",
    "-1",
    "0",
    "99999999999",
    "rfc1.txt",
    "1\0",
  ]
) {
  Deno.test({
    name: `RfcServer refuses ${JSON.stringify(document)} for the number of a document`,
    ...withSocketsAndFiles,
    async fn() {
      await using server = await DocumentServer.start({ 1: "one" });
      server.temporary.write("secret", "secret");
      assert.equal(await ask(server, get(document)), "P2P-CI/1.0 400 Bad Request\r\n\r\n");
    },
  });
}

Deno.test({
  name: "RfcServer does not follow a link that took a document's place",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: "one" });
    const path = join(server.temporary.path, "rfc1.txt");
    Deno.removeSync(path);
    Deno.symlinkSync(server.temporary.write("secret", "secret"), path);
    assert.equal(await ask(server, get(1)), notFound);
  },
});

Deno.test({
  name:
    "RfcServer sends the document that has the name now, though another that had it was just sent",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: "one" });
    const path = join(server.temporary.path, "rfc1.txt");
    for (const text of ["one", "two, by another file", "three"]) {
      Deno.renameSync(server.temporary.write("new", text), path);
      assert.match(await ask(server, get(1)), new RegExp(`\\r\\n\\r\\n${text}$`));
      assert.match(await ask(server, get(1)), new RegExp(`\\r\\n\\r\\n${text}$`));
    }
  },
});

Deno.test({
  name: "RfcServer says that a document is gone that was removed since the folder was looked at",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: "one" });
    Deno.removeSync(join(server.temporary.path, "rfc1.txt"));
    assert.equal(await ask(server, get(1)), notFound);
  },
});

Deno.test({
  name: "RfcServer does not complete a document that changes while it goes out",
  ...withSocketsAndFiles,
  async fn() {
    const long = "x".repeat(400 * readChunkBytes);
    const uploaded: number[] = [];
    await using server = await DocumentServer.start({ 1: long, 2: "two" }, {
      uploaded: ({ number }) => uploaded.push(number),
    });
    using client = await RawClient.connect(server.endpoint);
    await client.send(get(1));
    const head = await client.readHead();
    assert.match(head, new RegExp(`Content-Length: ${long.length}\r\n`));
    // The client has read nothing of the document, far more than the sockets between them hold.
    Deno.truncateSync(join(server.temporary.path, "rfc1.txt"), 10);
    const got = await client.readToEnd();
    assert.ok(got.length < long.length);
    assert.match(await ask(server, get(2)), /two$/);
    assert.deepEqual(uploaded, [2]);
  },
});

Deno.test({
  name: "RfcServer serves others while a client never reads",
  ...withSocketsAndFiles,
  async fn() {
    const long = "x".repeat(50_000_000);
    await using server = await DocumentServer.start({ 1: long, 2: "two" });
    using greedy = await RawClient.connect(server.endpoint);
    await greedy.send(get(1));
    await greedy.readHead();
    for (let i = 0; i < 20; i++) assert.match(await ask(server, get(2)), /two$/);
  },
});

Deno.test({
  name: "RfcServer gives the parts of a document that add up to it",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: text });
    const middle = Math.floor(text.length / 2);
    const parts = [`0-${middle - 1}`, `${middle}-`];
    const replies = await Promise.all(
      parts.map((part) => ask(server, get(1, `Range: bytes=${part}\r\n`))),
    );
    for (const reply of replies) assert.match(reply, /^P2P-CI\/1\.0 206 Partial Content\r\n/);
    assert.equal(replies.map((reply) => reply.split("\r\n\r\n").at(-1)).join(""), text);
  },
});

Deno.test({
  name: "RfcServer answers both protocols on one kept connection",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: "one" });
    using client = await RawClient.connect(server.endpoint);
    const keep = "Connection: keep-alive\r\n";
    await client.send(
      get(1, keep) + get(1, keep).replace("P2P-CI", "P2P-DI") +
        "GET RFC-Index P2P-DI/1.0\r\nHost: h\r\n\r\n",
    );
    const replies = await client.readToEnd();
    assert.deepEqual(replies.match(/P2P-..\/1\.0 \d+/g), [
      "P2P-CI/1.0 200",
      "P2P-DI/1.0 200",
      "P2P-DI/1.0 200",
    ]);
    const { host, port } = server.endpoint;
    assert.ok(replies.endsWith(`\r\n\r\nRFC 1 Untitled ${host} ${port} 7200\r\n`));
  },
});

Deno.test({
  name: "RfcServer compresses a long list for whoever takes it so, and gives the same records",
  ...withSocketsAndFiles,
  async fn() {
    const documents = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i + 1, `${i}`]));
    await using server = await DocumentServer.start(documents);
    const records: (readonly object[])[] = [];
    for (const trace of [undefined, () => {}]) {
      const taken: object[] = [];
      const options = { os: "Linux", trace };
      await getIndex(server.endpoint, (record) => taken.push(record), options, "detailed");
      records.push(taken);
    }
    assert.equal(records[0]!.length, 20);
    assert.deepEqual(records[0], records[1]);
    const lengthOf = async (fields: string) => {
      const reply = await ask(server, `GET RFC-Index P2P-DI/1.0\r\nHost: h\r\n${fields}\r\n`);
      assert.equal(/Content-Encoding: gzip\r\n/.test(reply), fields.includes("n\r\nAccept-E"));
      return Number(/Content-Length: (\d+)/.exec(reply)?.[1]);
    };
    const accept = "Accept: application/x-ndjson\r\n";
    const coding = "Accept-Encoding: gzip\r\n";
    assert.ok(await lengthOf(accept + coding) < await lengthOf(accept) / 2);
    assert.equal(await lengthOf(coding), await lengthOf(""));
  },
});

/** A link that takes down whom bytes are for. */
class WatchedLimiter extends RateLimiter {
  readonly sharers = new Set<string | undefined>();

  override take(bytes: number, signal?: AbortSignal, sharer?: string): Promise<void> {
    this.sharers.add(sharer);
    return super.take(bytes, signal, sharer);
  }
}

for (
  const [fairBetween, isMeant] of [
    [undefined, /^127\.0\.0\.1$/],
    ["addresses", /^127\.0\.0\.1$/],
    ["connections", /^127\.0\.0\.1:\d+$/],
  ] as const
) {
  Deno.test({
    name: `RfcServer shares its uplink fairly between ${fairBetween ?? "addresses if not told"}`,
    ...withSocketsAndFiles,
    async fn() {
      const uploadLimiter = new WatchedLimiter({ bytesPerSecond: 1_000_000_000 });
      await using server = await DocumentServer.start({ 1: "one" }, { uploadLimiter, fairBetween });
      for (let i = 0; i < 2; i++) {
        using client = await RawClient.connect(server.endpoint);
        await client.send("GET RFC 1 P2P-CI/1.0\r\nHost: h\r\nOS: Linux\r\n\r\n");
        await client.readHead();
      }
      assert.equal(uploadLimiter.sharers.size, fairBetween === "connections" ? 2 : 1);
      for (const sharer of uploadLimiter.sharers) assert.match(sharer!, isMeant);
    },
  });
}
