import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findPort,
  formatEndpoint,
  isLoopback,
  parseEndpoint,
  parseHost,
  parsePort,
} from "../../lib/protocol/endpoint.ts";
import { maxHostBytes } from "../../lib/protocol/limits.ts";
import { hosts, ports } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";
import { wrongNumbers } from "../vectors/wrong_numbers.ts";

Deno.test("findPort and parsePort read every port that there is", pure, () => {
  for (
    const [text, port] of [["1", 1], ["65535", 65_535], ["00080", 80], ["07734", 7_734]] as const
  ) {
    assert.equal(findPort(text), port);
    assert.equal(parsePort(text), port);
  }
  fc.assert(fc.property(ports, (port) => findPort(String(port)) === port));
});

Deno.test("findPort and parsePort refuse all else", pure, () => {
  for (const text of [...wrongNumbers, "0", "00000", "65536", "70000", "000001", "99999999999"]) {
    assert.equal(findPort(text), undefined, JSON.stringify(text));
    assert.throws(() => parsePort(text), refusal(400, { framingLost: false }));
  }
});

Deno.test("parseHost takes names and addresses as they are", pure, () => {
  for (
    const host of ["h", "thishost.csc.ncsu.edu", "192.0.2.7", "2001:db8::7", "::1", "a/1.2.3.4:5"]
  ) {
    assert.equal(parseHost(host), host);
  }
  fc.assert(fc.property(hosts, (host) => parseHost(host) === host));
});

Deno.test("parseHost drops the brackets of an IPv6 address", pure, () => {
  assert.equal(parseHost("[2001:db8::7]"), "2001:db8::7");
  assert.equal(parseHost("[::1]"), "::1");
});

Deno.test("parseHost keeps brackets that do not enclose the whole host", pure, () => {
  for (const host of ["a[b]", "[a]b", "[a][b]", "[]", "[[a]]"]) assert.equal(parseHost(host), host);
});

Deno.test("parseHost refuses what is no host", pure, () => {
  for (const text of ["", " ", "two words", " h", "h\t", "h\0", "h\r\n", "hôte", "日本", "\x7f"]) {
    assert.throws(
      () => parseHost(text),
      refusal(400, { framingLost: false }),
      JSON.stringify(text),
    );
  }
});

Deno.test("parseHost takes a host at the limit and refuses one past it", pure, () => {
  const longest = "h".repeat(maxHostBytes);
  assert.equal(parseHost(longest), longest);
  assert.throws(() => parseHost(`${longest}h`), refusal(400));
});

Deno.test("parseEndpoint reads endpoints as people type them", pure, () => {
  const endpoints = {
    "127.0.0.1:7734": ["127.0.0.1", 7_734],
    "localhost:1": ["localhost", 1],
    "[::1]:7734": ["::1", 7_734],
    "[2001:db8::1]:65535": ["2001:db8::1", 65_535],
    "[localhost]:80": ["localhost", 80],
  };
  for (const [text, [host, port]] of Object.entries(endpoints)) {
    assert.deepEqual(parseEndpoint(text), { host, port }, text);
    assert.deepEqual(parseEndpoint(text, 99), { host, port }, text);
  }
});

Deno.test("parseEndpoint takes the default port if none is typed", pure, () => {
  const hosts = {
    "localhost": "localhost",
    "192.0.2.7": "192.0.2.7",
    "[2001:db8::1]": "2001:db8::1",
    "2001:db8::1": "2001:db8::1",
    "2001:db8::1:7734": "2001:db8::1:7734",
    "::1": "::1",
    "::": "::",
    "::FFFF:192.0.2.7": "::FFFF:192.0.2.7",
    "fe80::1%eth0": "fe80::1%eth0",
  };
  for (const [text, host] of Object.entries(hosts)) {
    assert.deepEqual(parseEndpoint(text, 7_734), { host, port: 7_734 }, text);
    assert.throws(() => parseEndpoint(text), RangeError, text);
  }
});

Deno.test("parseEndpoint refuses what is no endpoint", pure, () => {
  const wrong = [
    "",
    ":",
    ":80",
    "h:",
    "h:0",
    "h:65536",
    "h:1e3",
    "h:-1",
    "h: 80",
    "h:0x50",
    "two words:80",
    "[::1",
    "::1]",
    "[]:80",
    "[::1]80",
    "[::1]:",
    "[::1]:70000",
    "[[::1]]:80",
    "http://h:80",
    "h:80:90",
    "h:80:",
    "::1:x",
    "h\0:80",
    "hôte:80",
    `${"h".repeat(maxHostBytes + 1)}:80`,
  ];
  for (const text of wrong) {
    assert.throws(() => parseEndpoint(text, 7_734), RangeError, JSON.stringify(text));
  }
});

Deno.test("parseEndpoint says what it expected", pure, () => {
  assert.throws(
    () => parseEndpoint("h:70000"),
    /expected HOST:PORT with a port of 1-65535, got "h:70000"/,
  );
  assert.throws(
    () => parseEndpoint("h:70000", 80),
    /expected HOST\[:PORT\] with a port of 1-65535, got "h:70000"/,
  );
});

Deno.test("parseEndpoint reads what formatEndpoint writes", pure, () => {
  const typedHosts = hosts.filter((host) => !/[[\]]/.test(host));
  fc.assert(
    fc.property(typedHosts, ports, (host, port) => {
      assert.deepEqual(parseEndpoint(formatEndpoint({ host, port })), { host, port });
    }),
  );
});

Deno.test("parseEndpoint gives an endpoint or a RangeError, whatever the text", pure, () => {
  const text = fc.string({ unit: fc.constantFrom(..."[]:.a1 %\0é") });
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), fc.option(ports, { nil: undefined }), (text, port) => {
      try {
        const endpoint = parseEndpoint(text, port);
        assert.equal(parsePort(String(endpoint.port)), endpoint.port);
        assert.equal(parseHost(endpoint.host), endpoint.host);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("formatEndpoint sets an IPv6 address in brackets", pure, () => {
  assert.equal(formatEndpoint({ host: "127.0.0.1", port: 7_734 }), "127.0.0.1:7734");
  assert.equal(formatEndpoint({ host: "::1", port: 7_734 }), "[::1]:7734");
});

Deno.test("isLoopback knows this machine's own addresses", pure, () => {
  for (const host of ["localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "::1"]) {
    assert.equal(isLoopback(host), true, host);
  }
  const others = [
    "",
    "localhost.example",
    "128.0.0.1",
    "127.0.0.1.example",
    "1127.0.0.1",
    "::",
    "::11",
  ];
  for (const host of others) assert.equal(isLoopback(host), false, host);
});
