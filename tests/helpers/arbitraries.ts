/**
 * Values of the protocols, drawn at random.
 * @module
 */
import fc from "fast-check";
import type { CiRecord } from "../../lib/protocol/ci_record.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import type { IndexRecord } from "../../lib/protocol/index_record.ts";
import { maxHostBytes, maxRfcNumber, maxTitleChars } from "../../lib/protocol/limits.ts";

export const rfcNumbers: fc.Arbitrary<number> = fc.integer({ min: 1, max: maxRfcNumber });

export const ports: fc.Arbitrary<number> = fc.integer({ min: 1, max: 65_535 });

const visible = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i));

/** Hosts in the form that travels: names, IPv4, IPv6 without brackets, and any other visible characters. */
export const hosts: fc.Arbitrary<string> = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc.ipV6(),
  fc.string({ unit: fc.constantFrom(...visible), minLength: 1, maxLength: maxHostBytes })
    .filter((text) => !/^\[[^[\]]+\]$/.test(text)),
);

/** Compared by `deepEqual`, records must have the prototype of those in the code. */
const plain = { noNullPrototype: true } as const;

export const endpoints: fc.Arbitrary<Endpoint> = fc.record({ host: hosts, port: ports }, plain);

/** Words that a reader might take for another part of a record. */
const misleadingWords = fc.oneof(
  rfcNumbers.map(String),
  hosts,
  fc.constantFrom("RFC", "0", "7200", "65536", "P2P-CI/1.0", "Host:", "-1"),
);

const words = fc.oneof(
  misleadingWords,
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 })
    .map((text) => text.replace(/[\s\p{Cc}]/gu, ""))
    .filter((text) => text !== ""),
);

/** Titles in the form that travels: words with single blanks between them. */
export const titles: fc.Arbitrary<string> = fc.array(words, { minLength: 1, maxLength: 8 })
  .map((list) => list.join(" "))
  .filter((title) => title.length <= maxTitleChars);

export const ciRecords: fc.Arbitrary<CiRecord> = fc.record({
  number: rfcNumbers,
  title: titles,
  host: hosts,
  port: ports,
}, plain);

export const indexRecords: fc.Arbitrary<IndexRecord> = fc.record({
  number: rfcNumbers,
  title: titles,
  host: hosts,
  port: ports,
  ttlSeconds: fc.integer({ min: 0, max: 7_200 }),
}, plain);
