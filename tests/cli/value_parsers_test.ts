import assert from "node:assert/strict";
import { formatMessage } from "@optique/core/message";
import type { ValueParser } from "@optique/core/valueparser";
import {
  endpoint,
  latency,
  listenPort,
  numberRanges,
  sha256Digest,
} from "../../lib/cli/value_parsers.ts";

/** The value of a text, or why it has none. */
function parsed<T>(parser: ValueParser<"sync", T>, text: string): T | string {
  const result = parser.parse(text);
  return result.success ? result.value : formatMessage(result.error);
}

Deno.test({
  name: "endpoint takes hosts and addresses of both families, with and without a port",
  permissions: "none",
  fn() {
    const parser = endpoint(7734);
    for (
      const [text, host, port] of [
        ["server.lan", "server.lan", 7734],
        ["server.lan:80", "server.lan", 80],
        ["192.0.2.7:80", "192.0.2.7", 80],
        ["::1", "::1", 7734],
        ["[::1]", "::1", 7734],
        ["[2001:db8::7]:80", "2001:db8::7", 80],
      ] as const
    ) {
      assert.deepEqual(parsed(parser, text), { host, port });
    }
  },
});

Deno.test({
  name: "endpoint says what it expected",
  permissions: "none",
  fn() {
    for (const text of ["", ":80", "h:0", "h:65536", "h:1e3", "a b", "[::1", "[::1]x"]) {
      assert.match(String(parsed(endpoint(7734), text)), /expected HOST\[:PORT\]/);
    }
    assert.match(String(parsed(endpoint(), "server.lan")), /expected HOST:PORT/);
  },
});

Deno.test({
  name: "endpoint.format gives what endpoint.parse takes",
  permissions: "none",
  fn() {
    const parser = endpoint();
    for (const text of ["server.lan:80", "[::1]:7734"]) {
      const result = parser.parse(text);
      assert.ok(result.success);
      assert.equal(parser.format(result.value), text);
    }
  },
});

Deno.test({
  name: "numberRanges takes numbers and ranges, and says what it expected",
  permissions: "none",
  fn() {
    const parser = numberRanges();
    assert.deepEqual(parsed(parser, "1,8600-8605"), [
      { first: 1, last: 1 },
      { first: 8600, last: 8605 },
    ]);
    for (const text of ["", "x", "0", "1e3", "-1", "5-4", "1-2-3", "10000000"]) {
      assert.match(String(parsed(parser, text)), /expected 1-9999999 or a range/);
    }
  },
});

Deno.test({
  name: "listenPort takes 0 to 65535",
  permissions: "none",
  fn() {
    assert.deepEqual([parsed(listenPort(), "0"), parsed(listenPort(), "65535")], [0, 65_535]);
    for (const text of ["65536", "-1", "1e3", "x"]) {
      assert.equal(typeof parsed(listenPort(), text), "string");
    }
  },
});

Deno.test({
  name: "sha256Digest takes a digest, and says what it expected",
  permissions: "none",
  fn() {
    const hex = "0a".repeat(32);
    assert.equal(parsed(sha256Digest(), `sha-256:${hex}`), hex);
    assert.match(String(parsed(sha256Digest(), "abc")), /expected sha-256: and 64 .*, got .*abc/);
  },
});

Deno.test({
  name: "latency takes milliseconds and seconds, up to a limit",
  permissions: "none",
  fn() {
    const values = ["0ms", "20ms", "0.5 ms", "1s", "5s"].map((text) => parsed(latency(), text));
    assert.deepEqual(values, [0, 20, 0.5, 1_000, 5_000]);
    for (const text of ["", "20", "-1ms", "1e3ms", "6s", "5001ms", "1h"]) {
      assert.match(
        String(parsed(latency(), text)),
        /expected a number with ms or s, at most 5000 ms/,
      );
    }
  },
});
