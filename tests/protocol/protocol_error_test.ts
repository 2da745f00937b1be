import assert from "node:assert/strict";
import { ProtocolError, quoted } from "../../lib/protocol/protocol_error.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

function raise(error: Error): never {
  throw error;
}

Deno.test("ProtocolError knows nothing that it was not told", pure, () => {
  const error = new ProtocolError(400, "Cannot do it");
  assert.throws(
    () => raise(error),
    refusal(400, { protocol: undefined, framingLost: false }),
  );
  assert.equal(error.message, "Cannot do it");
});

Deno.test("ProtocolError.withProtocol changes nothing else", pure, () => {
  const error = new ProtocolError(505, "Cannot do it", { framingLost: true });
  const known = error.withProtocol("P2P-DI");
  assert.throws(() => raise(known), refusal(505, { protocol: "P2P-DI", framingLost: true }));
  assert.equal(known.message, error.message);
});

Deno.test("ProtocolError.withFramingLost changes nothing else", pure, () => {
  const error = new ProtocolError(505, "Cannot do it", { protocol: "P2P-DI" });
  const lost = error.withFramingLost();
  assert.throws(() => raise(lost), refusal(505, { protocol: "P2P-DI", framingLost: true }));
  assert.equal(lost.message, error.message);
});

Deno.test("quoted shows control characters and cuts long values", pure, () => {
  assert.equal(quoted('a "b"\0\r\n\x1b'), String.raw`"a \"b\"\u0000\r\n\u001b"`);
  assert.equal(quoted("x".repeat(40)), `"${"x".repeat(40)}"`);
  assert.equal(quoted("x".repeat(41)), `"${"x".repeat(40)}…"`);
});
