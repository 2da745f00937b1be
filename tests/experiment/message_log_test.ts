import assert from "node:assert/strict";
import { MessageLog } from "../../lib/experiment/message_log.ts";
import { pure } from "../helpers/permissions.ts";

const remote = { host: "192.0.2.10", port: 7734 };
const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("MessageLog: keeps the first two exchanges of each kind, byte for byte", pure, () => {
  const log = new MessageLog();
  const first = log.listener("ci", 0);
  const second = log.listener("ci", 1);
  const lookup = (number: number) => bytes(`LOOKUP RFC ${number} P2P-CI/1.0\r\n\r\n`);
  first({ direction: "sent", remote, bytes: lookup(1) });
  second({ direction: "sent", remote, bytes: lookup(2) });
  second({ direction: "received", remote, bytes: bytes("P2P-CI/1.0 404 Not Found\r\n\r\n") });
  first({ direction: "received", remote, bytes: bytes("P2P-CI/1.0 200 OK\r\n\r\n") });
  first({ direction: "received", remote, bytes: bytes("RFC 1 T h 1\r\n"), continued: true });
  first({ direction: "sent", remote, bytes: lookup(3) });
  first({ direction: "received", remote, bytes: bytes("P2P-CI/1.0 200 OK\r\n\r\n") });
  first({ direction: "sent", remote, bytes: bytes("GET RFC 1 P2P-CI/1.0\r\n\r\n") });
  first({
    direction: "received",
    remote,
    bytes: bytes("P2P-CI/1.0 200 OK\r\n\r\n"),
    documentBytes: 7,
  });
  assert.equal(
    log.text.replaceAll("\r\n", "\n"),
    `--> peer 0 to 192.0.2.10:7734
LOOKUP RFC 1 P2P-CI/1.0

<-- peer 0 from 192.0.2.10:7734
P2P-CI/1.0 200 OK

RFC 1 T h 1
--> peer 1 to 192.0.2.10:7734
LOOKUP RFC 2 P2P-CI/1.0

<-- peer 1 from 192.0.2.10:7734
P2P-CI/1.0 404 Not Found

--> peer 0 to 192.0.2.10:7734
GET RFC 1 P2P-CI/1.0

<-- peer 0 from 192.0.2.10:7734
P2P-CI/1.0 200 OK

[7 bytes of document]

`,
  );
});
