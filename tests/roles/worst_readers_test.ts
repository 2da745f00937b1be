/**
 * Programs that read in the worst ways, downloading from a real RFC server (RFC 60001 section 8).
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DocumentServer } from "../helpers/document_server.ts";
import { withSocketsAndFiles } from "../helpers/permissions.ts";

/** Longer than anything that one read takes, and with blank lines in front. */
const document = `\n\n\n${"Network Working Group \u00e9\n".repeat(8_000)}`;
const documentBytes = Buffer.byteLength(document);

/** A program that downloads. */
interface Reader {
  readonly name: string;
  readonly request: string;
  /** What it takes for the document. */
  readonly read: (socket: Deno.TcpConn) => Promise<Uint8Array>;
}

/** One `recv`. */
async function receive(socket: Deno.TcpConn, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  return bytes.subarray(0, await socket.read(bytes) ?? 0);
}

async function receiveToEnd(socket: Deno.TcpConn): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const chunk = await receive(socket, 1_024);
    if (chunk.length === 0) return Buffer.concat(chunks);
    chunks.push(chunk);
  }
}

async function receiveLine(socket: Deno.TcpConn): Promise<string> {
  let line = "";
  for (;;) {
    const [byte] = await receive(socket, 1);
    if (byte === undefined || byte === 10) return line;
    line += String.fromCharCode(byte);
  }
}

/** One read for the head, whatever else it brings; all that comes later is the document. */
async function forgetWhatCameWithTheHead(socket: Deno.TcpConn): Promise<Uint8Array> {
  const head = await receive(socket, 65_536);
  assert.match(new TextDecoder().decode(head), / 200 OK/);
  return await receiveToEnd(socket);
}

const readers: readonly Reader[] = [
  {
    name: "one read a message, LF without end",
    request: "GET RFC 1234 P2P-CI/1.0\nHost: h\nOS: Linux",
    read: forgetWhatCameWithTheHead,
  },
  {
    name: "one read a message, CRLF without blank line",
    request: "GET RFC 1234 P2P-CI/1.0\r\nHost: h\r\nOS: Linux\r\n",
    read: forgetWhatCameWithTheHead,
  },
  {
    name: "one read a message, CRLF with tight colons",
    request: "GET RFC 1234 P2P-CI/1.0\r\nHost:h\r\nOS:Linux\r\n\r\n",
    read: forgetWhatCameWithTheHead,
  },
  {
    name: "all in one, split at the blank line",
    request: "GET RFC 1234 P2P-CI/1.0\r\nHost: h\r\nOS: Linux\r\n\r\n",
    async read(socket) {
      const all = Buffer.from(await receiveToEnd(socket));
      return all.subarray(all.indexOf("\r\n\r\n") + 4);
    },
  },
  {
    name: "lines up to the blank one, which must come, then the stated length",
    request: "GET RFC 1234 P2P-CI/1.0\nHost: h\nOS: Linux\n\n",
    async read(socket) {
      let length = 0;
      for (;;) {
        const line = await receiveLine(socket);
        if (line.trim() === "") break;
        length = Number(/^Content-Length: (\d+)/.exec(line)?.[1] ?? length);
      }
      assert.equal(length, documentBytes);
      return await receiveToEnd(socket);
    },
  },
  {
    name: "a fixed number of lines, then all that comes",
    request: "GET RFC 1234 P2P-CI/1.0\nHost: h\nOS: Linux\n",
    async read(socket) {
      for (let i = 0; i < 6; i++) await receiveLine(socket);
      return await receiveToEnd(socket);
    },
  },
];

for (const { name, request, read } of readers) {
  Deno.test({
    name: `RfcServer gives its document to a reader of ${name}`,
    ...withSocketsAndFiles,
    async fn() {
      await using server = await DocumentServer.start({ 1234: document });
      const { host, port } = server.endpoint;
      using socket = await Deno.connect({ hostname: host, port });
      await socket.write(new TextEncoder().encode(request));
      assert.equal(Buffer.compare(await read(socket), Buffer.from(document)), 0);
    },
  });
}
