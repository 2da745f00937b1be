import assert from "node:assert/strict";
import { RateLimiter } from "../../lib/net/rate_limiter.ts";
import { Arrivals } from "../../lib/roles/arrivals.ts";
import { maxWaitingForOne } from "../../lib/roles/crowd.ts";
import { ClosedPort } from "../helpers/closed_port.ts";
import { CrowdPeer, type CrowdSystem, startCrowdServer } from "../helpers/crowd.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const firstNumber = 8_000;
const documents = 30;
const peers = 5;

/** Fast enough for a test, and slow enough that askers find the uplink in use. */
const bytesPerSecond = 300_000;

/** A folder of documents of different lengths, 150 kB in all. */
function collection(): { readonly folder: TemporaryFolder; readonly bytes: number } {
  const folder = new TemporaryFolder();
  let bytes = 0;
  for (let i = 0; i < documents; i++) {
    const text = documentText(firstNumber + i, `Title ${i}`, 10 + i * 20 % 290);
    folder.write(`rfc${firstNumber + i}.txt`, text);
    bytes += text.length;
  }
  return { folder, bytes };
}

async function joinAll(
  system: CrowdSystem,
  stack: AsyncDisposableStack,
): Promise<{ holder: CrowdPeer; crowd: CrowdPeer[]; bytes: number }> {
  const { endpoint } = stack.use(startCrowdServer(system));
  const { folder, bytes } = collection();
  const holder = stack.use(await CrowdPeer.join(system, endpoint, folder, bytesPerSecond));
  await holder.announced();
  const crowd: CrowdPeer[] = [];
  for (let i = 0; i < peers; i++) {
    const empty = new TemporaryFolder();
    crowd.push(stack.use(await CrowdPeer.join(system, endpoint, empty, bytesPerSecond)));
  }
  return { holder, crowd, bytes };
}

function assertSame(one: CrowdPeer, other: CrowdPeer): void {
  assert.deepEqual(one.folder.visibleNames(), other.folder.visibleNames());
  for (const name of one.folder.visibleNames()) {
    const read = ({ folder }: CrowdPeer) => Deno.readTextFileSync(`${folder.path}/${name}`);
    assert.equal(read(one), read(other), name);
  }
}

for (const system of ["ci", "rs"] as const) {
  Deno.test({
    name: `a crowd gets most from each other: the only holder sends all about once (${system})`,
    ...withSocketsAndFiles,
    async fn() {
      await using stack = new AsyncDisposableStack();
      const { holder, crowd, bytes } = await joinAll(system, stack);
      await Promise.all(crowd.map((each) => each.sync()));
      for (const each of crowd) {
        assert.deepEqual(each.failures, []);
        assertSame(each, holder);
      }
      const copies = holder.uploadedBytes / bytes;
      assert.ok(copies <= 1.3, `the holder sent ${copies} times the collection`);
    },
  });

  Deno.test({
    name: `peers that say nothing of themselves get all of it beside a crowd (${system})`,
    ...withSocketsAndFiles,
    async fn() {
      await using stack = new AsyncDisposableStack();
      const { holder, crowd, bytes } = await joinAll(system, stack);
      const [silent, ...others] = crowd;
      await Promise.all([silent!.sync(false), ...others.map((each) => each.sync())]);
      for (const each of crowd) {
        assert.deepEqual(each.failures, []);
        assertSame(each, holder);
      }
      const copies = holder.uploadedBytes / bytes;
      assert.ok(copies <= 2.3, `the holder sent ${copies} times the collection`);
    },
  });
}

/** A GET in P2P-CI; of a crowd's asker if it names a port. */
function get(number: number, port?: number, waitSeconds = 5): string {
  const crowd = port === undefined
    ? ""
    : `Port: ${port}\r\nPrefer: wait=${waitSeconds}\r\nConnection: keep-alive\r\n`;
  return `GET RFC ${number} P2P-CI/1.0\r\nHost: h\r\nOS: Linux\r\n${crowd}\r\n`;
}

const long = documentText(1, "Long", 20_000);
const short = documentText(2, "Short");

/** A server that takes a second for RFC 1, and one who asks for that. */
async function busyServer(stack: AsyncDisposableStack, port: number) {
  const uploadLimiter = new RateLimiter({ bytesPerSecond: long.length });
  const server = stack.use(await DocumentServer.start({ 1: long, 2: short }, { uploadLimiter }));
  const first = stack.use(await RawClient.connect(server.endpoint));
  await first.send(get(1, port));
  assert.match(await first.readHead(), /^P2P-CI\/1.0 200 OK\r\n/);
  return { server, first };
}

Deno.test({
  name: "RfcServer names to a crowd's askers who is getting the document, and serves all others",
  ...withSocketsAndFiles,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { server } = await busyServer(stack, 50_002);
    using second = await RawClient.connect(server.endpoint);
    await second.send(get(1, 50_003));
    assert.equal(
      await second.readHead(),
      "P2P-CI/1.0 503 Service Unavailable\r\nRetry-After: 1\r\n" +
        "Link: <//127.0.0.1:50002>; rel=duplicate\r\n" +
        "Content-Length: 0\r\nConnection: keep-alive\r\n\r\n",
    );
    using given = await RawClient.connect(server.endpoint);
    await given.send(get(1));
    assert.doesNotMatch(await given.readHead(), /503|Link/);
    assert.equal(await given.readToEnd(), long);
    using same = await RawClient.connect(server.endpoint);
    await same.send(get(1, 50_002));
    assert.match(await same.readHead(), /^P2P-CI\/1.0 200 OK\r\n/);
  },
});

Deno.test({
  name: "RfcServer lets only some wait for the same document, and tells others who will have it",
  ...withSocketsAndFiles,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const uploadLimiter = new RateLimiter({ bytesPerSecond: long.length });
    const arrivals = new Arrivals();
    const server = stack.use(await DocumentServer.start({ 1: long }, { uploadLimiter, arrivals }));
    // It has the document from another one, and nobody asks for anything else.
    arrivals.arrive(1);
    const waiting = 1 + maxWaitingForOne;
    for (let i = 0; i < waiting; i++) {
      const asker = stack.use(await RawClient.connect(server.endpoint));
      await asker.send(get(1, 50_000 + i));
      while (server.server.crowd.askers <= i) await new Promise(setImmediate);
    }
    using next = await RawClient.connect(server.endpoint);
    await next.send(get(1, 50_000 + waiting));
    assert.match(await next.readHead(), / 503 [^]*\r\nLink: <\/\/127\.0\.0\.1:50000>; rel=dup/);
  },
});

Deno.test({
  name: "RfcServer answers an asker that does not wait as long as its turn takes with 503",
  ...withSocketsAndFiles,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { server } = await busyServer(stack, 50_002);
    using second = await RawClient.connect(server.endpoint);
    await second.send(get(2, 50_003, 0));
    const head = await second.readHead();
    assert.match(head, /^P2P-CI\/1.0 503 Service Unavailable\r\nRetry-After: 1\r\nContent/);
  },
});

Deno.test({
  name: "RfcServer keeps a crowd's asker waiting for what is on its way, and nobody else",
  ...withSocketsAndFiles,
  async fn() {
    const arrivals = new Arrivals();
    arrivals.expect(3);
    await using server = await DocumentServer.start({ 2: short }, { arrivals });
    using given = await RawClient.connect(server.endpoint);
    await given.send(get(3));
    assert.match(await given.readToEnd(), /^P2P-CI\/1.0 404 Not Found\r\n/);
    using impatient = await RawClient.connect(server.endpoint);
    await impatient.send(get(3, 50_002, 0));
    assert.match(await impatient.readHead(), /^P2P-CI\/1.0 503 .*\r\nRetry-After: 1\r\n/);
    using patient = await RawClient.connect(server.endpoint);
    await patient.send(get(2, 50_003) + get(3, 50_003));
    const head = await patient.readHead();
    await patient.read(Number(/Content-Length: (\d+)/.exec(head)![1]));
    server.temporary.write("rfc3.txt", documentText(3, "Late"));
    server.folder.adopt(3);
    arrivals.arrive(3);
    assert.match(await patient.readHead(), /^P2P-CI\/1.0 200 OK\r\n/);
    await patient.send(get(4, 50_003));
    await patient.read(documentText(3, "Late").length);
    assert.match(await patient.readHead(), /^P2P-CI\/1.0 404 Not Found\r\n/);
  },
});

Deno.test({
  name: "a peer gets from the holder what those do not give whom it names",
  ...withSocketsAndFiles,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { endpoint } = stack.use(startCrowdServer("rs"));
    const source = new TemporaryFolder();
    source.write("rfc8001.txt", long);
    const rate = long.length;
    const holder = stack.use(await CrowdPeer.join("rs", endpoint, source, rate));
    using nobody = await ClosedPort.take();
    using vanishing = await RawClient.connect(holder.peer.endpoint);
    await vanishing.send(get(8_001, nobody.endpoint.port));
    await vanishing.readHead();
    const asker = stack.use(await CrowdPeer.join("rs", endpoint, new TemporaryFolder(), rate));
    await asker.sync();
    assert.deepEqual(asker.failures, []);
    assertSame(asker, holder);
  },
});
