/** Tests of gzip_content.ts. */
import fc from "fast-check";
import assert from "node:assert/strict";
import { maxLineBytes } from "../../lib/protocol/limits.ts";
import { turnMs } from "../../lib/roles/by_turns.ts";
import {
  isWorthPacking,
  maxExpansion,
  pack,
  packedPieceBytes,
  unpackLines,
  worthPackingBytes,
} from "../../lib/roles/gzip_content.ts";
import { concat } from "../helpers/wire.ts";
import { pure } from "../helpers/permissions.ts";

const encoder = new TextEncoder();

async function packed(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return concat(await pack([encoder.encode(text)]));
}

/** One long line that is not the same again and again. */
function numbers(count: number): string {
  return Array.from({ length: count }, (_, i) => i).join(" ");
}

/** The lines of what came, piece by piece; `length` is what was announced. */
function linesOf(
  bytes: Uint8Array<ArrayBuffer>,
  pieceBytes = packedPieceBytes,
  length = bytes.length,
): Promise<string[]> {
  const pieces = function* () {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, at + pieceBytes);
  };
  const stream = async function* () {
    yield* pieces();
  };
  return Array.fromAsync(unpackLines(stream(), length));
}

Deno.test(
  "unpackLines gives back the lines that were packed, however they are cut",
  pure,
  async () => {
    const line = fc.string({ unit: "grapheme", maxLength: 50 }).map((text) =>
      text.replaceAll(/[\r\n]/g, " ")
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 40 }),
        fc.integer({ min: 1, max: packedPieceBytes }),
        async (lines, pieceBytes) => {
          const text = lines.map((each) => `${each}\n`).join("");
          assert.deepEqual(await linesOf(await packed(text), pieceBytes), lines);
        },
      ),
      { numRuns: 50 },
    );
  },
);

Deno.test("unpackLines takes a last line without an end", pure, async () => {
  assert.deepEqual(await linesOf(await packed("one\ntwo")), ["one", "two"]);
});

Deno.test("pack makes records of many documents a quarter as long", pure, async () => {
  const digest = (n: number) => Array.from({ length: 8 }, (_, i) => (n * 7919 + i * 104729) ** 3);
  const records = Array.from({ length: 60 }, (_, n) => {
    const sha256 = digest(n).map((x) => (x % 2 ** 32).toString(16).padStart(8, "0")).join("");
    const who = { host: "peer1.example.org", port: 50_001, ttl: 7_200 };
    return JSON.stringify({ rfc: n, title: `Title ${n}`, ...who, digest: `sha-256:${sha256}` });
  });
  const text = records.join("\n");
  assert.ok((await packed(text)).length < text.length / 3);
});

Deno.test("isWorthPacking leaves short lists alone", pure, () => {
  assert.equal(isWorthPacking([new Uint8Array(worthPackingBytes - 1)]), false);
  assert.equal(isWorthPacking([new Uint8Array(worthPackingBytes - 1), new Uint8Array(1)]), true);
  assert.equal(isWorthPacking([]), false);
});

Deno.test(
  "unpackLines stops at a list that becomes absurdly long, before all of it is there",
  pure,
  async () => {
    const bomb = await packed("x\n".repeat(4_000_000));
    assert.ok(8_000_000 > bomb.length * maxExpansion);
    let taken = 0;
    const pieces = async function* () {
      for (; taken < bomb.length; taken += packedPieceBytes) {
        yield bomb.slice(taken, taken + packedPieceBytes);
      }
    };
    await assert.rejects(
      async () => {
        for await (const line of unpackLines(pieces(), 1_000)) assert.equal(line, "x");
      },
      { name: "ProtocolError", message: /at most 100 times the 1000 bytes that came, got more/ },
    );
    assert.ok(taken < bomb.length / 2, `${taken} of ${bomb.length} bytes were taken`);
  },
);

Deno.test(
  "unpackLines allows a list to become as much longer as the limit says",
  pure,
  async () => {
    const text = "x\n".repeat(500_000);
    const bytes = await packed(text);
    const atLimit = Math.ceil(text.length / maxExpansion);
    assert.equal((await linesOf(bytes, undefined, atLimit)).length, 500_000);
    await assert.rejects(linesOf(bytes, undefined, atLimit - 1), { name: "ProtocolError" });
  },
);

for (
  const [what, make, message] of [
    ["is no gzip", () => Promise.resolve(encoder.encode("RFC 1 Title h 1 60\n")), /expected gzip/],
    ["ends too early", async () => (await packed("one\n")).slice(0, -5), /expected gzip/],
    ["is nothing at all", () => Promise.resolve(new Uint8Array()), /expected gzip/],
    ["has a line that is too long", () => packed(numbers(maxLineBytes / 4)), /longer than 8192/],
  ] as const
) {
  Deno.test(`unpackLines refuses a content that ${what}`, pure, async () => {
    await assert.rejects(async () => linesOf(await make()), { name: "ProtocolError", message });
  });
}

/** A clock by which each look takes long enough for others to have their turn. */
function slowClock(): () => number {
  let ms = 0;
  return () => ms += turnMs;
}

Deno.test("pack lets others have their turn again and again in a long list", pure, async () => {
  let others = 0;
  const lines = function* () {
    for (let i = 0; i < 3; i++) {
      setTimeout(() => others++, 0);
      yield encoder.encode("line\n");
    }
  };
  await pack(lines(), slowClock());
  assert.equal(others, 3);
});

Deno.test(
  "unpackLines lets others have their turn again and again in a long list",
  pure,
  async () => {
    const bytes = await packed(`${numbers(20_000)}\n`.replaceAll(" ", "\n"));
    let others = 0;
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += packedPieceBytes) {
        yield bytes.slice(at, at + packedPieceBytes);
      }
    };
    const count = Math.ceil(bytes.length / packedPieceBytes);
    const timers = setInterval(() => others++, 0);
    await Array.fromAsync(unpackLines(pieces(), bytes.length, slowClock()));
    clearInterval(timers);
    assert(count > 10 && others >= count / 2, `${others} turns for ${count} pieces`);
  },
);
