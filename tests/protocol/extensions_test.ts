import assert from "node:assert/strict";
import {
  type Extensions,
  givenForm,
  isGzip,
  readExtensions,
} from "../../lib/protocol/extensions.ts";
import { pure } from "../helpers/permissions.ts";
import { headOf } from "../helpers/wire.ts";
import { exchanges as distributedIndex } from "../vectors/distributed_index.ts";
import { exchanges as handout } from "../vectors/handout.ts";

function extensionsOf(...fields: string[]): Extensions {
  return readExtensions(headOf(["GET RFC 1 P2P-CI/1.0", ...fields, "", ""].join("\r\n")).fields);
}

Deno.test("readExtensions finds nothing asked for in the given form", pure, () => {
  for (const { request } of [...handout, ...distributedIndex]) {
    assert.equal(readExtensions(headOf(request).fields), givenForm);
  }
  assert.equal(givenForm.asked, false);
});

Deno.test("readExtensions finds each extension by itself", pure, () => {
  const asked: readonly [field: string, found: Partial<Extensions>][] = [
    ["Connection: keep-alive", { keepAlive: true }],
    ["Accept: application/x-ndjson", { ndjson: true }],
    ["Want-Content-Digest: sha-256=1", { contentDigest: true }],
    ["Want-Repr-Digest: sha-256=1", { reprDigest: true }],
    ["Range: bytes=0-1", { range: "bytes=0-1" }],
    ['If-Range: "tag"', { ifRange: '"tag"' }],
    ["If-None-Match: *", { ifNoneMatch: "*" }],
  ];
  for (const [field, found] of asked) {
    assert.deepEqual(extensionsOf(field), { ...givenForm, asked: true, ...found }, field);
  }
});

Deno.test("readExtensions finds that a list in NDJSON may be compressed", pure, () => {
  const ndjson = "Accept: application/x-ndjson";
  for (const value of ["gzip", "br, GZIP;q=0.5", "gzip; q=1.000", "identity,gzip"]) {
    assert.equal(extensionsOf(ndjson, `Accept-Encoding: ${value}`).gzip, true, value);
  }
  for (const value of ["", "br", "gzip;q=0", "gzip ; Q=0.000", "gzipped", "*"]) {
    assert.equal(extensionsOf(ndjson, `Accept-Encoding: ${value}`).gzip, false, value);
  }
  assert.equal(extensionsOf("Accept-Encoding: gzip"), givenForm);
});

Deno.test("isGzip tells whether a content is compressed, and refuses other codings", pure, () => {
  const isCompressed = (...fields: string[]) =>
    isGzip(headOf(["P2P-DI/1.0 200 OK", ...fields, "", ""].join("\r\n")).fields);
  assert.equal(isCompressed(), false);
  assert.equal(isCompressed("Content-Encoding: identity"), false);
  assert.equal(isCompressed("content-encoding:  GZip"), true);
  assert.throws(() => isCompressed("Content-Encoding: br"), /no coding but gzip, got "br"/);
});

Deno.test("readExtensions finds several at once", pure, () => {
  assert.deepEqual(extensionsOf("connection: Keep-Alive", "RANGE: bytes=5-"), {
    ...givenForm,
    asked: true,
    keepAlive: true,
    range: "bytes=5-",
  });
});

Deno.test("readExtensions finds a token in a list, in any case and with parameters", pure, () => {
  for (const value of ["KEEP-ALIVE", "x, keep-alive", "keep-alive,close", " keep-alive ;x=1"]) {
    assert.equal(extensionsOf(`Connection: ${value}`).keepAlive, true, value);
  }
  const accepted = ["Application/X-NDJSON", "text/plain, application/x-ndjson;q=0.5"];
  for (const value of accepted) assert.equal(extensionsOf(`Accept: ${value}`).ndjson, true, value);
});

Deno.test("readExtensions takes a weight of 1 to 10 for a wanted digest", pure, () => {
  for (const value of ["sha-256=1", "sha-256=10", "md5=1, sha-256=3", "sha-256=5 ,\tsha-512=9"]) {
    assert.equal(extensionsOf(`Want-Content-Digest: ${value}`).contentDigest, true, value);
  }
});

Deno.test("readExtensions lets values that it does not understand ask for nothing", pure, () => {
  const fields = [
    "Connection: close",
    "Connection: keep-alives",
    "Connection: not keep-alive",
    "Connection:",
    "Accept: text/plain",
    "Accept: application/json",
    "Accept: */*",
    "Want-Content-Digest: sha-256=0",
    "Want-Content-Digest: sha-256=11",
    "Want-Content-Digest: sha-256=-1",
    "Want-Content-Digest: sha-256=1e1",
    "Want-Content-Digest: sha-256",
    "Want-Content-Digest: sha-512=1",
    "Want-Repr-Digest: x-sha-256=1",
    "Size: 5",
  ];
  for (const field of fields) assert.equal(extensionsOf(field), givenForm, field);
});
