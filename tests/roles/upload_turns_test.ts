import assert from "node:assert/strict";
import { idleLinkMs, UploadTurns } from "../../lib/roles/upload_turns.ts";
import { pure } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const staying = new AbortController().signal;
const unused = { busyUntil: 0 };

/** Takes turns and notes who has them, in order. */
class Takers {
  readonly turns: { readonly name: string; readonly turn: Disposable | undefined }[] = [];

  constructor(readonly all: UploadTurns) {}

  async take(name: string, bytes: number, signal = staying): Promise<void> {
    this.turns.push({ name, turn: await this.all.take(name, bytes, signal) });
  }

  get names(): string {
    return this.turns.map(({ name, turn }) => turn === undefined ? `(${name})` : name).join(" ");
  }
}

const settled = () => new Promise(setImmediate);

Deno.test(
  "UploadTurns gives one turn at a time, next to whoever had least",
  pure,
  async () => {
    const takers = new Takers(new UploadTurns(unused));
    takers.take("a", 100);
    takers.take("a", 1);
    takers.take("b", 10);
    takers.take("b", 10);
    const { turns } = takers;
    for (const expected of ["a", "a b", "a b b", "a b b a"]) {
      await settled();
      assert.equal(takers.names, expected);
      turns.at(-1)?.turn?.[Symbol.dispose]();
      // A turn that was given back is not given back again.
      turns.at(-1)?.turn?.[Symbol.dispose]();
    }
  },
);

Deno.test("UploadTurns counts a long document less than its length", pure, async () => {
  const takers = new Takers(new UploadTurns(unused));
  takers.take("long", 10_000);
  takers.take("long", 1);
  for (let i = 0; i < 12; i++) takers.take("short", 100);
  for (let i = 0; i < 14; i++) {
    await settled();
    takers.turns.at(-1)?.turn?.[Symbol.dispose]();
  }
  // A hundred times as long counts as much as ten.
  const expected = ["long", ...Array(10).fill("short"), "long", "short", "short"];
  assert.equal(takers.names, expected.join(" "));
});

Deno.test("UploadTurns makes nobody wait on a link without a limit", pure, async () => {
  const takers = new Takers(new UploadTurns(undefined));
  await takers.take("a", 1);
  await takers.take("b", 1);
  assert.equal(takers.names, "a b");
});

Deno.test("UploadTurns gives nothing to who does not wait any longer", pure, async () => {
  const takers = new Takers(new UploadTurns(unused));
  await takers.take("a", 1);
  const impatient = new AbortController();
  const waiting = takers.take("b", 1, impatient.signal);
  impatient.abort();
  await waiting;
  await takers.take("c", 1, AbortSignal.abort());
  assert.equal(takers.names, "a (b) (c)");
  takers.turns[0]?.turn?.[Symbol.dispose]();
  await takers.take("d", 1);
  assert.equal(takers.names, "a (b) (c) d");
});

Deno.test("UploadTurns passes on the turn of who leaves the link idle", pure, async () => {
  using clock = new WoundClock();
  const link = { busyUntil: 0 };
  const takers = new Takers(new UploadTurns(link));
  await takers.take("slow", 1);
  takers.take("next", 1);
  link.busyUntil = 1_000;
  clock.advance(1_000 + idleLinkMs);
  await settled();
  assert.equal(takers.names, "slow");
  clock.advance(idleLinkMs);
  await settled();
  assert.equal(takers.names, "slow next");
  for (const { turn } of takers.turns) turn?.[Symbol.dispose]();
});
