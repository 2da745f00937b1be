import assert from "node:assert/strict";
import { join } from "node:path";
import { FileError } from "../../lib/files/file_error.ts";
import { PartFile } from "../../lib/files/part_file.ts";
import { type Download, download } from "../../lib/roles/downloader.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import type { Finder } from "../../lib/roles/finder.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentBuffer } from "../helpers/document_buffer.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSockets, withSocketsAndFiles } from "../helpers/permissions.ts";
import { answering, ScriptedServer } from "../helpers/scripted_server.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const text = documentText(1, "Host Software");

/** Knows these holders. */
function finderOf(...holders: readonly Endpoint[]): Finder {
  return {
    async *holders() {
      for (const { host, port } of holders) yield { host, port, protocol: "P2P-CI" };
    },
  };
}

/** Cannot be asked. */
const brokenFinder: Finder = {
  // deno-lint-ignore require-yield -- it fails before it has found anybody
  async *holders() {
    throw new Error("no such server");
  },
};

/** A download into memory, its failures and targets noted down. */
class Attempt {
  readonly reasons: string[] = [];
  readonly targets: DocumentBuffer[] = [];

  run(finders: readonly Finder[], more: Partial<Download> = {}) {
    return download({
      number: 1,
      finders,
      createTarget: () => {
        const target = new DocumentBuffer();
        this.targets.push(target);
        return Promise.resolve(target);
      },
      options: { os: "Linux" },
      failed: (reason) => this.reasons.push(reason),
      ...more,
    });
  }
}

Deno.test({
  name: "download tries one holder after another until one gives the document whole",
  ...withSocketsAndFiles,
  async fn() {
    using gone = await ClosedPort.take();
    await using without = await DocumentServer.start({});
    await using cutting = new ScriptedServer(
      answering("P2P-CI/1.0 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it"),
    );
    await using whole = await DocumentServer.start({ 1: text });
    const unneeded = new ScriptedServer(() => Promise.resolve());
    const attempt = new Attempt();
    const holders = [gone, without, cutting, whole, unneeded].map(({ endpoint }) => endpoint);
    const { holder, bytes } = await attempt.run([finderOf(...holders)]);
    assert.equal(holder.port, whole.endpoint.port);
    assert.equal(bytes, text.length);
    assert.deepEqual(
      attempt.reasons.map((reason) => /refused|404|ended after/.exec(reason)?.[0]),
      ["refused", "404", "ended after"],
    );
    assert.equal(attempt.targets.at(-1)?.text, text);
    assert.deepEqual(attempt.targets.map(({ finished }) => finished), [false, false, false, true]);
    assert.ok(attempt.targets.every(({ disposed }) => disposed));
    assert.equal(unneeded.connections, 0);
    await unneeded[Symbol.asyncDispose]();
  },
});

Deno.test({
  name: "download asks a holder that two finders name once",
  ...withSockets,
  async fn() {
    await using refusing = new ScriptedServer(answering("P2P-CI/1.0 404 Not Found\r\n\r\n"));
    const finder = finderOf(refusing.endpoint);
    const attempt = new Attempt();
    await assert.rejects(attempt.run([finder, finder]), {
      name: "NotDownloadedError",
      message: /^Cannot get RFC 1: no holder gave it \(127\.0\.0\.1:\d+ answered 404 Not Found\)$/,
    });
    assert.equal(refusing.connections, 1);
  },
});

Deno.test({
  name: "download says that nobody has the document",
  permissions: "none",
  async fn() {
    await assert.rejects(new Attempt().run([finderOf(), finderOf()]), {
      name: "NotDownloadedError",
      message: "Cannot get RFC 1: nobody has it",
    });
  },
});

Deno.test({
  name: "download goes on with the next finder when one cannot be asked",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({ 1: text });
    const attempt = new Attempt();
    await attempt.run([brokenFinder, finderOf(server.endpoint)]);
    assert.deepEqual(attempt.reasons, ["no such server"]);
    assert.equal(attempt.targets[0]?.text, text);
  },
});

Deno.test({
  name: "download fails as its first finder when none can be asked",
  permissions: "none",
  async fn() {
    await assert.rejects(
      new Attempt().run([brokenFinder, brokenFinder]),
      /^Error: no such server$/,
    );
  },
});

Deno.test({
  name: "download asks nobody else when the document cannot be stored",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(answering("P2P-CI/1.0 200 OK\r\n\r\nhello"));
    const createTarget = () =>
      Promise.reject(new FileError("write", "rfc1.txt", new Error("No space left on device")));
    const attempt = new Attempt();
    await assert.rejects(
      attempt.run([finderOf(server.endpoint), finderOf(server.endpoint)], { createTarget }),
      { name: "FileError" },
    );
    assert.equal(server.connections, 0);
  },
});

Deno.test({
  name: "download leaves nothing in the folder of what it did not get whole",
  ...withSocketsAndFiles,
  async fn() {
    using temporary = new TemporaryFolder();
    const target = join(temporary.path, "rfc1.txt");
    await using cutting = new ScriptedServer(
      answering("P2P-CI/1.0 200 OK\r\nContent-Length: 1000\r\n\r\nhalf of it"),
    );
    const createTarget = () => PartFile.create(target);
    const attempt = new Attempt();
    await assert.rejects(attempt.run([finderOf(cutting.endpoint)], { createTarget }));
    assert.deepEqual(temporary.names(), []);
  },
});

Deno.test({
  name: "download ends with its signal and tries nobody else",
  ...withSockets,
  async fn() {
    const abort = new AbortController();
    await using first = new ScriptedServer(async (client) => {
      await client.readHead();
      abort.abort();
      await client.readToEnd();
    });
    await using second = new ScriptedServer(answering("P2P-CI/1.0 200 OK\r\n\r\nhello"));
    const attempt = new Attempt();
    const finder = finderOf(first.endpoint, second.endpoint);
    const options = { os: "Linux", signal: abort.signal };
    await assert.rejects(attempt.run([finder], { options }), { name: "ConnectionLostError" });
    assert.equal(second.connections, 0);
    assert.equal(attempt.targets[0]?.disposed, true);
  },
});
