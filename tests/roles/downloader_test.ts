import assert from "node:assert/strict";
import { FileError } from "../../lib/files/file_error.ts";
import { maxActiveDocuments } from "../../lib/roles/downloader.ts";
import type { Finder } from "../../lib/roles/finder.ts";
import { Brought, finderOf } from "../helpers/brought.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { answering, ScriptedServer } from "../helpers/scripted_server.ts";

const text = documentText(1, "Host Software");

/** Cannot be asked. */
const brokenFinder: Finder = {
  // deno-lint-ignore require-yield -- it fails before it has found anybody
  async *holders() {
    throw new Error("no such server");
  },
};

Deno.test({
  name: "Downloader tries one holder after another until one gives the document whole",
  ...withSocketsAndFiles,
  async fn() {
    using gone = await ClosedPort.take();
    await using without = await DocumentServer.start({});
    await using cutting = new ScriptedServer(
      answering("P2P-CI/1.0 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it"),
    );
    await using whole = await DocumentServer.start({ 1: text });
    using brought = new Brought();
    const holders = [gone, without, cutting, whole].map(({ endpoint }) => endpoint);
    const { downloads, passed, failures } = await brought.from(holders);
    assert.deepEqual(downloads[0]?.sources, [{ ...whole.endpoint, bytes: text.length }]);
    assert.equal(downloads[0]?.verified, true);
    assert.equal(brought.text(1), text);
    assert.deepEqual(passed.map((each) => /refused|answered 404|ended after/.exec(each)?.[0]), [
      "refused",
      "answered 404",
      "ended after",
    ]);
    assert.deepEqual(failures, []);
    assert.deepEqual(brought.parts, []);
  },
});

Deno.test({
  name: "Downloader asks a holder in other forms that refuses the given one",
  ...withSocketsAndFiles,
  async fn() {
    const refusing = answering("P2P-CI/1.0 505 P2P-CI Version Not Supported\n");
    await using holder = new ScriptedServer(refusing, refusing, async (client) => {
      await client.read("GET RFC 1 P2P-CI/1.0\n".length);
      await client.send(`P2P-CI/1.0 200 OK\nContent-Length: ${text.length}\n${text}`);
    });
    using brought = new Brought();
    const { downloads } = await brought.from([holder.endpoint]);
    assert.equal(downloads.length, 1);
    assert.equal(brought.text(1), text);
  },
});

Deno.test({
  name: "Downloader asks a holder that two finders name once",
  ...withSocketsAndFiles,
  async fn() {
    await using refusing = new ScriptedServer(answering("P2P-CI/1.0 404 Not Found\r\n\r\n"));
    const finder = finderOf(refusing.endpoint);
    using brought = new Brought();
    const { failures } = await brought.from([], [1], { finders: [finder, finder] });
    assert.match(
      failures.join(),
      /^Cannot get RFC 1: no holder gave it \(127\.0\.0\.1:\d+ answered 404 Not Found\)$/,
    );
    assert.equal(refusing.connections, 1);
  },
});

Deno.test({
  name: "Downloader says that nobody has the document",
  ...withSocketsAndFiles,
  async fn() {
    using brought = new Brought();
    const { failures } = await brought.from([], [1, 2], { finders: [finderOf(), finderOf()] });
    assert.deepEqual(failures, [
      "Cannot get RFC 1: nobody has it",
      "Cannot get RFC 2: nobody has it",
    ]);
  },
});

Deno.test({
  name: "Downloader goes on with the next finder when one cannot be asked",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: text });
    using brought = new Brought();
    const finders = [brokenFinder, finderOf(server.endpoint)];
    const { passed } = await brought.from([], [1], { finders });
    assert.deepEqual(passed, ["1: no such server"]);
    assert.equal(brought.text(1), text);
  },
});

Deno.test({
  name: "Downloader fails as its last finder when none can be asked",
  ...withSocketsAndFiles,
  async fn() {
    using brought = new Brought();
    await assert.rejects(
      brought.from([], [1, 2, 3], { finders: [brokenFinder, brokenFinder] }),
      /^Error: no such server$/,
    );
  },
});

Deno.test({
  name: "Downloader asks nobody else when the document cannot be stored",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: text });
    await using other = new ScriptedServer(answering("P2P-CI/1.0 200 OK\r\n\r\nhello"));
    const full = new FileError("write", "rfc1.txt", new Error("No space left on device"));
    using brought = new Brought();
    await assert.rejects(
      brought.from([server.endpoint, other.endpoint], [1], {
        store: { open: () => Promise.reject(full), findEarlier: () => undefined },
      }),
      { name: "FileError" },
    );
    assert.equal(other.connections, 0);
  },
});

Deno.test({
  name: "Downloader looks for no further document when one cannot be stored",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: text });
    const asked: number[] = [];
    const finder: Finder = {
      holders(number) {
        asked.push(number);
        return finderOf(...(number === 1 ? [server.endpoint] : [])).holders(number);
      },
    };
    const silent: Finder = {
      async *holders(number) {
        if (number > 1) await ended.promise;
        yield* [];
      },
    };
    const ended = Promise.withResolvers<void>();
    const full = new FileError("write", "rfc1.txt", new Error("No space left on device"));
    const numbers = Array.from({ length: maxActiveDocuments + 5 }, (_, i) => i + 1);
    using brought = new Brought();
    const bringing = brought.from([], numbers, {
      finders: [finder, silent],
      store: { open: () => Promise.reject(full), findEarlier: () => undefined },
    });
    await assert.rejects(bringing, { name: "FileError" });
    ended.resolve();
    await new Promise((soon) => setTimeout(soon));
    assert.deepEqual(asked, numbers.slice(0, maxActiveDocuments));
  },
});

Deno.test({
  name: "Downloader ends with its signal and tries nobody else",
  ...withSocketsAndFiles,
  async fn() {
    const abort = new AbortController();
    await using first = new ScriptedServer(async (client) => {
      await client.readHead();
      abort.abort();
      await client.readToEnd();
    });
    await using second = new ScriptedServer(answering("P2P-CI/1.0 200 OK\r\n\r\nhello"));
    using brought = new Brought();
    const client = { os: "Linux", signal: abort.signal };
    const log = await brought.from([first.endpoint, second.endpoint], [1], { client });
    assert.equal(second.connections, 0);
    assert.deepEqual([log.failures, log.downloads, log.passed], [[], [], []]);
    assert.deepEqual([brought.documents, brought.parts], [[], []]);
  },
});
