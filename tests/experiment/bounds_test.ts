import assert from "node:assert/strict";
import { clientServerBound, peerToPeerBound } from "../../lib/experiment/bounds.ts";
import { pure } from "../helpers/permissions.ts";

/** Five peers that want 50 documents of a byte each, all uplinks a byte a second. */
const course = { peers: 5, bytes: 50, serverUplink: 1, peerUplinks: [1, 1, 1, 1, 1] };

Deno.test(
  "clientServerBound: the server sends every copy, or the slowest peer takes longest",
  pure,
  () => {
    assert.equal(clientServerBound(course), 250);
    assert.equal(clientServerBound({ ...course, slowestDownlink: 0.1 }), 500);
  },
);

Deno.test(
  "peerToPeerBound: one copy has to leave the server, all uplinks send all copies",
  pure,
  () => {
    assert.equal(peerToPeerBound(course), 50);
    assert.equal(peerToPeerBound({ ...course, serverUplink: 2 }), 250 / 7);
    assert.equal(peerToPeerBound({ ...course, slowestDownlink: 0.5 }), 100);
  },
);
