import assert from "node:assert/strict";
import { type Example, readExamples } from "./specification_examples.ts";

/** The steps of an example in a form that is easy to compare. */
function plain({ steps }: Example): string[] {
  const decoder = new TextDecoder();
  return steps.map((step) =>
    "closes" in step
      ? `${step.connection} closes`
      : `${step.connection} ${step.direction} ${decoder.decode(step.bytes)}`
  );
}

/** The steps of the one example that these figure lines make. */
function stepsOf(...figure: string[]): string[] {
  const examples = readExamples(
    ["   Example with an RFC server:", "", ...figure.map((line) => `      ${line}`)].join("\n"),
  );
  assert.equal(examples.length, 1);
  return plain(examples[0]!);
}

Deno.test("readExamples names server, section and line", { permissions: "none" }, () => {
  const examples = readExamples(`
Table of Contents

   4.  The Index Server

4.  The Index Server

4.10.  End of a Connection

   Some words, then a figure.

   Example with the central index server:

      C: EXIT P2P-CI/1.0

   More words.

   Example with the registration server:
   (continued)

      C: PQuery P2P-DI/1.0

Appendix A.  More

   Example with an RFC server:

      S: late
`);
  assert.deepEqual(
    examples.map(({ server, section, title, line, continued }) => [
      server,
      section,
      title,
      line,
      continued,
    ]),
    [
      ["central index server", "4.10", "End of a Connection", 12, false],
      ["registration server", "4.10", "End of a Connection", 18, true],
      ["RFC server", "Appendix A", "More", 25, false],
    ],
  );
  assert.deepEqual(examples.map(plain), [
    ["1 client EXIT P2P-CI/1.0\r\n"],
    ["1 client PQuery P2P-DI/1.0\r\n"],
    ["1 server late\r\n"],
  ]);
});

Deno.test(
  "readExamples joins lines of one direction and connection",
  { permissions: "none" },
  () => {
    assert.deepEqual(
      stepsOf("C: a", "C:", "C:  b ", "S: c", "S:", "C2: d", "S2: e", "C: f", "S12: g"),
      [
        "1 client a\r\n\r\n b \r\n",
        "1 server c\r\n\r\n",
        "2 client d\r\n",
        "2 server e\r\n",
        "1 client f\r\n",
        "12 server g\r\n",
      ],
    );
  },
);

Deno.test("readExamples ends lines of a file in LF only", { permissions: "none" }, () => {
  assert.deepEqual(
    stepsOf("S: head", "S:", "S| first", "S|", "S|   third", "S2| other"),
    ["1 server head\r\n\r\nfirst\n\n  third\n", "2 server other\n"],
  );
});

Deno.test("readExamples undoes folds", { permissions: "none" }, () => {
  assert.deepEqual(
    stepsOf("S: one \\", "   two\\", "   three", "S| four\\", "five", "C: six"),
    ["1 server one twothree\r\nfourfive\n", "1 client six\r\n"],
  );
});

Deno.test("readExamples closes the connection of the line before", { permissions: "none" }, () => {
  assert.deepEqual(
    stepsOf(
      "C: a",
      "S2: b",
      "(the server closes the connection)",
      "C: c",
      "(the server closes the connection)",
      "C: d",
    ),
    [
      "1 client a\r\n",
      "2 server b\r\n",
      "2 closes",
      "1 client c\r\n",
      "1 closes",
      "1 client d\r\n",
    ],
  );
});

Deno.test("readExamples ends a figure where the text goes on", { permissions: "none" }, () => {
  assert.deepEqual(stepsOf("C: a", "", "S: b").length, 2);
  const text = "   Example with an RFC server:\n\n      C: a\n\n   Text.\n\n      C: no example\n";
  assert.deepEqual(readExamples(text).map(plain), [["1 client a\r\n"]]);
});

Deno.test("readExamples finds nothing in text without examples", { permissions: "none" }, () => {
  assert.deepEqual(readExamples(""), []);
  assert.deepEqual(readExamples('   begins with "Example with"\n\n      C: a\n'), []);
});

Deno.test("readExamples refuses what it cannot read", { permissions: "none" }, () => {
  assert.throws(() => stepsOf("C: a", "X: b"), /line 4: expected C:, S:, S\| or a close/);
  assert.throws(() => stepsOf("C:a"), SyntaxError);
  assert.throws(() => stepsOf("C0: a"), SyntaxError);
  assert.throws(() => stepsOf("C: a\\"), /line 3: nothing follows its fold/);
  assert.throws(() => stepsOf("(the server closes the connection)"), /nothing was opened/);
  assert.throws(() => stepsOf(), /line 1: it is empty/);
});
