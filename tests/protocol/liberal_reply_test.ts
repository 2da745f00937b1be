import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCiRecord } from "../../lib/protocol/ci_record.ts";
import {
  findRecord,
  findStatusLine,
  isEndMark,
  parseStatusLine,
} from "../../lib/protocol/liberal_reply.ts";
import { maxLineBytes } from "../../lib/protocol/limits.ts";
import { ciRecords } from "../helpers/arbitraries.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

Deno.test("findStatusLine reads status lines in every spelling", pure, () => {
  for (
    const [line, status, phrase] of [
      ["P2P-CI/1.0 200 OK", 200, "OK"],
      ["P2P-CI-v1.0.0 404 Not Found", 404, "Not Found"],
      ["P2P-CI/1.0  505  P2P-CI Version Not Supported ", 505, "P2P-CI Version Not Supported"],
      ["505 P2P-CI Version Not Supported", 505, "P2P-CI Version Not Supported"],
      ["p2p-ci/1.0 200 ok", 200, "ok"],
      ["200", 200, ""],
    ] as const
  ) {
    assert.deepEqual(findStatusLine(line), { status, phrase });
  }
});

Deno.test("findStatusLine finds none in records and documents", pure, () => {
  for (const line of ["", "RFC 200 OK h 1", "Network Working Group", "2001 A Title h 1", "END"]) {
    assert.equal(findStatusLine(line), undefined);
  }
});

Deno.test("parseStatusLine refuses what is no status line", pure, () => {
  assert.throws(() => parseStatusLine("HELO"), refusal(400));
});

Deno.test("findRecord reads what the handout writes, whatever the title", pure, () => {
  fc.assert(fc.property(ciRecords, (record) => {
    const title = record.title.replaceAll(/<(?:sp|c)>/gi, "");
    fc.pre(title === record.title && !/[\s,]$|^[\s,]/.test(title) && !/[,:/]/.test(record.host));
    assert.deepEqual(findRecord(formatCiRecord(record)), record);
  }));
});

Deno.test("findRecord reads records in every spelling", pure, () => {
  const six = { number: 6, title: "Conversation with Bob Kahn", host: "h", port: 5678 };
  for (
    const line of [
      "RFC 6 Conversation with Bob Kahn h 5678",
      "RFC6 Conversation with Bob Kahn h 5678",
      "RFC: 6 Conversation with Bob Kahn h 5678",
      "6 Conversation with Bob Kahn h 5678",
      "RFC<sp>6<sp>Conversation with Bob Kahn<sp>h<sp>5678",
      "RFC 6, Conversation with Bob Kahn, h, 5678",
      "RFC 6\tConversation with Bob Kahn\th\t5678",
      "RFC 6 Conversation with Bob Kahn\r h\r 5678\r",
      "RFC 6 Conversation with Bob Kahn h:5678",
      "RFC: 6\tTitle: Conversation with Bob Kahn\tHost: h\tPort: 5678",
      "RFC Number: 6, Title: Conversation with Bob Kahn, Hostname: h, Port: 5678",
    ]
  ) {
    assert.deepEqual(findRecord(line), six, line);
  }
  assert.deepEqual(findRecord("RFC 6 T peer/192.0.2.7:49152 5678"), {
    number: 6,
    title: "T",
    host: "192.0.2.7",
    port: 5678,
  });
});

Deno.test("findRecord keeps names of fields in the title of a record without any", pure, () => {
  assert.equal(findRecord("RFC 6 On Host: and Port: h 5678")?.title, "On Host: and Port:");
});

Deno.test("findRecord finds none in other lines", pure, () => {
  for (const line of ["", "END", "P2P-CI/1.0 200 OK", "RFC 6", "RFC x T h 1", "RFC 6 T h 70000"]) {
    assert.equal(findRecord(line), undefined, line);
  }
});

Deno.test("findRecord takes no longer for lines made to confuse it", pure, () => {
  for (const filling of [",", " ", ", ", "a ", ":", "Host: "]) {
    findRecord(`RFC 1 ${filling.repeat(maxLineBytes / filling.length)}x`);
  }
});

Deno.test("isEndMark knows the lines that end replies", pure, () => {
  assert.deepEqual(["END", " EOF ", "EOP"].map(isEndMark), [true, true, true]);
  assert.deepEqual(["", "THE END", "end of it"].map(isEndMark), [false, false, false]);
});

Deno.test("the readers of replies throw nothing, whatever the line", pure, () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (line) => {
    findStatusLine(line);
    findRecord(line);
    isEndMark(line);
  }));
});
