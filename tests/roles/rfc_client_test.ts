import assert from "node:assert/strict";
import { contentStallMs, replyMs } from "../../lib/roles/client_exchange.ts";
import { maxHeadBytes } from "../../lib/protocol/limits.ts";
import type { IndexRecord } from "../../lib/protocol/index_record.ts";
import type { Protocol } from "../../lib/protocol/version.ts";
import { getIndex, getRfc } from "../../lib/roles/rfc_client.ts";
import { pack } from "../../lib/roles/gzip_content.ts";
import { givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { type Endpoint, formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { documentText } from "../helpers/document.ts";
import { DocumentBuffer } from "../helpers/document_buffer.ts";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSockets, withSocketsAndFiles } from "../helpers/permissions.ts";
import { answering, type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { concat } from "../helpers/wire.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const options = { os: "Linux" };
const ok = "P2P-CI/1.0 200 OK\r\n";

/** Asks a holder that is known to understand the given form, so that nothing else is tried. */
async function get(holder: Endpoint, number = 1, protocol: Protocol = "P2P-CI") {
  const document = new DocumentBuffer();
  const forms = new Map([[formatEndpoint(holder), givenAskingForm]]);
  const bytes = await getRfc(holder, number, protocol, document, { ...options, forms });
  return { bytes, text: document.text };
}

for (const protocol of ["P2P-CI", "P2P-DI"] as const) {
  Deno.test({
    name: `getRfc fetches a document of any size by ${protocol}`,
    ...withSocketsAndFiles,
    async fn() {
      const texts = {
        1: "",
        2: documentText(2, "Host Software"),
        3: documentText(3, "Long", 50_000),
      };
      await using server = await DocumentServer.start(texts);
      for (const [number, text] of Object.entries(texts)) {
        const got = await get(server.endpoint, Number(number), protocol);
        assert.equal(got.bytes, text.length);
        assert.ok(got.text === text);
      }
      await assert.rejects(get(server.endpoint, 4, protocol), {
        name: "RefusedError",
        message: /answered 404 Not Found$/,
      });
    },
  });
}

Deno.test({
  name: "getRfc does not wait for a holder that leaves the connection open after the document",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      await client.send(`${ok}Content-Length: 5\r\n\r\nhello`);
      await client.readToEnd();
    });
    assert.equal((await get(server.endpoint)).text, "hello");
  },
});

Deno.test({
  name: "getRfc reads a document of unstated length to the end of the connection",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(answering(`${ok}OS: x\r\n\r\nhello`));
    assert.equal((await get(server.endpoint)).text, "hello");
  },
});

const failures: readonly (readonly [string, Script, string, RegExp])[] = [
  ["hangs up", (client) => client.readHead().then(), "ConnectionLostError", /without a reply/],
  ["cuts its head", answering(ok), "ConnectionLostError", /ended before the document/],
  [
    "sends more than it said",
    answering(`${ok}Content-Length: 5\r\n\r\nhello, and more`),
    "ProtocolError",
    /5 bytes were stated, 15 came/,
  ],
  [
    "cuts the document",
    answering(`${ok}Content-Length: 10\r\n\r\nhello`),
    "ConnectionLostError",
    /it ended after 5 of 10 bytes/,
  ],
  [
    "tells a length beyond all measure",
    answering(`${ok}Content-Length: 999999999999999\r\n\r\nhello`),
    "ConnectionLostError",
    /it ended after 5 of 999999999999999 bytes/,
  ],
  ...["-1", "1e3", "99999999999999999999", "five", ""].map((length) =>
    [
      `tells a length of "${length}"`,
      answering(`${ok}Content-Length: ${length}\r\n\r\nhello`),
      "ProtocolError",
      /expected a length in decimal digits/,
    ] as const
  ),
  ["speaks HTTP", answering("HTTP/1.1 200 OK\r\n\r\nhello"), "ProtocolError", /Cannot parse reply/],
  [
    "speaks the other protocol",
    answering("P2P-DI/1.0 200 OK\r\n\r\n"),
    "ProtocolError",
    /Cannot parse reply/,
  ],
  [
    "sends garbage",
    answering(new Uint8Array(1_000).fill(200).fill(10, 990)),
    "ProtocolError",
    /Cannot parse reply/,
  ],
  [
    "sends a head without an end",
    answering(`${ok}${"A: b\r\n".repeat(maxHeadBytes)}`),
    "ProtocolError",
    /longer than 32768 bytes/,
  ],
  [
    "answers 206",
    answering("P2P-CI/1.0 206 Partial Content\r\n\r\nhello"),
    "RefusedError",
    /answered 206/,
  ],
];

for (const [what, script, name, message] of failures) {
  Deno.test({
    name: `getRfc fails at a holder that ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(script);
      await assert.rejects(get(server.endpoint), { name, message });
    },
  });
}

for (
  const [what, script, waitMs] of [
    ["is silent", staySilent, replyMs],
    [
      "stops in the middle of the document",
      async (client) => {
        await client.readHead();
        await client.send(`${ok}Content-Length: 10\r\n\r\nhello`);
        await client.readToEnd();
      },
      contentStallMs,
    ],
  ] as const satisfies readonly (readonly [string, Script, number])[]
) {
  Deno.test({
    name: `getRfc gives up a holder that ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(script);
      using clock = new WoundClock();
      let over = false;
      const got = assert.rejects(get(server.endpoint), {
        name: "ConnectionLostError",
        message: /silent for too long/,
      }).finally(() => over = true);
      await clock.waiting(waitMs);
      // The deadline moves each time something comes.
      while (!over) {
        clock.advance(waitMs);
        await new Promise(setImmediate);
      }
      await got;
    },
  });
}

Deno.test({
  name: "getRfc passes on that its bytes cannot be stored",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(answering(`${ok}Content-Length: 5\r\n\r\nhello`));
    const full = { write: () => Promise.reject(new Error("no space")) };
    await assert.rejects(getRfc(server.endpoint, 1, "P2P-CI", full, options), /no space/);
  },
});

Deno.test({
  name: "getRfc ends with its signal",
  ...withSockets,
  async fn() {
    const abort = new AbortController();
    await using server = new ScriptedServer(async (client) => {
      await client.readHead();
      abort.abort();
      await client.readToEnd();
    });
    const sink = new DocumentBuffer();
    const { signal } = abort;
    await assert.rejects(getRfc(server.endpoint, 1, "P2P-CI", sink, { ...options, signal }), {
      name: "ConnectionLostError",
    });
  },
});

async function indexOf(peer: Endpoint): Promise<IndexRecord[]> {
  const records: IndexRecord[] = [];
  await getIndex(peer, (record) => records.push(record), options);
  return records;
}

Deno.test({
  name: "getIndex fetches a peer's RFC index",
  ...withSocketsAndFiles,
  async fn() {
    await using server = await DocumentServer.start({
      8600: documentText(8600, "A Title"),
      8601: "",
    });
    assert.deepEqual(await indexOf(server.endpoint), [
      { number: 8600, title: "A Title", ...server.endpoint, ttlSeconds: 7_200 },
      { number: 8601, title: "Untitled", ...server.endpoint, ttlSeconds: 7_200 },
    ]);
  },
});

Deno.test({
  name: "getIndex passes over lines that are no records",
  ...withSockets,
  async fn() {
    const body = "RFC 1e3 A h 1 7200\r\n\r\nnonsense\r\nRFC 2 Host Software h 1 60\r\n";
    await using server = new ScriptedServer(
      answering(`P2P-DI/1.0 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`),
    );
    assert.deepEqual(await indexOf(server.endpoint), [
      { number: 2, title: "Host Software", host: "h", port: 1, ttlSeconds: 60 },
    ]);
  },
});

Deno.test({
  name: "getIndex fails when the index is shorter than its Content-Length",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(
      answering("P2P-DI/1.0 200 OK\r\nContent-Length: 100\r\n\r\nRFC 2 Host Software h 1 60\r\n"),
    );
    await assert.rejects(indexOf(server.endpoint), { name: "ConnectionLostError" });
  },
});

const listed = '{"rfc":1,"title":"Host Software","host":"h","port":80,"ttl":60,"size":5}';

for (
  const [what, content, count] of [
    ["lines that are no records", `\n[]\n{"rfc":1}\nnull\n${listed}\nRFC 1 T h 80 60\n`, 1],
    ["a last line without an end", `${listed}\n${listed}`, 2],
    ["nothing", "", 0],
  ] as const
) {
  Deno.test({
    name: `getIndex takes the records out of a list in NDJSON with ${what}`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(answering(
        "P2P-DI/1.0 200 OK\r\nContent-Type: application/x-ndjson\r\n" +
          `Content-Length: ${content.length}\r\n\r\n${content}`,
      ));
      const records: IndexRecord[] = [];
      const form = await getIndex(
        server.endpoint,
        (record) => records.push(record),
        options,
        "detailed",
      );
      assert.equal(form, "detailed");
      const record = { number: 1, title: "Host Software", host: "h", port: 80, size: 5 };
      assert.deepEqual(records, Array(count).fill({ ...record, ttlSeconds: 60 }));
    },
  });
}

Deno.test({
  name: "getIndex unpacks a compressed list, and finds a broken one to be the peer's error",
  ...withSockets,
  async fn() {
    const packed = concat(await pack([new TextEncoder().encode(`${listed}\n${listed}\n`)]));
    const head = "P2P-DI/1.0 200 OK\r\nContent-Type: application/x-ndjson\r\n" +
      `Content-Encoding: gzip\r\nContent-Length: ${packed.length}\r\n\r\n`;
    for (const [content, count] of [[packed, 2], [packed.toReversed(), undefined]] as const) {
      let asked = "";
      await using server = new ScriptedServer(async (client) => {
        asked = await client.readHead();
        await client.send(head);
        await client.send(content);
      });
      const numbers: number[] = [];
      const taken = getIndex(
        server.endpoint,
        ({ number }) => numbers.push(number),
        { os: "Linux" },
        "detailed",
      );
      if (count === undefined) await assert.rejects(taken, { name: "ProtocolError" });
      else assert.equal(await taken, "detailed");
      assert.deepEqual(numbers, Array(count ?? 0).fill(1));
      assert.match(asked, /\r\nAccept-Encoding: gzip\r\n/);
    }
  },
});
