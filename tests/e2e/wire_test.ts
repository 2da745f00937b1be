/**
 * The bytes of the course's handout, sent to the tools by a plain socket.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { withTools } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";
import type { ToolProcess } from "../helpers/tool_process.ts";
import { startCiServer, startPeer, startRs } from "../helpers/tools.ts";

/** Sends one request and reads to the end of the connection. */
async function exchange(server: ToolProcess, request: string): Promise<string> {
  using client = await RawClient.connect(server.endpoint);
  await client.send(request);
  return await client.readToEnd();
}

Deno.test({
  name: "ci_server answers the handout's requests byte for byte, on one connection",
  ...withTools,
  async fn() {
    await using server = await startCiServer();
    using client = await RawClient.connect(server.endpoint);
    const ask = async (request: string, reply: string) => {
      await client.send(request);
      assert.equal(await client.read(reply.length), reply);
    };
    await ask(
      "LIST ALL P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n\r\n",
      "P2P-CI/1.0 200 OK\r\n\r\n\r\n",
    );
    await ask(
      "ADD RFC 123 P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n" +
        "Title: A Proferred Official ICP\r\n\r\n",
      "P2P-CI/1.0 200 OK\r\n\r\n" +
        "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678\r\n\r\n",
    );
    await ask(
      "ADD RFC 2345 P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n" +
        "Title: Domain Names and Company Name Retrieval\r\n\r\n",
      "P2P-CI/1.0 200 OK\r\n\r\n" +
        "RFC 2345 Domain Names and Company Name Retrieval thishost.csc.ncsu.edu 5678\r\n\r\n",
    );
    await ask(
      "LOOKUP RFC 3457 P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n" +
        "Title: Requirements for IPsec Remote Access Scenarios\r\n\r\n",
      "P2P-CI/1.0 404 Not Found\r\n\r\n",
    );
    await ask(
      "LOOKUP RFC 123 P2P-CI/1.0\r\nHost: otherhost\r\nPort: 1\r\nTitle: whatever\r\n\r\n",
      "P2P-CI/1.0 200 OK\r\n\r\n" +
        "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678\r\n\r\n",
    );
    await ask(
      "LIST ALL P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n\r\n",
      "P2P-CI/1.0 200 OK\r\n\r\n" +
        "RFC 2345 Domain Names and Company Name Retrieval thishost.csc.ncsu.edu 5678\r\n" +
        "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678\r\n\r\n",
    );
    await ask(
      "LIST ALL P2P-CI/2.0\r\nHost: thishost.csc.ncsu.edu\r\nPort: 5678\r\n\r\n",
      "P2P-CI/1.0 505 P2P-CI Version Not Supported\r\n\r\n",
    );
    await ask(
      "FETCH RFC 123 P2P-CI/1.0\r\nHost: thishost.csc.ncsu.edu\r\n\r\n",
      "P2P-CI/1.0 400 Bad Request\r\n\r\n",
    );
  },
});

for (const protocol of ["P2P-CI", "P2P-DI"]) {
  Deno.test({
    name: `peer answers the handout's GET by ${protocol} byte for byte, then closes`,
    ...withTools,
    async fn() {
      using folder = new TemporaryFolder();
      const text = "A document of 42 bytes, to the very byte.\n\n";
      const path = folder.write("rfc1234.txt", text);
      const modified = new Date(Date.UTC(2009, 0, 21, 9, 23, 46));
      Deno.utimeSync(path, modified, modified);
      await using server = await startCiServer();
      await using peer = await startPeer(folder.path, ["--ci", server.address]);
      const reply = await exchange(
        peer,
        `GET RFC 1234 ${protocol}/1.0\r\nHost: somehost.csc.ncsu.edu\r\nOS: Mac OS 10.4.1\r\n\r\n`,
      );
      const httpDate = /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT/;
      const [, date] = /\r\nDate: (.*)\r\n/.exec(reply)!;
      assert.match(date!, httpDate);
      const [, os] = /\r\nOS: (.+)\r\n/.exec(reply)!;
      assert.equal(
        reply,
        `${protocol}/1.0 200 OK\r\nDate: ${date}\r\nOS: ${os}\r\n` +
          "Last-Modified: Wed, 21 Jan 2009 09:23:46 GMT\r\n" +
          `Content-Length: ${text.length}\r\nContent-Type: text/plain\r\n\r\n${text}`,
      );
      assert.equal(
        await exchange(peer, `GET RFC 1235 ${protocol}/1.0\r\nHost: h\r\nOS: x\r\n\r\n`),
        `${protocol}/1.0 404 Not Found\r\n\r\n`,
      );
      assert.equal(
        await exchange(peer, `GET RFC 1234 ${protocol}/2.0\r\nHost: h\r\nOS: x\r\n\r\n`),
        `${protocol}/1.0 505 ${protocol} Version Not Supported\r\n\r\n`,
      );
    },
  });
}

Deno.test({
  name: "rs answers each request of a peer's life on a connection of its own, and closes it",
  ...withTools,
  async fn() {
    await using server = await startRs("--ttl", "600");
    const registered = await exchange(
      server,
      "Register P2P-DI/1.0\r\nHost: one.example.org\r\nPort: 65450\r\nOS: Linux\r\n\r\n",
    );
    const [, cookie] =
      /^P2P-DI\/1\.0 200 OK\r\nDate: .+ GMT\r\nCookie: (\d{1,19})\r\nTTL: 600\r\n\r\n$/.exec(
        registered,
      )!;
    const query = "PQuery P2P-DI/1.0\r\nHost: one.example.org\r\n";
    const own = `Host: one.example.org\r\nCookie: ${cookie}\r\n\r\n`;
    assert.equal(
      await exchange(server, `PQuery P2P-DI/1.0\r\n${own}`),
      "P2P-DI/1.0 404 Not Found\r\n\r\n",
    );
    const line = "one.example.org 65450\r\n";
    assert.equal(
      await exchange(server, `${query}\r\n`),
      `P2P-DI/1.0 200 OK\r\nContent-Length: ${line.length}\r\n\r\n${line}`,
    );
    assert.equal(
      await exchange(server, `KeepAlive P2P-DI/1.0\r\n${own}`),
      "P2P-DI/1.0 200 OK\r\nTTL: 600\r\n\r\n",
    );
    assert.equal(
      await exchange(server, `KeepAlive P2P-DI/1.0\r\nHost: one.example.org\r\nCookie: 1\r\n\r\n`),
      "P2P-DI/1.0 403 Forbidden\r\n\r\n",
    );
    assert.equal(await exchange(server, `Leave P2P-DI/1.0\r\n${own}`), "P2P-DI/1.0 200 OK\r\n\r\n");
    assert.equal(await exchange(server, `${query}\r\n`), "P2P-DI/1.0 404 Not Found\r\n\r\n");
  },
});

Deno.test({
  name: "peer answers GET RFC-Index byte for byte",
  ...withTools,
  async fn() {
    using folder = new TemporaryFolder();
    folder.write("rfc1234.txt", "untitled");
    await using server = await startRs();
    await using peer = await startPeer(folder.path, ["--rs", server.address]);
    const line = `RFC 1234 Untitled 127.0.0.1 ${peer.endpoint.port} 7200\r\n`;
    assert.equal(
      await exchange(peer, "GET RFC-Index P2P-DI/1.0\r\nHost: h\r\nOS: x\r\n\r\n"),
      `P2P-DI/1.0 200 OK\r\nContent-Length: ${line.length}\r\n\r\n${line}`,
    );
    Deno.removeSync(join(folder.path, "rfc1234.txt"));
    await peer.stdout.line(/^withdrew RFC 1234/);
    assert.equal(
      await exchange(peer, "GET RFC-Index P2P-DI/1.0\r\nHost: h\r\nOS: x\r\n\r\n"),
      "P2P-DI/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
    );
  },
});
