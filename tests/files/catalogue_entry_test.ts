import assert from "node:assert/strict";
import fc from "fast-check";
import {
  findCatalogueHead,
  findEntry,
  formatCatalogueHead,
  formatEntry,
  maxEntryChars,
} from "../../lib/files/catalogue_entry.ts";
import { pure } from "../helpers/permissions.ts";

const entry = {
  name: "rfc1234.txt",
  size: 174,
  modifiedAt: 1_794_470_400_000,
  title: "Tunneling IPX traffic through IP networks",
  sha256: "a327ae2763bfc506783df0221f6399d0c00ed361bdb5a9cb23a24abb5f6bfb0b",
};

Deno.test("findEntry reads what formatEntry writes", pure, () => {
  const { title: _, ...untitled } = entry;
  const { sha256: __, ...unhashed } = entry;
  for (const some of [entry, untitled, unhashed, { ...entry, title: "\u0927".repeat(1_024) }]) {
    assert.deepEqual(findEntry(formatEntry(some)), some);
  }
});

const wrong: readonly Readonly<Record<string, unknown>>[] = [
  { name: "../rfc1.txt" },
  { name: "/etc/passwd" },
  { name: "a/rfc1.txt" },
  { name: "notes.txt" },
  { name: 1 },
  { name: undefined },
  { size: -1 },
  { size: 1.5 },
  { size: "174" },
  { size: 2 ** 53 },
  { size: null },
  { modifiedAt: "now" },
  { modifiedAt: undefined },
  { title: "" },
  { title: 7 },
  { title: null },
  { title: "two\r\nlines" },
  { title: "a bell \u0007" },
  { title: "\u001b[2J" },
  { title: " blanks  within " },
  { title: "x".repeat(1_025) },
  { sha256: "" },
  { sha256: entry.sha256.toUpperCase() },
  { sha256: entry.sha256.slice(1) },
  { sha256: `${entry.sha256}0` },
  { sha256: 7 },
];

for (const change of wrong) {
  Deno.test(`findEntry does not believe ${JSON.stringify(change).slice(0, 60)}`, pure, () => {
    assert.equal(findEntry(JSON.stringify({ ...entry, ...change })), undefined);
  });
}

Deno.test("findEntry finds none in a line past the limit", pure, () => {
  const line = formatEntry(entry);
  assert.deepEqual(findEntry(line.padEnd(maxEntryChars)), entry);
  assert.equal(findEntry(line.padEnd(maxEntryChars + 1)), undefined);
});

Deno.test("findEntry and findCatalogueHead take any line", pure, () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
    assert.equal(findEntry(line), undefined);
    assert.equal(findCatalogueHead(line), undefined);
  }));
});

Deno.test("findCatalogueHead tells whether titles were found by the present rules", pure, () => {
  assert.deepEqual(findCatalogueHead(formatCatalogueHead()), { titlesHold: true });
  assert.deepEqual(findCatalogueHead('{"catalogue":1,"titleRules":0}'), { titlesHold: false });
  assert.deepEqual(findCatalogueHead('{"catalogue":1}'), { titlesHold: false });
});
