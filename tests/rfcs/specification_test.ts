import assert from "node:assert/strict";
import { lacks } from "../helpers/permissions.ts";
import { type Example, readExamples, type ServerKind } from "../helpers/specification_examples.ts";

const directory = new URL("../../rfcs/", import.meta.url);
const maxColumns = 72;

/** The documents of the specification and the kinds of server that each has examples for. */
const documents: readonly (readonly [number: number, servers: readonly ServerKind[]])[] = [
  [60001, ["central index server", "RFC server"]],
  [60002, ["registration server", "RFC server"]],
  [60003, ["central index server", "registration server", "RFC server"]],
];

function readDocument(number: number): string {
  return Deno.readTextFileSync(new URL(`rfc${number}.txt`, directory));
}

const reading = { permissions: { read: [directory] }, ignore: lacks("read") };

for (const [number, servers] of documents) {
  Deno.test(`RFC ${number} is ASCII text of ${maxColumns} columns`, reading, () => {
    const text = readDocument(number);
    assert.ok(text.endsWith("\n") && !text.endsWith("\n\n"));
    text.slice(0, -1).split("\n").forEach((line, index) => {
      const where = `line ${index + 1}: ${line}`;
      assert.match(line, /^[ -~]*$/, where);
      assert.ok(line.length <= maxColumns, where);
      assert.ok(!line.endsWith(" "), where);
    });
  });

  Deno.test(`RFC ${number} has the header of an RFC`, reading, () => {
    const [first, second, third] = readDocument(number).split("\n");
    assert.match(first!, /RFC Exchange Project$/);
    assert.match(second!, new RegExp(`^Request for Comments: ${number} +November 2026$`));
    assert.equal(third, "Category: Informational");
  });

  Deno.test(`RFC ${number} has a table of contents that agrees`, reading, () => {
    const text = readDocument(number);
    const listed = contents(text);
    assert.deepEqual(listed, headings(text));
    assert.deepEqual(numbers(listed), counted(numbers(listed)));
  });

  Deno.test(`RFC ${number} refers to sections that exist`, reading, () => {
    const text = readDocument(number);
    const own = new Set(numbers(headings(text)));
    for (const [section, document] of references(text)) {
      const known = document === undefined
        ? own
        : documents.some(([other]) => other === document)
        ? new Set(numbers(headings(readDocument(document))))
        : undefined;
      assert.ok(known?.has(section) ?? true, `Section ${section} of ${document ?? number}`);
    }
  });

  Deno.test(`RFC ${number} lists the references it cites`, reading, () => {
    const text = readDocument(number);
    const listed = [...text.matchAll(/^ {3}\[([A-Z]+\d*)\]/gm)].map((match) => match[1]!);
    const start = text.indexOf("\n1.  ");
    const cited = [...text.slice(start).matchAll(/[^\n] {0,2}\[([A-Z]{3,}\d*)\]/g)].map((match) =>
      match[1]!
    );
    assert.deepEqual(cited.filter((name) => !listed.includes(name)), []);
  });

  Deno.test(`RFC ${number} has examples that can be run`, reading, () => {
    const examples = readExamples(readDocument(number));
    assert.deepEqual(
      new Set(examples.map(({ server }) => server)),
      new Set(servers),
    );
    examples.forEach((example, index) => {
      const where = `line ${example.line}`;
      assert.ok("bytes" in example.steps[0]! && example.steps[0].direction === "client", where);
      assert.ok(!("bytes" in example.steps.at(-1)!) || lastIsServer(example), where);
      if (example.continued) assert.equal(examples[index - 1]?.server, example.server, where);
      for (const step of example.steps) {
        if ("bytes" in step) checkMessages(new TextDecoder().decode(step.bytes), where);
      }
    });
  });
}

Deno.test("the specification says the same of its examples everywhere", reading, () => {
  const [first, ...others] = documents.map(([number]) =>
    between(readDocument(number), "\n2.3.  Examples\n", "\n2.4.  ")
  );
  for (const other of others) assert.equal(other, first);
});

function lastIsServer({ steps }: Example): boolean {
  const last = steps.at(-1)!;
  return "bytes" in last && last.direction === "server";
}

/** Whole messages only: each has a blank line, and each Content-Length of a body is exact. */
function checkMessages(text: string, where: string): void {
  for (let rest = text; rest !== "";) {
    const end = rest.indexOf("\r\n\r\n");
    assert.ok(end >= 0, `${where}: no blank line in ${JSON.stringify(rest)}`);
    const head = rest.slice(0, end);
    assert.match(head, /^[^\r\n]*P2P-(?:CI|DI)\/\d/, where);
    rest = rest.slice(end + 4);
    const length = /\r\nContent-Length: (\d+)/.exec(head)?.[1];
    if (length !== undefined) {
      assert.ok(rest.length >= Number(length), `${where}: body shorter than ${length}`);
      rest = rest.slice(Number(length));
    } else if (head === "P2P-CI/1.0 200 OK") {
      rest = rest.replace(/^(?:RFC .*\r\n)*\r\n/, "");
    }
  }
}

/** The lines of the table of contents, without their indentation. */
function contents(text: string): string[] {
  return between(text, "\nTable of Contents\n", "\n1.  ").split("\n").map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The section headings of the text itself. */
function headings(text: string): string[] {
  return text.split("\n").filter((line) => /^(?:\d+(?:\.\d+)*|Appendix [A-Z])\. {2}\S/.test(line));
}

function numbers(titles: readonly string[]): string[] {
  return titles.map((title) => /^(.*?)\. {2}/.exec(title)?.[1] ?? "");
}

/** The same numbers, counted anew from their depths: 1, 1.1, 1.2, 2 … */
function counted(numbers: readonly string[]): string[] {
  const counters: number[] = [];
  let letter = 0;
  return numbers.map((number) => {
    if (number.startsWith("Appendix")) return `Appendix ${String.fromCharCode(65 + letter++)}`;
    const depth = number.split(".").length;
    counters.length = Math.min(counters.length, depth);
    counters[depth - 1] = (counters[depth - 1] ?? 0) + 1;
    return counters.join(".");
  });
}

/** The sections that the text refers to, with the number of the RFC if it is another one. */
function references(text: string): [section: string, document: number | undefined][] {
  const flat = text.slice(text.indexOf("\n1.  ")).replace(/\s+/g, " ");
  const found = flat.matchAll(
    /Sections? ((?:\d+(?:\.\d+)*(?:, | and | to )?)+)((?: ?of \[RFC(\d+)\])?)/g,
  );
  return [...found].flatMap(([, list, of, document]) =>
    of === "" || document !== undefined
      ? list!.match(/\d+(?:\.\d+)*/g)!.map((section): [string, number | undefined] => [
        section,
        document === undefined ? undefined : Number(document),
      ])
      : []
  );
}

function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from + start.length);
  assert.ok(from >= 0 && to >= 0, `no text between ${start.trim()} and ${end.trim()}`);
  return text.slice(from + start.length, to);
}
