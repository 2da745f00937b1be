/**
 * The dialect vectors against real servers, and their requests cut anywhere (RFC 60001 section 8).
 */
import assert from "node:assert/strict";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { ReceiveBuffer } from "../../lib/protocol/receive_buffer.ts";
import { RequestReader } from "../../lib/protocol/request_reader.ts";
import { decodeCiRequest } from "../../lib/protocol/ci_request.ts";
import { decodeDiRequest } from "../../lib/protocol/di_request.ts";
import { decodeRfcRequest } from "../../lib/protocol/rfc_request.ts";
import {
  indexServerWords,
  registrationServerWords,
  rfcServerWords,
} from "../../lib/protocol/words.ts";
import { type DialectVector, readVector, type VectorStep } from "../helpers/dialect_vectors.ts";
import {
  exampleCentralIndexServer,
  exampleRegistrationServer,
  exampleRfcServer,
} from "../helpers/example_servers.ts";
import { lacks } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";

const folder = new URL("../vectors/dialects/", import.meta.url);
const understanding = {
  ci: { vocabulary: indexServerWords, decode: decodeCiRequest },
  rfc: { vocabulary: rfcServerWords, decode: decodeRfcRequest },
  rs: { vocabulary: registrationServerWords, decode: decodeDiRequest },
} as const;

const servers = {
  ci: exampleCentralIndexServer,
  rfc: () => exampleRfcServer("Hello\n"),
  rs: exampleRegistrationServer,
};

function readVectors(): DialectVector[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((name) => readVector(name, Deno.readTextFileSync(new URL(name, folder))));
}

const vectors = lacks("read") ? [] : readVectors();

async function converse(
  vector: DialectVector,
  split: (bytes: Uint8Array) => Iterable<Uint8Array>,
): Promise<void> {
  await using server = await servers[vector.server]();
  using connections = new DisposableStack();
  let client = connections.use(await RawClient.connect(server.endpoint));
  for (const { direction, bytes, reconnects } of vector.steps) {
    if (reconnects) {
      client.close();
      client = connections.use(await RawClient.connect(server.endpoint));
    }
    if (direction === "client") {
      for (const part of split(bytes)) await client.send(part);
    } else {
      assert.equal(await client.read(bytes.length), new TextDecoder().decode(bytes));
    }
  }
}

function* byteByByte(bytes: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < bytes.length; i++) yield bytes.subarray(i, i + 1);
}

/** What a reader makes of bytes that come in parts: start lines and dialects. */
function readAll(
  { server }: DialectVector,
  { bytes, silent }: VectorStep,
  cuts: number[],
): string[] {
  const reader = new RequestReader({ strict: false, remoteHost: "peer", ...understanding[server] });
  const buffer = new ReceiveBuffer();
  const seen: string[] = [];
  const take = (ending: "open" | "silent") => {
    for (let request; (request = reader.take(buffer, ending)) !== undefined;) {
      const { head, dialect } = request;
      const said = head instanceof ProtocolError ? String(head.status) : head.startLine;
      seen.push(`${said} (${dialect.name})`);
    }
  };
  for (const [from, to] of [0, ...cuts].map((cut, i) => [cut, cuts[i] ?? bytes.length])) {
    buffer.append(bytes.subarray(from, to));
    take("open");
  }
  if (silent || reader.silenceMs !== undefined) take("silent");
  assert.equal(buffer.length, 0, "bytes are left");
  return seen;
}

for (const vector of vectors) {
  Deno.test({
    name: `${vector.name}: answered as it is spoken`,
    permissions: { net: ["127.0.0.1"], read: true, write: true },
    ignore: lacks("net", "write"),
    fn: () => converse(vector, (bytes) => [bytes]),
  });

  Deno.test({
    name: `${vector.name}: answered the same byte by byte`,
    permissions: { net: ["127.0.0.1"], read: true, write: true },
    ignore: lacks("net", "write"),
    fn: () => converse(vector, byteByByte),
  });

  Deno.test({
    name: `${vector.name}: read the same cut at each offset`,
    permissions: "none",
    fn() {
      for (const step of vector.steps.filter(({ direction }) => direction === "client")) {
        const whole = readAll(vector, step, []);
        assert.ok(whole.length > 0);
        for (let cut = 1; cut < step.bytes.length; cut++) {
          assert.deepEqual(readAll(vector, step, [cut]), whole, `cut at ${cut}`);
        }
      }
    },
  });
}
