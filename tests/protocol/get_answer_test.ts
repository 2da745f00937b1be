import assert from "node:assert/strict";
import fc from "fast-check";
import { findAnswerHead } from "../../lib/protocol/answer_head.ts";
import { findDocumentStart, isComplete } from "../../lib/protocol/get_answer.ts";
import { pure } from "../helpers/permissions.ts";
import { bytesOf, refusal, textOf } from "../helpers/wire.ts";

const document = "\n\nNetwork Working Group\n\nRequest for Comments: 1\n";

/** The document in an answer; undefined if it is shorter than stated. */
function documentIn(answer: string): string | undefined {
  const bytes = bytesOf(answer);
  const head = findAnswerHead(bytes, true);
  assert.ok(head);
  const rest = bytes.subarray(head.length);
  const start = findDocumentStart(rest, head);
  return start === undefined ? undefined : textOf(rest.subarray(start));
}

function head(lineEnd: string, length?: number): string {
  const lines = ["P2P-CI/1.0 200 OK", "Date: today", "OS: Any"];
  if (length !== undefined) lines.push(`Content-Length: ${length}`);
  return lines.map((line) => line + lineEnd).join("");
}

Deno.test(
  "findDocumentStart finds the document behind a blank line or at once, by its length",
  pure,
  () => {
    for (const lineEnd of ["\r\n", "\n"]) {
      const stated = head(lineEnd, document.length);
      assert.equal(documentIn(stated + lineEnd + document), document);
      assert.equal(documentIn(stated + document), document);
      assert.equal(documentIn(`${stated} RFC Data: \n${document}`), document);
      assert.equal(documentIn(`${head(lineEnd)}${lineEnd}${document}`), document);
    }
  },
);

Deno.test("findDocumentStart takes an answer without head or fields as the document", pure, () => {
  const text = "Network Working Group\n";
  assert.equal(documentIn(text), text);
  assert.equal(documentIn(`P2P-CI/1.0 200 OK\n${text}`), text);
});

Deno.test("findDocumentStart accepts a length that is counted in characters", pure, () => {
  const text = "\ufeffRFC \u{1f600} Zürich\n";
  const points = Array.from(text).length;
  const bytes = bytesOf(text);
  assert.ok(points < text.length && text.length < bytes.length);
  for (const length of [points, text.length, bytes.length]) {
    assert.equal(
      textOf(new Uint8Array(bytesOf(documentIn(`${head("\n", length)}\n${text}`)!))),
      text,
    );
  }
});

Deno.test(
  "findDocumentStart does not take a document's blank line for one character less",
  pure,
  () => {
    const text = "\n\nNetwork Working Group\n\nZürich\n";
    const answer = head("\r\n", text.length) + text;
    assert.equal(textOf(new Uint8Array(bytesOf(documentIn(answer)!))), text);
    assert.equal(documentIn(`${head("\r\n", document.length)}\n${document}`), document);
  },
);

Deno.test(
  "findDocumentStart accepts up to four bytes too many, but not from the given form",
  pure,
  () => {
    // Not one that begins with a blank line, which could be the byte too many.
    const text = document.trimStart();
    const overstated = (lineEnd: string, extra: number) =>
      documentIn(head(lineEnd, text.length + extra) + lineEnd + text);
    for (const extra of [2, 4]) assert.equal(overstated("\n", extra), text);
    assert.equal(overstated("\n", 7), undefined);
    assert.equal(overstated("\r\n", 4), undefined);
  },
);

Deno.test("findDocumentStart refuses a document that is longer than stated", pure, () => {
  assert.throws(() => documentIn(`${head("\n", 5)}\n${document}`), refusal(400));
});

Deno.test("findDocumentStart takes all of a document that comes without a head", pure, () => {
  for (const text of [document, `\r\n${document}`]) assert.equal(documentIn(text), text);
});

Deno.test(
  "findDocumentStart tells the document's blank lines by their ends and number",
  pure,
  () => {
    for (
      const answer of [
        `P2P-CI/1.0 200 OK\n${document}`,
        `P2P-CI/1.0 200 OK\r\n${document}`,
        `P2P-CI/1.0 200 OK\r\n\r\n${document}`,
        `${head("\r\n")}${document}`,
        `${head("\r\n")}\r\n${document}`,
      ]
    ) {
      assert.equal(documentIn(answer), document, JSON.stringify(answer));
    }
    assert.equal(documentIn("P2P-CI/1.0 200 OK\n\nNetwork\n"), "Network\n");
  },
);

Deno.test("isComplete goes by the stated length alone", pure, () => {
  const stated = findAnswerHead(bytesOf(`${head("\n", 2)}\n`), false)!;
  assert.deepEqual(
    ["", "a", "ab", "\nab", "abcd"].map((text) => isComplete(bytesOf(text), stated)),
    [
      false,
      false,
      true,
      true,
      false,
    ],
  );
  const unstated = findAnswerHead(bytesOf(`${head("\n")}\n`), true)!;
  assert.equal(isComplete(bytesOf("ab"), unstated), false);
});

Deno.test("reading an answer throws nothing but ProtocolError, whatever comes", pure, () => {
  const pieces = fc.constantFrom(
    "P2P-CI/1.0 200 OK",
    "\r\n",
    "\n",
    "Content-Length: 3",
    "x",
    " RFC Data: ",
  );
  const answers = fc.oneof(fc.array(pieces).map((all) => bytesOf(all.join(""))), fc.uint8Array());
  fc.assert(fc.property(answers, fc.boolean(), (bytes, isAll) => {
    try {
      const found = findAnswerHead(bytes, isAll);
      if (found === undefined) return assert.equal(isAll, false);
      const rest = bytes.subarray(found.length);
      isComplete(rest, found);
      findDocumentStart(rest, found);
    } catch (error) {
      assert.equal((error as Error).name, "ProtocolError", String(error));
    }
  }));
});
