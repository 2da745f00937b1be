/**
 * Holders that send wrong bytes or lie about them: the document comes from somebody else, or there is one clear line.
 */
import assert from "node:assert/strict";
import { givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { formatDigestField } from "../../lib/protocol/digest.ts";
import { pause } from "../../lib/net/pause.ts";
import { Brought } from "../helpers/brought.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";
import { windUntil, WoundClock } from "../helpers/wound_clock.ts";
import {
  longDocument,
  type ReplyFields,
  sha256Of,
  type Twist,
  TwistedHolder,
} from "../helpers/twisted_holder.ts";

const short = longDocument(40_000);
const long = longDocument(2_600_000);
const another = longDocument(40_000, 7);

/** Every third byte is another. */
function corrupt(right: Uint8Array): Uint8Array {
  return right.map((byte, i) => i % 3 === 0 ? byte ^ 1 : byte);
}

function set(
  name: string,
  value: string | ((right: string) => string),
): NonNullable<Twist["fields"]> {
  return (fields: ReplyFields) => {
    const right = fields.get(name);
    if (right !== undefined) fields.set(name, typeof value === "string" ? value : value(right));
  };
}

const hangUp: Twist["send"] = (client) => {
  client.close();
  return Promise.resolve();
};

const cut: Twist["send"] = async (client, head, bytes) => {
  await client.send(head);
  await client.send(bytes.subarray(0, bytes.length / 2));
  client.close();
};

/** What a holder does, and whether it is dropped for it. */
const twists: Readonly<Record<string, readonly [Twist, "dropped" | "passed over"]>> = {
  "sends other bytes than those of its digest": [{ bytes: corrupt }, "dropped"],
  "hangs up when asked": [{ send: hangUp }, "passed over"],
  "hangs up half-way, always": [{ send: cut }, "passed over"],
  "tells a Content-Length that is too short": [
    { fields: set("Content-Length", (right) => String(Number(right) - 100)) },
    "dropped",
  ],
  "tells a Content-Length that is too long": [
    {
      fields: set("Content-Length", (right) => String(Number(right) + 100)),
      send: async (client, head, bytes) => {
        await client.send(head);
        await client.send(bytes);
        client.close();
      },
    },
    "dropped",
  ],
  "tells a huge Content-Length": [
    { fields: set("Content-Length", "900000000000000") },
    "dropped",
  ],
  "tells no Content-Length": [{ fields: (fields) => fields.delete("Content-Length") }, "dropped"],
  "tells a Content-Length that is no number": [
    { fields: set("Content-Length", "many") },
    "dropped",
  ],
  "sends more than it said": [
    { bytes: (right) => new Uint8Array([...right, ...new Uint8Array(70_000).fill(120)]) },
    "dropped",
  ],
  "sends the wrong part": [
    { fields: set("Content-Range", (right) => right.replace(/\d+-/, "17-")) },
    "dropped",
  ],
  "tells a Content-Range without sense": [
    { fields: set("Content-Range", "bytes 5-1/0") },
    "dropped",
  ],
  "tells the digest of something else": [
    { fields: set("Repr-Digest", formatDigestField(sha256Of(another))) },
    "dropped",
  ],
  "tells another ETag each time and no digest": [
    {
      fields: (fields, count) => {
        fields.set("ETag", `"${count}"`);
        fields.delete("Repr-Digest");
        fields.delete("Content-Digest");
      },
      bytes: corrupt,
    },
    "passed over",
  ],
  "says that the document has no byte": [
    {
      status: () => "416 Range Not Satisfiable",
      fields: (fields) => {
        fields.set("Content-Range", "bytes */0");
        fields.set("Content-Length", "0");
      },
      bytes: () => new Uint8Array(),
    },
    "passed over",
  ],
  "answers a status that nobody knows": [{ status: () => "299 Maybe" }, "passed over"],
};

const announced = (document: Uint8Array) => ({
  size: document.length,
  sha256: sha256Of(document),
});

for (const [what, [twist]] of Object.entries(twists)) {
  for (const [length, document] of [["short", short], ["long", long]] as const) {
    Deno.test({
      name: `Downloader gets a ${length} document in spite of a holder that ${what}`,
      ...withSocketsAndFiles,
      async fn() {
        await using bad = new TwistedHolder(document, twist);
        await using good = new TwistedHolder(document);
        for (const details of [{}, announced(document)]) {
          using brought = new Brought();
          const log = await brought.from([
            { ...bad.endpoint, ...details },
            { ...good.endpoint, ...details },
          ]);
          assert.deepEqual(log.failures, []);
          assert.equal(log.downloads[0]?.verified, true);
          assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(document));
          assert.deepEqual([brought.documents, brought.parts], [["rfc1.txt"], []]);
        }
      },
    });
  }
}

for (const [what, [twist, outcome]] of Object.entries(twists)) {
  Deno.test({
    name: `Downloader says in one line that the only holder ${what}, and makes no document`,
    ...withSocketsAndFiles,
    async fn() {
      await using bad = new TwistedHolder(long, twist);
      using brought = new Brought();
      const holder = { ...bad.endpoint, ...announced(long) };
      // It need not be asked in other forms.
      const forms = new Map([[formatEndpoint(bad.endpoint), givenAskingForm]]);
      const log = await brought.from([holder], [1, 2], { client: { os: "Linux", forms } });
      assert.equal(log.failures.length, 2);
      for (const failure of log.failures) {
        assert.match(failure, /^Cannot get RFC [12]: no holder gave it \([^\n]+\)$/);
      }
      assert.equal(log.droppings.length, outcome === "dropped" ? 1 : 0);
      assert.deepEqual(brought.documents, []);
    },
  });
}

Deno.test({
  name: "Downloader does not ask a holder again that sent wrong bytes of another document",
  ...withSocketsAndFiles,
  async fn() {
    await using bad = new TwistedHolder(short, { bytes: corrupt });
    await using good = new TwistedHolder(short);
    using brought = new Brought();
    const holders = [bad, good].map(({ endpoint }) => ({ ...endpoint, ...announced(short) }));
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
    const log = await brought.from(holders, numbers);
    assert.equal(log.downloads.length, 50);
    assert.deepEqual(log.droppings.map(({ port }) => port), [bad.endpoint.port]);
    assert.equal(bad.requests.length, 1);
    assert.deepEqual(log.givers(1), [good.endpoint.port]);
  },
});

Deno.test({
  name: "Downloader lets most holders decide what the document is, and tells who says what",
  ...withSocketsAndFiles,
  async fn() {
    await using first = new TwistedHolder(another);
    await using second = new TwistedHolder(short);
    await using third = new TwistedHolder(short);
    const holders = [first, second, third];
    for (const withDetails of [true, false]) {
      using brought = new Brought();
      const log = await brought.from(
        holders.map(({ endpoint }, i) => ({
          ...endpoint,
          ...(withDetails ? announced(i === 0 ? another : short) : {}),
        })),
      );
      assert.deepEqual(log.failures, []);
      assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(short));
      const [disagreement, ...others] = log.disagreements;
      assert.deepEqual(others, []);
      assert.equal(disagreement?.chosen, sha256Of(short));
      assert.deepEqual(
        disagreement?.votes.map(({ sha256, holders }) => [sha256, holders.map(({ port }) => port)]),
        [
          [sha256Of(short), [second.endpoint.port, third.endpoint.port]],
          [sha256Of(another), [first.endpoint.port]],
        ],
      );
    }
  },
});

Deno.test({
  name:
    "Downloader drops a holder that sends another document than it announced, with that one's digest",
  ...withSocketsAndFiles,
  async fn() {
    await using bad = new TwistedHolder(another);
    await using good = new TwistedHolder(short);
    using brought = new Brought();
    const holders = [bad, good].map(({ endpoint }) => ({ ...endpoint, ...announced(short) }));
    const log = await brought.from(holders, [1]);
    assert.deepEqual(log.droppings.map(({ port }) => port), [bad.endpoint.port]);
    assert.match(log.droppings[0]!.reason, /which is not what it announced/);
    assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(short));
  },
});

Deno.test({
  name:
    "Downloader does not take another document than was announced, although nobody else has one",
  ...withSocketsAndFiles,
  async fn() {
    await using bad = new TwistedHolder(another);
    using brought = new Brought();
    const log = await brought.from([{ ...bad.endpoint, ...announced(short) }]);
    assert.deepEqual(log.droppings.map(({ port }) => port), [bad.endpoint.port]);
    assert.match(log.failures.join(), /^Cannot get RFC 1: .* which is not what it announced\)$/);
    assert.deepEqual(brought.documents, []);
  },
});

Deno.test({
  name: "Downloader takes the document whose digest is asked for, whatever most holders say",
  ...withSocketsAndFiles,
  async fn() {
    await using first = new TwistedHolder(short);
    await using second = new TwistedHolder(short);
    await using third = new TwistedHolder(another);
    using brought = new Brought();
    const holders = [first, second, third].map(({ endpoint }) => endpoint);
    const pinned = new Map([[1, sha256Of(another)], [2, sha256Of(long)]]);
    const log = await brought.from(holders, [1, 2], { pinned });
    assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(another));
    assert.equal(log.downloads[0]?.verified, true);
    assert.match(log.failures[0]!, /^Cannot get RFC 2: .*SHA-256 .* is wanted/);
    assert.deepEqual(brought.documents, ["rfc1.txt"]);
  },
});

Deno.test({
  name: "Downloader finds out who spoiled a long document that several gave",
  ...withSocketsAndFiles,
  async fn() {
    // Its parts have the digests that it tells: only the whole shows that they are wrong.
    const spoiled = corrupt(long);
    await using bad = new TwistedHolder(spoiled, {
      fields: set("Repr-Digest", formatDigestField(sha256Of(long))),
    });
    await using good = new TwistedHolder(long);
    using brought = new Brought();
    const holders = [bad, good].map(({ endpoint }) => ({ ...endpoint, ...announced(long) }));
    const log = await brought.from(holders);
    assert.deepEqual(log.failures, []);
    assert.ok(log.droppings.every(({ port }) => port === bad.endpoint.port));
    assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(long));
  },
});

Deno.test({
  name: "Downloader leaves a busy holder alone for as long as it says, and asks others meanwhile",
  ...withSocketsAndFiles,
  async fn() {
    const busy: Twist = {
      status: () => "503 Service Unavailable",
      fields: (fields) => {
        fields.clear();
        fields.set("Retry-After", "30");
        fields.set("Content-Length", "0");
      },
      bytes: () => new Uint8Array(),
    };
    await using full = new TwistedHolder(short, busy);
    await using free = new TwistedHolder(short);
    using brought = new Brought();
    const numbers = Array.from({ length: 20 }, (_, i) => i + 1);
    const log = await brought.from([full.endpoint, free.endpoint], numbers);
    assert.equal(log.downloads.length, 20);
    assert.equal(full.requests.length, 1);
    assert.deepEqual(log.droppings, []);
  },
});

Deno.test({
  name: "Downloader comes back to a busy holder when nobody else has the document",
  ...withSocketsAndFiles,
  async fn() {
    let isBusy = true;
    await using holder = new TwistedHolder(short, {
      status: (right) => isBusy ? "503 Service Unavailable" : right,
      fields: (fields) => {
        if (!isBusy) return;
        fields.set("Retry-After", "1");
        fields.set("Content-Length", "0");
      },
      bytes: (right) => {
        if (!isBusy) return right;
        isBusy = false;
        return new Uint8Array();
      },
    });
    using clock = new WoundClock();
    using brought = new Brought();
    const bringing = brought.from([holder.endpoint]);
    await clock.waiting(1_000);
    assert.equal(holder.requests.length, 1);
    clock.advance(1_000);
    const log = await bringing;
    assert.equal(holder.requests.length, 2);
    assert.deepEqual(log.failures, []);
  },
});

Deno.test({
  name: "Downloader gives a holder up in the end that is always busy for 0 seconds",
  ...withSocketsAndFiles,
  async fn() {
    await using holder = new TwistedHolder(short, {
      status: () => "503 Service Unavailable",
      fields: (fields) => {
        fields.set("Retry-After", "0");
        fields.set("Content-Length", "0");
      },
      bytes: () => new Uint8Array(),
    });
    using clock = new WoundClock();
    using brought = new Brought();
    const log = await windUntil(clock, brought.from([holder.endpoint]));
    assert.match(log.failures.join(), /^Cannot get RFC 1: no holder gave it \(.* is busy/);
    assert.ok(holder.requests.length <= 301, `${holder.requests.length} requests`);
  },
});

const waiting: Twist["send"] = (client) => client.readToEnd().then();
const slow: Readonly<Record<string, Twist>> = {
  "says nothing": { send: waiting },
  "stops half-way": {
    send: async (client, head, bytes) => {
      await client.send(head);
      await client.send(bytes.subarray(0, bytes.length / 2));
      await client.readToEnd();
    },
  },
};

for (const [what, twist] of Object.entries(slow)) {
  for (const [length, document] of [["short", short], ["long", long]] as const) {
    Deno.test({
      name: `Downloader gets a ${length} document in spite of a holder that ${what}`,
      ...withSocketsAndFiles,
      async fn() {
        await using bad = new TwistedHolder(document, twist);
        await using good = new TwistedHolder(document);
        using clock = new WoundClock();
        using brought = new Brought();
        const log = await windUntil(clock, brought.from([bad.endpoint, good.endpoint]));
        assert.deepEqual(log.failures, []);
        assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(document));
      },
    });
  }
}

for (const [length, document] of [["short", longDocument(400_000)], ["long", long]] as const) {
  Deno.test({
    name:
      `Downloader asks somebody else for a ${length} document that comes at 1,200 bytes a second`,
    ...withSocketsAndFiles,
    async fn() {
      const over = new AbortController();
      await using slow = new TwistedHolder(document, {
        send: async (client, head, bytes) => {
          await client.send(head);
          for (let sent = 0; sent < bytes.length; sent += 1_200) {
            await client.send(bytes.subarray(sent, sent + 1_200));
            await pause(1_000, over.signal);
          }
        },
      });
      await using good = new TwistedHolder(document);
      using clock = new WoundClock();
      using brought = new Brought();
      const holders = [slow, good].map(({ endpoint }) => ({ ...endpoint, ...announced(document) }));
      const log = await windUntil(clock, brought.from(holders));
      over.abort();
      assert.deepEqual(log.failures, []);
      assert.deepEqual(log.downloads[0]!.sources.map(({ port }) => port), [good.endpoint.port]);
      assert.deepEqual(sha256Of(brought.bytes(1)), sha256Of(document));
    },
  });
}
