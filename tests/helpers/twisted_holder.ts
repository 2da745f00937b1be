/**
 * Holders that give extensions and get something wrong, for tests of those who believe nobody.
 */
import { createHash } from "node:crypto";
import { findByteRange, formatContentRange } from "../../lib/protocol/byte_range.ts";
import { formatDigestField } from "../../lib/protocol/digest.ts";
import { joinBytes } from "../../lib/protocol/packing.ts";
import type { RawClient } from "./raw_client.ts";
import { type Script, ScriptedServer } from "./scripted_server.ts";
import { bytesOf } from "./wire.ts";

/** The fields of a reply, to be changed. */
export type ReplyFields = Map<string, string>;

/** What is wrong with the replies of a holder. */
export interface Twist {
  /** Makes a status line of the right one. */
  readonly status?: (right: string) => string;
  /** Changes the fields; `count` is how many replies went before. */
  readonly fields?: (fields: ReplyFields, count: number) => void;
  /** Makes what is sent of the right bytes. */
  readonly bytes?: (right: Uint8Array, first: number) => Uint8Array;
  /** Sends head and bytes. @default at once */
  readonly send?: (client: RawClient, head: string, bytes: Uint8Array) => Promise<void>;
}

/** SHA-256 in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A document of so many bytes, no two pieces of which are the same. */
export function longDocument(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}

/** A holder that has a document under every number, and answers with a twist. */
export class TwistedHolder extends ScriptedServer {
  /** The heads of the requests that came. */
  readonly requests: string[];

  constructor(document: Uint8Array, twist: Twist = {}) {
    const requests: string[] = [];
    super(answeringAll(document, twist, requests));
    this.requests = requests;
  }
}

function answeringAll(document: Uint8Array, twist: Twist, requests: string[]): Script {
  const etag = `"${sha256Of(document).slice(0, 8)}"`;
  return async (client) => {
    for (;;) {
      const request = await client.readHead();
      if (request === "") return;
      requests.push(request);
      const asked = /^Range: (.*)\r$/m.exec(request)?.[1];
      const part = asked === undefined ? undefined : findByteRange(asked, document.length);
      const range = part === "unsatisfiable" ? undefined : part;
      const right = range === undefined ? document : document.subarray(range.first, range.last + 1);
      const fields: ReplyFields = new Map([["Content-Length", String(right.length)]]);
      if (range !== undefined) {
        fields.set("Content-Range", formatContentRange(range, document.length));
      }
      fields.set("ETag", etag);
      if (/^Want-Content-Digest/m.test(request)) {
        fields.set("Content-Digest", formatDigestField(sha256Of(right)));
      }
      fields.set("Repr-Digest", formatDigestField(sha256Of(document)));
      fields.set("Connection", "keep-alive");
      twist.fields?.(fields, requests.length - 1);
      const status = range === undefined ? "200 OK" : "206 Partial Content";
      const lines = Array.from(fields, ([name, value]) => `${name}: ${value}\r\n`);
      const head = `P2P-CI/1.0 ${twist.status?.(status) ?? status}\r\n${lines.join("")}\r\n`;
      const bytes = twist.bytes?.(right, range?.first ?? 0) ?? right;
      await (twist.send ?? sendAtOnce)(client, head, bytes);
    }
  };
}

async function sendAtOnce(client: RawClient, head: string, bytes: Uint8Array): Promise<void> {
  await client.send(joinBytes(bytesOf(head), bytes));
}
