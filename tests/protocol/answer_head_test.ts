import assert from "node:assert/strict";
import { findAnswerHead } from "../../lib/protocol/answer_head.ts";
import { maxHeadBytes } from "../../lib/protocol/limits.ts";
import { pure } from "../helpers/permissions.ts";
import { bytesOf, refusal } from "../helpers/wire.ts";

const status = "P2P-CI/1.0 200 OK\n";

/** The length of the head in a whole answer, and the length that it states. */
function headOf(answer: string): [number, string | undefined] {
  const head = findAnswerHead(bytesOf(answer), true);
  assert.ok(head);
  return [head.length, head.fields.get("content-length")];
}

Deno.test("findAnswerHead waits for the line that shows the end of the head", pure, () => {
  const head = "P2P-CI/1.0 200 OK\r\nDate: today\r\nContent-Length: 2\r\n";
  const bytes = bytesOf(`${head}\r\nab`);
  for (let length = 0; length < head.length + 2; length++) {
    assert.equal(findAnswerHead(bytes.subarray(0, length), false), undefined, `${length} bytes`);
  }
  assert.equal(findAnswerHead(bytes.subarray(0, head.length + 2), false)?.length, head.length);
});

Deno.test("findAnswerHead goes on behind blank lines that the dates brought", pure, () => {
  const heads = [
    "Date: today GMT\n\nOS: Any\nLast-Modified: then GMT\n\nContent-Length: 1\nContent-Type: t\n",
    "Date: today GMT\n\r\nOS: Any\r\nLast-Modified: then GMT\n\r\nContent-Length: 1\r\n",
    "\nDate: today\nOS: Any\nLast Modified: then\nContent-Length: 1\nContent-Type: PDF\n",
  ];
  for (const fields of heads) {
    for (const behind of ["\n\n\nNetwork", "\nNetwork", "Network Working Group\n"]) {
      assert.deepEqual(headOf(`${status}${fields}${behind}`), [
        status.length + fields.length,
        "1",
      ]);
    }
    const bytes = bytesOf(`${status}${fields}Network`);
    for (let length = 0; length < bytes.length - "Network".length; length++) {
      assert.equal(findAnswerHead(bytes.subarray(0, length), false), undefined);
    }
  }
});

Deno.test("findAnswerHead ends at the blank line behind a stated length, or an error", pure, () => {
  const stated = `${status}Content-Length: 9\n`;
  assert.equal(headOf(`${stated}\nOS: Any\n`)[0], stated.length);
  const missing = "P2P-CI/1.0 404 Not Found\n";
  assert.equal(findAnswerHead(bytesOf(`${missing}\n`), false)?.length, missing.length);
});

Deno.test("findAnswerHead knows the names of fields that some write in two words", pure, () => {
  const head = `${status}Date: 1\nLast Modified: 2\nContent Length: 3\n`;
  assert.deepEqual(headOf(`${head}abc`), [head.length, "3"]);
});

Deno.test(
  "findAnswerHead leaves to a document what looks like a field behind the last",
  pure,
  () => {
    const head = `${status}Date: 1\nX-Lab: 2\nContent-Length: 3\n`;
    assert.equal(headOf(`${head}RFC: 791\nReplaces: RFC 760\nText`)[0], head.length);
    assert.equal(headOf(`${head}X-Last: 3\n\nText`)[0], head.length + "X-Last: 3\n".length);
    assert.equal(headOf(`${head}Request for Comments: 1\n`)[0], head.length);
  },
);

Deno.test("findAnswerHead takes no more than a head may have", pure, () => {
  const endless = status + "Date: 1\n".repeat(maxHeadBytes);
  assert.throws(() => findAnswerHead(bytesOf(endless), false), refusal(400));
  const binary = status + "x".repeat(maxHeadBytes);
  assert.equal(findAnswerHead(bytesOf(binary), false)?.length, status.length);
});
