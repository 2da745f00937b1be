/**
 * Our client with index servers that give details (RFC 60003 sections 6 and 7), and with those that do not.
 */
import assert from "node:assert/strict";
import type { Trace } from "../../lib/net/trace.ts";
import { givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { probeMs } from "../../lib/roles/asking.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { CiClient } from "../../lib/roles/ci_client.ts";
import { type ClientOptions, RefusedError } from "../../lib/roles/client_exchange.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback, type RawClient } from "../helpers/raw_client.ts";
import { type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const self = { host: "127.0.0.1", port: 9 };
const record = { number: 6, title: "With Bob Kahn", host: "peer", port: 5678 };
const sha256 = "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b";
const details = { size: 174, sha256 };
const given = "P2P-CI/1.0 200 OK\r\n\r\nRFC 6 With Bob Kahn peer 5678\r\n\r\n";

/** Answers each request; one that asks for details as told. */
function answeringEach(
  toAccept: (client: RawClient) => Promise<void>,
  heads: string[] = [],
): Script {
  return async (client) => {
    for (;;) {
      const head = await client.readHead();
      if (head === "") return;
      heads.push(head);
      if (head.includes("Accept:")) await toAccept(client);
      else await client.send(given);
    }
  };
}

const sending = (reply: string) => (client: RawClient) => client.send(reply);

const ndjson = (content: string, length = new TextEncoder().encode(content).length) =>
  "P2P-CI/1.0 200 OK\r\nContent-Type: application/x-ndjson\r\n" +
  `Content-Length: ${length}\r\n\r\n${content}`;

Deno.test({
  name: "CiClient tells and learns size and digest at a server that gives details",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    await client.add({ ...record, ...details });
    assert.equal(client.givesDetails, undefined);
    const plain = { ...record, address: "127.0.0.1" };
    assert.deepEqual(await client.lookupDetailed(6, self), [plain]);
    assert.equal(client.givesDetails, true);
    await client.add({ ...record, ...details });
    assert.deepEqual(await client.lookupDetailed(6, self), [{ ...plain, ...details }]);
    assert.deepEqual(await client.listDetailed(self), [{ ...plain, ...details }]);
    assert.deepEqual(await client.lookup(6, self), [record]);
    assert.deepEqual(await client.lookupDetailed(7, self), []);
    await client.remove(6, record);
    assert.deepEqual(await client.listDetailed(self), []);
    assert.equal(client.connections, 1);
  },
});

Deno.test({
  name: "CiClient asks a server that gives none for details once, and never again",
  ...withSockets,
  async fn() {
    const heads: string[] = [];
    await using server = new ScriptedServer(answeringEach(sending(given), heads));
    const options: ClientOptions = { os: "Linux", forms: new Map(), details: new Map() };
    for (let run = 0; run < 2; run++) {
      using client = await CiClient.connect(server.endpoint, options);
      assert.deepEqual(await client.lookupDetailed(6, self), [record]);
      assert.deepEqual(await client.listDetailed(self), [record]);
      await client.addAll([{ ...record, ...details }], assert.fail);
    }
    assert.equal(heads.filter((head) => head.includes("Accept:")).length, 1);
    assert.ok(!heads.some((head) => head.includes("Size:")));
  },
});

Deno.test({
  name: "CiClient does not ask a server for details that replies otherwise than in the given form",
  ...withSockets,
  async fn() {
    const heads: string[] = [];
    const script: Script = async (client) => {
      for (let head; (head = await client.readHead()) !== "";) {
        heads.push(head);
        await client.send(given.replaceAll("\r\n", "\n"));
      }
    };
    await using server = new ScriptedServer(script);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    assert.deepEqual(await client.lookupDetailed(6, self), [record]);
    assert.ok(!heads.some((head) => head.includes("Accept:")));
  },
});

for (
  const [what, toAccept] of [
    ["hangs up on", (client) => client.send("").then(() => client.close())],
    ["refuses", sending("P2P-CI/1.0 400 Bad Request\r\n\r\n")],
    ["answers nonsense to", sending("what?\r\n\r\n")],
  ] as readonly (readonly [string, (client: RawClient) => Promise<void>])[]
) {
  Deno.test({
    name: `CiClient goes on with a server that ${what} a request for details`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(answeringEach(toAccept));
      using client = await CiClient.connect(server.endpoint, { os: "Linux" });
      assert.deepEqual(await client.lookupDetailed(6, self), [record]);
      assert.deepEqual(await client.lookupDetailed(6, self), [record]);
      assert.equal(client.givesDetails, false);
      assert.equal(client.connections, server.connections);
    },
  });
}

Deno.test({
  name: "CiClient waits a short while for a server that is silent to a request for details",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(answeringEach(staySilent));
    const forms = new Map([[formatEndpoint(server.endpoint), givenAskingForm]]);
    using clock = new WoundClock();
    using client = await CiClient.connect(server.endpoint, { os: "Linux", forms });
    assert.deepEqual(await client.lookup(6, self), [record]);
    const found = client.lookupDetailed(6, self);
    await clock.waiting(probeMs - 100, probeMs);
    clock.advance(probeMs);
    assert.deepEqual(await found, [record]);
    assert.equal(client.connections, 2);
  },
});

const line = JSON.stringify({ rfc: 6, title: record.title, host: "peer", port: 5678, size: 174 });

for (
  const [what, reply, expected] of [
    ["with lines that are no records", ndjson(`\n[]\n{"rfc":6}\n${line}\nRFC 6 T h 1\n`), 1],
    ["with content of many records", ndjson(`${line}\n`.repeat(2_000)), 2_000],
    ["that ends early", ndjson(line, 9_999), /ended within a list/],
    ["with a line that is too long", ndjson("x".repeat(9_000)), /longer than 8192/],
    [
      "with a length that is none",
      ndjson(line).replace(/Length: \d+/, "Length: 1e3"),
      /Cannot read content/,
    ],
  ] as readonly (readonly [string, string, number | RegExp])[]
) {
  Deno.test({
    name: `CiClient takes a list in NDJSON ${what} for what it is`,
    ...withSockets,
    async fn() {
      const isBroken = typeof expected !== "number";
      let asked = 0;
      await using server = new ScriptedServer(answeringEach(async (client) => {
        asked++;
        await client.send(asked === 1 ? ndjson(`${line}\n`) : reply);
        if (asked > 1 && isBroken) client.close();
      }));
      using client = await CiClient.connect(server.endpoint, { os: "Linux" });
      assert.equal(await client.learnDetails(self), true);
      if (isBroken) return await assert.rejects(client.listDetailed(self), expected);
      const found = await client.listDetailed(self);
      assert.deepEqual(found, Array(expected).fill({ ...record, size: 174 }));
    },
  });
}

Deno.test({
  name: "CiClient.addAll announces many documents at once, and tells which were refused",
  ...withSockets,
  async fn() {
    await using server = new CentralIndexServer(loopback);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    await client.learnDetails(self);
    const announcements = Array.from({ length: 1_000 }, (_, i) => ({
      ...record,
      number: i + 1,
      title: i === 500 ? "x".repeat(2_000) : `Title ${i + 1}`,
      size: i,
      sha256,
    }));
    const refused: RefusedError[] = [];
    await client.addAll(announcements, (error) => refused.push(error));
    assert.deepEqual(refused.map(({ status }) => status), [400]);
    const listed = await client.listDetailed(self);
    assert.deepEqual(
      listed.map(({ address: _, ...announced }) => announced),
      announcements.filter((_, i) => i !== 500).toReversed(),
    );
  },
});

Deno.test({
  name: "CiClient.addAll fails when the connection is lost among many",
  ...withSockets,
  async fn() {
    let adds = 0;
    const script: Script = async (client) => {
      for (let head; (head = await client.readHead()) !== "";) {
        if (head.startsWith("LOOKUP")) await client.send(head.includes("Acc") ? ndjson("") : given);
        else if (++adds === 100) return;
        else await client.send(given);
      }
    };
    await using server = new ScriptedServer(script);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    assert.equal(await client.learnDetails(self), true);
    const many = Array.from({ length: 1_000 }, (_, i) => ({ ...record, number: i + 1 }));
    await assert.rejects(client.addAll(many, assert.fail), { name: "ConnectionLostError" });
    await client.ended;
    await assert.rejects(client.addAll(many, assert.fail), { name: "ConnectionLostError" });
  },
});

Deno.test({
  name: "CiClient.addAll sends other servers one request at a time",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(answeringEach(sending("")));
    const directions: string[] = [];
    const trace: Trace = ({ direction, continued }) => {
      if (!continued) directions.push(direction);
    };
    using client = await CiClient.connect(server.endpoint, { os: "Linux", trace });
    const many = Array.from({ length: 100 }, (_, i) => ({ ...record, number: i + 1 }));
    await client.addAll(many, assert.fail);
    assert.deepEqual(directions, many.flatMap(() => ["sent", "received"]));
  },
});

/** The reply to a request for details of a document. */
function detailsOf(number: number): string {
  if (number === 2) return "P2P-CI/1.0 404 Not Found\r\n\r\n";
  if (number === 3) return "P2P-CI/1.0 400 Bad Request\r\n\r\n";
  return ndjson(`{"rfc":${number},"title":"Any","host":"peer","port":5678}\n`);
}

Deno.test({
  name: "CiClient sends lookups for details together, and gives each its own reply",
  ...withSockets,
  async fn() {
    const numbers = [1, 2, 3, 4, 5];
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send(detailsOf(1));
      // The others have to be sent before one of them is answered.
      for (const _ of numbers.slice(1)) await client.readHead();
      await client.send(numbers.slice(1).map(detailsOf).join(""));
    });
    const details = new Map([[formatEndpoint(server.endpoint), true]]);
    using client = await CiClient.connect(server.endpoint, { os: "Linux", details });
    const found = await Promise.allSettled(
      numbers.map((number) => client.lookupDetailed(number, self)),
    );
    assert.deepEqual(
      found.map((result) =>
        result.status === "rejected"
          ? result.reason.status
          : result.value.map(({ number }) => number)
      ),
      [[1], [], 400, [4], [5]],
    );
    assert.equal(server.connections, 1);
  },
});

Deno.test({
  name: "CiClient fails every lookup that was to be sent when the connection ends",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send(detailsOf(1));
      await client.readHead();
    });
    const details = new Map([[formatEndpoint(server.endpoint), true]]);
    using client = await CiClient.connect(server.endpoint, { os: "Linux", details });
    assert.equal((await client.lookupDetailed(1, self)).length, 1);
    const found = await Promise.allSettled(
      Array.from({ length: 200 }, (_, i) => client.lookupDetailed(i + 1, self)),
    );
    for (const result of found) {
      assert.equal(result.status === "rejected" && result.reason.name, "ConnectionLostError");
    }
    await assert.rejects(client.lookupDetailed(1, self), { name: "ConnectionLostError" });
  },
});
