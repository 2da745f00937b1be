/**
 * Our client with upload ports of other programs: each form of answer, and lies (RFC 60001 section 8).
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { pack } from "../../lib/protocol/packing.ts";
import { getRfc } from "../../lib/roles/rfc_client.ts";
import { DocumentBuffer } from "../helpers/document_buffer.ts";
import { withSockets } from "../helpers/permissions.ts";
import { type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { bytesOf } from "../helpers/wire.ts";

const document = "\ufeff\n\nNetwork Working Group\nRequest for Comments: 1\n\n" +
  "   Zürich, line by line.\r\n".repeat(500);
const bytes = Buffer.byteLength(document);

async function fetchFrom(...scripts: Script[]): Promise<string> {
  await using server = new ScriptedServer(...scripts);
  const sink = new DocumentBuffer();
  await getRfc(server.endpoint, 1, "P2P-CI", sink, { os: "Linux" });
  return sink.text;
}

function answering(...parts: readonly (string | Uint8Array)[]): Script {
  return async (client) => {
    await client.readHead();
    for (const part of parts) await client.send(part);
  };
}

function head(length: number | undefined, lineEnd = "\r\n"): string {
  const lines = ["P2P-CI/1.0 200 OK", "Date: today", "OS: Any"];
  if (length !== undefined) lines.push(`Content-Length: ${length}`);
  return [...lines, "Content-Type: text/plain", ""].join(lineEnd);
}

const kibibytes = Array.from(
  { length: Math.ceil(bytes / 1_024) },
  (_, i) => bytesOf(document).subarray(i * 1_024, (i + 1) * 1_024),
);

/** Dates that bring a line end of their own. */
function doubleSpaced(lineEnd: string): string {
  const lines = [
    "P2P-CI/1.0 200 OK",
    "Date: today GMT\n",
    "OS: Any",
    "Last-Modified: yesterday GMT\n",
    `Content-Length: ${bytes}`,
    "Content-Type: text/text",
    "",
  ];
  return lines.join(lineEnd);
}

const answers: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  "as given": [head(bytes), "\r\n", document],
  "without the blank line": [head(bytes), document],
  "without the blank line, in LF": [head(bytes, "\n"), document],
  "behind RFC Data": [head(bytes, "\n"), " RFC Data: ", document],
  "behind a status line": ["P2P-CI/1.0 200 OK\n", document],
  "alone": [document],
  "behind blank lines within the head": [doubleSpaced("\n"), document],
  "behind blank lines in LF within a head in CRLF": [doubleSpaced("\r\n"), document],
  "behind names in two words": [
    `P2P-CI/1.0 200 OK\nDate: 1\nLast Modified: 2\nContent-Length: ${bytes}\n`,
    document,
  ],
  "without a length": [head(undefined), "\r\n", document],
  "counted in characters": [head(document.length), "\r\n", document],
  "three bytes short": [head(bytes + 3, "\n"), "\n", document],
  "a KiB at a time": [head(bytes), "\r\n", ...kibibytes],
};

for (const [name, parts] of Object.entries(answers)) {
  Deno.test({
    name: `getRfc takes a document ${name}`,
    ...withSockets,
    async fn() {
      assert.equal(await fetchFrom(answering(...parts)), document);
    },
  });
}

Deno.test({
  name: "getRfc takes a document from a holder that leaves the connection open",
  ...withSockets,
  async fn() {
    const script: Script = async (client) => {
      await answering(head(bytes), "\r\n", document)(client);
      await staySilent(client);
    };
    assert.equal(await fetchFrom(script), document);
  },
});

Deno.test({
  name: "getRfc asks in LF whom the given form makes hang up, refuse or answer nothing",
  ...withSockets,
  async fn() {
    const good: Script = async (client) => {
      assert.equal(await client.read(24), "GET RFC 1 P2P-CI/1.0\nHos");
      await client.send(head(bytes, "\n") + document);
    };
    assert.equal(await fetchFrom(async () => {}, good), document);
    assert.equal(await fetchFrom(answering("P2P-CI/1.0 400 Bad Request\n"), good), document);
    assert.equal(await fetchFrom(answering("505\n"), good), document);
  },
});

for (const packing of ["decimal length", "writeUTF"] as const) {
  Deno.test({
    name: `getRfc takes a document from who speaks ${packing} alone`,
    ...withSockets,
    async fn() {
      const script: Script = async (client) => {
        const first = await client.read(1);
        if (first !== (packing === "writeUTF" ? "\0" : "4")) return;
        const packed = pack(bytesOf(`${head(bytes, "\n")}\n`), packing, bytes);
        await client.send(packed);
        await client.send(document);
      };
      assert.equal(await fetchFrom(script), document);
    },
  });
}

Deno.test({
  name: "getRfc does not take a document that is much shorter or longer than stated",
  ...withSockets,
  async fn() {
    for (const stated of [bytes + 1_000, bytes - 1_000, 1]) {
      await assert.rejects(
        fetchFrom(answering(head(stated), "\r\n", document)),
        stated > bytes ? /it ended after/ : /were stated/,
      );
    }
  },
});

Deno.test({
  name: "getRfc does not take bytes alone that do not say which document they are",
  ...withSockets,
  async fn() {
    const nameless = document.replaceAll(/Request for Comments/gi, "Some text");
    await assert.rejects(fetchFrom(answering(nameless)), /does not say that it is RFC 1/);
  },
});

Deno.test({
  name: "getRfc does not take a document that is a byte shorter than the given form says",
  ...withSockets,
  async fn() {
    await assert.rejects(fetchFrom(answering(head(bytes + 1), "\r\n", document)), /it ended after/);
  },
});

for (const [name, stated] of [["no length", undefined], ["a small one", 5]] as const) {
  Deno.test({
    name: `getRfc ends an endless document with ${name}`,
    ...withSockets,
    async fn() {
      const flood: Script = async (client) => {
        await client.readHead();
        await client.send(head(stated) + "\r\n");
        const chunk = new Uint8Array(1_048_576).fill(120);
        for (;;) await client.send(chunk);
      };
      await assert.rejects(fetchFrom(flood), /longer than 67108864 bytes/);
    },
  });
}
