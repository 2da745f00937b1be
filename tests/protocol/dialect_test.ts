import assert from "node:assert/strict";
import {
  dialectOf,
  givenDialect,
  readerPauseMs,
  type RequestForm,
} from "../../lib/protocol/dialect.ts";
import { pure } from "../helpers/permissions.ts";

const givenForm: RequestForm = {
  lineEnd: "\r\n",
  blankLine: true,
  endMark: undefined,
  spaceAfterColon: true,
  indented: false,
  version: "P2P-CI/1.0",
  recordPrefix: "RFC ",
  packing: "plain",
  awaitsReply: true,
};

/** Name and line form of the dialect that answers the given form but for some parts. */
function answerTo(change: Partial<RequestForm>): unknown[] {
  const { name, lineEnd, blankAfterStatus, blankAfterRecords, blankAfterHead, lasting } = dialectOf(
    { ...givenForm, ...change },
  );
  return [name, lineEnd, blankAfterStatus, blankAfterRecords, blankAfterHead, lasting];
}

Deno.test("dialectOf answers the lines of the handout as the handout does", pure, () => {
  const { name: _name, version: _version, ...rest } = dialectOf(givenForm);
  const { name: _givenName, version: _givenVersion, ...given } = givenDialect;
  assert.deepEqual(rest, given);
});

Deno.test("dialectOf answers each form by its row", pure, () => {
  assert.deepEqual(answerTo({ spaceAfterColon: false }), [
    "tight colon",
    "\r\n",
    false,
    true,
    true,
    false,
  ]);
  assert.deepEqual(answerTo({ blankLine: false }), [
    "CRLF without blank line",
    "\r\n",
    false,
    false,
    false,
    false,
  ]);
  assert.deepEqual(answerTo({ lineEnd: "\n" }), ["LF", "\n", false, false, true, false]);
  assert.deepEqual(answerTo({ lineEnd: "\r" }), ["LF", "\n", false, false, true, false]);
  assert.deepEqual(answerTo({ lineEnd: "\n", blankLine: false }), [
    "LF",
    "\n",
    false,
    false,
    false,
    false,
  ]);
  assert.deepEqual(answerTo({ lineEnd: "\n", indented: true }), [
    "a connection per request",
    "\n",
    false,
    false,
    false,
    true,
  ]);
  assert.deepEqual(answerTo({ lineEnd: "\n", endMark: "END" }), [
    "end mark",
    "\n",
    false,
    false,
    true,
    false,
  ]);
});

Deno.test("dialectOf paces documents for every form but the handout's lines", pure, () => {
  assert.equal(dialectOf(givenForm).pacingMs, 0);
  for (
    const change of [{ lineEnd: "\n" }, { blankLine: false }, { spaceAfterColon: false }, {
      lineEnd: "\n",
      indented: true,
    }] as const
  ) {
    assert.equal(dialectOf({ ...givenForm, ...change }).pacingMs, readerPauseMs);
  }
});

Deno.test("dialectOf keeps what is echoed: version, end mark, prefix, packing", pure, () => {
  const echoed = {
    version: "P2P-CI-v1.0.0",
    endMark: "EOF",
    recordPrefix: "RFC",
    packing: "writeUTF",
  } as const;
  const { version, endMark, recordPrefix, packing } = dialectOf({ ...givenForm, ...echoed });
  assert.deepEqual({ version, endMark, recordPrefix, packing }, echoed);
});
