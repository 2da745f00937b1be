/**
 * Documents that change on disk while they are served: what was begun ends short, and nothing follows it.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { OpenDocument } from "../../lib/files/open_document.ts";
import { type HeldPart, HeldParts, SentDocument } from "../../lib/roles/sent_document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withFiles, withSocketsAndFiles } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

/** More than the buffers of both sockets take, so that the rest is read after the change. */
const size = 67_108_864;
const before = "a".repeat(size);

/** Changes that leave a file of the same name, told from each other by bytes and time. */
const changes: Readonly<Record<string, (path: string) => void>> = {
  "is written over": (path) => {
    using file = Deno.openSync(path, { write: true });
    file.writeSync(new TextEncoder().encode("b".repeat(100)));
    file.seekSync(size - 100, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode("b".repeat(100)));
    Deno.utimeSync(path, 1, 1);
  },
  "is cut": (path) => Deno.truncateSync(path, 1_000),
  "grows": (path) => Deno.writeTextFileSync(path, "b", { append: true }),
};

const requests: Readonly<Record<string, readonly [protocol: string, fields: string]>> = {
  "in the given form": ["P2P-CI", ""],
  "in the given form of P2P-DI": ["P2P-DI", ""],
  "on a kept connection": ["P2P-CI", "Connection: keep-alive\r\n"],
  "in a range": ["P2P-DI", `Connection: keep-alive\r\nRange: bytes=10-${size - 10}\r\n`],
};

for (const [what, [protocol, fields]] of Object.entries(requests)) {
  Deno.test({
    name: `RfcServer ends short a document that is asked for ${what} and changes meanwhile`,
    ...withSocketsAndFiles,
    async fn() {
      await using server = await DocumentServer.start({ 1: "" });
      const path = join(server.temporary.path, "rfc1.txt");
      for (const [how, change] of Object.entries(changes)) {
        Deno.writeTextFileSync(path, before);
        using client = await RawClient.connect(server.endpoint);
        const request = `GET RFC 1 ${protocol}/1.0\r\nHost: h\r\nOS: x\r\n${fields}\r\n`;
        await client.send(request + request);
        const head = await client.readHead();
        const stated = Number(/^Content-Length: (\d+)$/m.exec(head)?.[1]);
        assert.ok(stated > size - 100);
        change(path);
        let body = "";
        try {
          for (let chunk; (chunk = await client.read(1_048_576)) !== "";) body += chunk;
        } catch {
          // Reset, as the second request was not read.
        }
        assert.ok(body.length < stated, `${how}: ${body.length} of ${stated}`);
        assert.equal(body.replaceAll("a", ""), "", how);
      }
    },
  });
}

Deno.test({
  name: "RfcServer sends the bytes of a part that its digest is of",
  ...withSocketsAndFiles,
  async fn() {
    const text = Array.from({ length: 300_000 }, (_, i) => `${i}\n`).join("");
    await using server = await DocumentServer.start({ 1: text });
    using client = await RawClient.connect(server.endpoint);
    // The first is longer than a part that is held.
    for (
      const [first, last] of [[5, 1_500_000], [5, 5], [7, 1_048_582], [
        text.length - 9,
        text.length - 1,
      ]] as const
    ) {
      await client.send(
        "GET RFC 1 P2P-CI/1.0\r\nHost: h\r\nOS: x\r\nConnection: keep-alive\r\n" +
          `Range: bytes=${first}-${last}\r\nWant-Content-Digest: sha-256=1\r\n\r\n`,
      );
      const head = await client.readHead();
      const part = text.slice(first, last + 1);
      assert.ok(head.includes(`Content-Length: ${part.length}\r\n`));
      assert.ok(await client.read(part.length) === part);
      const digest = createHash("sha256").update(part).digest("base64");
      assert.ok(head.includes(`Content-Digest: sha-256=:${digest}:\r\n`));
    }
  },
});

Deno.test({
  name: "HeldParts keeps a bounded number of bytes, and takes back what is disposed of",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    using document = OpenDocument.open(temporary.write("rfc1.txt", "x".repeat(1_048_577)));
    const held = new HeldParts();
    assert.equal(held.hold(document, { first: 0, last: 1_048_576 }), undefined);
    const piece = { first: 0, last: 1_048_575 };
    const parts: HeldPart[] = [];
    for (let part; (part = held.hold(document, piece)) !== undefined;) parts.push(part);
    assert.equal(parts.length, 32);
    parts[0]?.[Symbol.dispose]();
    using again = held.hold(document, piece);
    assert.equal(again?.bytes.length, 1_048_576);
  },
});

Deno.test({
  name: "SentDocument tells that it was sent when all was, not before",
  ...withFiles,
  fn() {
    using temporary = new TemporaryFolder();
    const document = OpenDocument.open(temporary.write("rfc1.txt", "x".repeat(300_000)));
    let sent = 0;
    using uploading = new DisposableStack();
    const range = document.whole!;
    using held = new HeldParts().hold(document, range);
    using body = new SentDocument({ document, range, held, sent: () => sent++, uploading });
    for (const chunk of body.chunks(new Uint8Array(131_072))) {
      assert.ok(sent === 0 && chunk.length <= 131_072);
    }
    assert.equal(sent, 1);
    assert.equal(body.length, 300_000);
  },
});
