import assert from "node:assert/strict";
import { HandoutFields, handoutLines } from "../../lib/protocol/handout_fields.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { pure } from "../helpers/permissions.ts";

const line = "ADD RFC 1 P2P-CI/1.0\r\n";

Deno.test("HandoutFields finds the fields of a request by their names", pure, () => {
  const fields = new HandoutFields(
    `${line}Host:  h \r\nPort: 5678\r\nTitle: Host: not this one\r\n\r\n`,
  );
  assert.equal(fields.get("host"), "h");
  assert.equal(fields.require("port"), "5678");
  assert.equal(fields.get("title"), "Host: not this one");
  assert.equal(fields.get("os"), undefined);
  assert.equal(fields.get("connection"), undefined);
  assert.throws(() => fields.require("cookie"), ProtocolError);
  assert.throws(() => new HandoutFields(`${line}Host: \r\n\r\n`).require("host"), ProtocolError);
});

Deno.test("handoutLines match no other field, none twice, and no control character", pure, () => {
  const pattern = new RegExp(`^${handoutLines}$`);
  assert.match("Host: h\r\nPort: 1\r\nOS: o\r\nTitle: t\r\nCookie: 1\r\n", pattern);
  assert.match("Host: \r\nTitle: a\tb\r\n", pattern);
  for (
    const others of [
      "Host: h\r\nHost: h\r\n",
      "Host: h\r\nConnection: keep-alive\r\n",
      "Title: t\r\nHost: h\r\n",
      "host: h\r\n",
      "Host: h\n",
      "Host: \0\r\n",
    ]
  ) {
    assert.doesNotMatch(others, pattern);
  }
});
