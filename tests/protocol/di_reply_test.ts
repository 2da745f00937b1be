import assert from "node:assert/strict";
import fc from "fast-check";
import {
  encodeIndex,
  encodePeers,
  findPeer,
  formatPeer,
  parsePeer,
} from "../../lib/protocol/di_reply.ts";
import { endpoints } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { concat, refusal, textOf } from "../helpers/wire.ts";
import * as vectors from "../vectors/distributed_index.ts";
import type { Exchange } from "../vectors/handout.ts";
import { wrongNumberWords } from "../vectors/wrong_numbers.ts";

/** What stands behind the head of a reply. */
function contentOf({ reply }: Exchange): string {
  return reply.slice(reply.indexOf("\r\n\r\n") + 4);
}

Deno.test("encodePeers writes the bytes of the specification", pure, () => {
  const peers = [{ host: "2001:db8::7", port: 50_002 }];
  assert.equal(textOf(concat([...encodePeers(peers)])), contentOf(vectors.peerQuery));
  assert.deepEqual([...encodePeers([])], []);
});

Deno.test("encodeIndex writes the bytes of the specification", pure, () => {
  const records = [{
    number: 1_234,
    title: "Tunneling IPX Traffic through IP Networks",
    host: "peer1.example.org",
    port: 50_001,
    ttlSeconds: 7_200,
  }];
  assert.equal(textOf(concat([...encodeIndex(records)])), contentOf(vectors.getIndex));
  assert.deepEqual([...encodeIndex([])], []);
});

Deno.test("parsePeer reads host and port", pure, () => {
  assert.deepEqual(parsePeer("peer1.example.org 50001"), {
    host: "peer1.example.org",
    port: 50_001,
  });
  assert.deepEqual(parsePeer(" [2001:db8::7]   080 "), { host: "2001:db8::7", port: 80 });
});

Deno.test("parsePeer refuses what names no peer", pure, () => {
  const wrong = ["", "h", "80", "h:80", "h 80 7200", "h\t80", "h 0", "h 65536", "hôte 80"];
  const ports = wrongNumberWords.map((port) => `h ${port}`);
  for (const line of [...wrong, ...ports, `${"h".repeat(256)} 80`]) {
    assert.throws(() => parsePeer(line), refusal(400), JSON.stringify(line));
  }
});

Deno.test("parsePeer reads what formatPeer writes", pure, () => {
  fc.assert(
    fc.property(endpoints, (endpoint) => {
      assert.deepEqual(parsePeer(formatPeer(endpoint)), endpoint);
    }),
  );
});

Deno.test(
  "findPeer reads host and port in other spellings, and passes over other lines",
  pure,
  () => {
    const peer = { host: "peer1.example.org", port: 50001 };
    for (
      const line of [
        "peer1.example.org 50001",
        "peer1.example.org, 50001",
        "Host: peer1.example.org Port: 50001",
        "Hostname:peer1.example.org  port=50001 ",
      ]
    ) {
      assert.deepEqual(findPeer(line), peer, line);
    }
    for (const line of ["", "Peer Details:", "peer1", "peer1.example.org 70000", "a b c"]) {
      assert.equal(findPeer(line), undefined, line);
    }
  },
);
