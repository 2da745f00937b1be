import assert from "node:assert/strict";
import { Connection } from "../../lib/net/connection.ts";
import { smallBufferBytes } from "../../lib/net/send_buffers.ts";
import { givenDialect } from "../../lib/protocol/dialect.ts";
import { answerHead, type DocumentBody } from "../../lib/roles/answer.ts";
import { ReplySender } from "../../lib/roles/reply_sender.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback } from "../helpers/raw_client.ts";

/** Both ends of a connection: one to send on, and what arrives at the other, write by write as it is read. */
async function pair(): Promise<{ connection: Connection; far: Deno.TcpConn } & Disposable> {
  const listener = Deno.listen({ hostname: loopback.host, port: 0 });
  const { port } = listener.addr;
  const [far, near] = await Promise.all([
    Deno.connect({ hostname: loopback.host, port }),
    listener.accept(),
  ]);
  listener.close();
  const connection = new Connection(near);
  return {
    connection,
    far,
    [Symbol.dispose]() {
      connection.close();
      far.close();
    },
  };
}

async function readOnce(far: Deno.TcpConn): Promise<string> {
  const bytes = new Uint8Array(65_536);
  return new TextDecoder().decode(bytes.subarray(0, await far.read(bytes) ?? 0));
}

async function readToEnd(far: Deno.TcpConn): Promise<string> {
  let text = "";
  for (let part; (part = await readOnce(far)) !== "";) text += part;
  return text;
}

class TextDocument implements DocumentBody {
  disposed = false;

  constructor(readonly text: string) {}

  get length(): number {
    return this.text.length;
  }

  *chunks(buffer: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < this.length; at += buffer.length) {
      const { written } = new TextEncoder().encodeInto(this.text.slice(at), buffer);
      yield buffer.subarray(0, written);
    }
  }

  [Symbol.dispose](): void {
    this.disposed = true;
  }
}

const notFound = answerHead("P2P-CI", 404, [], true);
const notFoundText = "P2P-CI/1.0 404 Not Found\r\n\r\n";
const ok = { protocol: "P2P-CI", status: 200, fields: [] } as const;

Deno.test({
  name: "ReplySender sends short replies together, when told to",
  ...withSockets,
  async fn() {
    using ends = await pair();
    const sender = new ReplySender(ends.connection, undefined);
    assert.equal(sender.send(notFound, givenDialect), undefined);
    assert.equal(sender.send(notFound, givenDialect), undefined);
    await sender.flush();
    assert.equal(sender.flush(), undefined);
    assert.equal(await readOnce(ends.far), notFoundText.repeat(2));
  },
});

Deno.test({
  name: "ReplySender sends a document behind its head and what waited, in one write",
  ...withSockets,
  async fn() {
    using ends = await pair();
    const sender = new ReplySender(ends.connection, undefined);
    const document = new TextDocument("the document");
    assert.equal(sender.send(notFound, givenDialect), undefined);
    await sender.send(
      { message: { ...ok, documentBytes: document.length }, document, keepOpen: false },
      givenDialect,
    );
    assert.equal(
      await readOnce(ends.far),
      `${notFoundText}P2P-CI/1.0 200 OK\r\n\r\nthe document`,
    );
    assert.ok(document.disposed);
  },
});

for (
  const [what, document] of [
    ["is empty", new TextDocument("")],
    ["needs many buffers", new TextDocument("0123456789".repeat(100_000))],
  ] as const
) {
  Deno.test({
    name: `ReplySender sends a document that ${what}`,
    ...withSockets,
    async fn() {
      using ends = await pair();
      const sender = new ReplySender(ends.connection, undefined);
      const reading = readToEnd(ends.far);
      await sender.send(
        { message: { ...ok, documentBytes: document.length }, document, keepOpen: false },
        givenDialect,
      );
      ends.connection.close();
      assert.equal(await reading, `P2P-CI/1.0 200 OK\r\n\r\n${document.text}`);
    },
  });
}

for (const length of [1, smallBufferBytes, 1_000_000]) {
  Deno.test({
    name: `ReplySender sends content of ${length} bytes behind its head`,
    ...withSockets,
    async fn() {
      using ends = await pair();
      const sender = new ReplySender(ends.connection, undefined);
      const reading = readToEnd(ends.far);
      const content = [new Uint8Array(length).fill(65), new Uint8Array(3).fill(66)];
      await sender.send({ message: { ...ok, content }, keepOpen: false }, givenDialect);
      ends.connection.close();
      assert.equal(await reading, `P2P-CI/1.0 200 OK\r\n\r\n${"A".repeat(length)}BBB`);
    },
  });
}

Deno.test({
  name: "ReplySender tells of each message as it was sent, and of a list's parts as of one",
  ...withSockets,
  async fn() {
    using ends = await pair();
    const told: [string, boolean | undefined][] = [];
    const sender = new ReplySender(ends.connection, ({ bytes, continued }) => {
      told.push([new TextDecoder().decode(bytes), continued]);
    });
    sender.send(notFound, givenDialect);
    await sender.send(
      { message: { ...ok, content: [new Uint8Array([67])] }, keepOpen: true },
      givenDialect,
    );
    assert.deepEqual(told, [
      [notFoundText, false],
      ["P2P-CI/1.0 200 OK\r\n\r\n", false],
      ["C", true],
    ]);
  },
});
