/**
 * Many holders: one good one among a thousand, several that share the work.
 */
import assert from "node:assert/strict";
import { Brought } from "../helpers/brought.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { longDocument, sha256Of, type Twist, TwistedHolder } from "../helpers/twisted_holder.ts";
import { windUntil, WoundClock } from "../helpers/wound_clock.ts";

const short = longDocument(40_000);
const long = longDocument(12_000_000);

Deno.test({
  name: "Downloader finds the one good holder among a thousand at whose ports nothing listens",
  ...withSocketsAndFiles,
  async fn() {
    await using good = new TwistedHolder(short);
    using brought = new Brought();
    const dead = Array.from({ length: 999 }, (_, i) => ({ host: "127.0.0.1", port: i + 1 }));
    const log = await brought.from([...dead, good.endpoint]);
    assert.deepEqual(log.failures, []);
    assert.deepEqual(log.givers(1), [good.endpoint.port]);
  },
});

Deno.test({
  name: "Downloader finds the one good holder among two hundred that say nothing",
  ...withSocketsAndFiles,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const silent = Array.from({ length: 199 }, () => stack.use(new ScriptedServer(staySilent)));
    await using good = new TwistedHolder(short);
    using clock = new WoundClock();
    using brought = new Brought();
    const bringing = brought.from([...silent, good].map(({ endpoint }) => endpoint));
    const log = await windUntil(clock, bringing);
    assert.deepEqual(log.failures, []);
    assert.deepEqual(log.givers(1), [good.endpoint.port]);
  },
});

Deno.test({
  name: "Downloader takes a long document from several holders, each byte once",
  ...withSocketsAndFiles,
  async fn() {
    await using first = new TwistedHolder(long);
    await using second = new TwistedHolder(long);
    await using third = new TwistedHolder(long);
    using brought = new Brought();
    const holders = [first, second, third].map(({ endpoint }) => ({
      ...endpoint,
      size: long.length,
      sha256: sha256Of(long),
    }));
    const log = await brought.from(holders);
    assert.deepEqual(log.failures, []);
    assert.equal(log.givers(1).length, 3);
    const bytes = log.downloads[0]!.sources.reduce((sum, source) => sum + source.bytes, 0);
    assert.equal(bytes, long.length);
    assert.equal([...log.bytesFrom.values()].reduce((a, b) => a + b), long.length);
    assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(long));
  },
});

Deno.test({
  name: "Downloader brings many documents from two holders on one connection each",
  ...withSocketsAndFiles,
  async fn() {
    await using first = new TwistedHolder(short);
    await using second = new TwistedHolder(short);
    using brought = new Brought();
    const numbers = Array.from({ length: 300 }, (_, i) => i + 1);
    const details = { size: short.length, sha256: sha256Of(short) };
    const holders = [first, second].map(({ endpoint }) => ({ ...endpoint, ...details }));
    const log = await brought.from(holders, numbers);
    assert.equal(log.downloads.length, 300);
    assert.deepEqual([first.connections, second.connections], [1, 1]);
    assert.equal(first.requests.length + second.requests.length, 300);
    assert.ok(first.requests.length > 30 && second.requests.length > 30);
  },
});

Deno.test({
  name: "Downloader does not ask again and again holders that send all where a piece is asked for",
  ...withSocketsAndFiles,
  async fn() {
    const document = longDocument(2_600_000);
    let asked = 0;
    const whole: Twist = {
      status: () => "200 OK",
      fields: (fields) => {
        fields.delete("Content-Range");
        fields.delete("Content-Digest");
        fields.set("Content-Length", String(document.length));
      },
      bytes: () => document,
      send: async (client, head, bytes) => {
        // Whenever one is answered, the others still wait: nobody is alone, if who was refused asks again.
        const mine = ++asked;
        for (let turns = 0; turns < 2_000 && asked < mine + 2 && asked < 12; turns++) {
          await new Promise(setImmediate);
        }
        await client.send(head);
        await client.send(bytes);
      },
    };
    await using first = new TwistedHolder(document, whole);
    await using second = new TwistedHolder(document, whole);
    await using third = new TwistedHolder(document, whole);
    using brought = new Brought();
    const holders = [first, second, third];
    const details = { size: document.length, sha256: sha256Of(document) };
    const log = await brought.from(holders.map(({ endpoint }) => ({ ...endpoint, ...details })));
    assert.deepEqual(log.failures, []);
    assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(document));
    const requests = holders.flatMap((holder) => holder.requests);
    assert.ok(requests.length <= 4, `${requests.length} requests`);
  },
});
