import assert from "node:assert/strict";
import fc from "fast-check";
import { PiecePlan } from "../../lib/roles/piece_plan.ts";
import { pure } from "../helpers/permissions.ts";

const holders = ["a", "b", "c", "d"] as const;
type Holder = typeof holders[number];

const anyHolder = fc.constantFrom(...holders);

/** What the plan should know, said in the plainest way: each piece is free, done, or somebody's. */
type Model = ("free" | "done" | Holder)[];

function firstFree(model: Model): number | undefined {
  const piece = model.indexOf("free");
  return piece < 0 ? undefined : piece;
}

class Take implements fc.Command<Model, PiecePlan<Holder>> {
  constructor(readonly holder: Holder) {}
  check = () => true;
  run(model: Model, plan: PiecePlan<Holder>): void {
    const expected = firstFree(model);
    assert.equal(plan.take(this.holder), expected);
    if (expected !== undefined) model[expected] = this.holder;
    assertAgree(model, plan);
  }
  toString = () => `take(${this.holder})`;
}

class TakeOver implements fc.Command<Model, PiecePlan<Holder>> {
  constructor(readonly holder: Holder, readonly msOf: readonly number[]) {}
  check = () => true;
  run(model: Model, plan: PiecePlan<Holder>): void {
    const ms = (piece: number) => this.msOf[piece % this.msOf.length]!;
    const found = plan.takeOver(this.holder, ({ piece, holder }) => {
      assert.equal(model[piece], holder);
      return ms(piece);
    });
    const others = model
      .map((state, piece) => ({ state, piece }))
      .filter(({ state, piece }) =>
        state !== "free" && state !== "done" && state !== this.holder && ms(piece) > 0
      );
    if (model.includes("free") || others.length === 0) {
      assert.equal(found, undefined);
    } else {
      assert.equal(ms(found!.piece), Math.max(...others.map(({ piece }) => ms(piece))));
      assert.equal(found!.holder, model[found!.piece]);
      assert.notEqual(found!.holder, this.holder);
      model[found!.piece] = this.holder;
    }
    assertAgree(model, plan);
  }
  toString = () => `takeOver(${this.holder}, ${this.msOf})`;
}

class Complete implements fc.Command<Model, PiecePlan<Holder>> {
  constructor(readonly piece: number, readonly holder: Holder) {}
  check = (model: Readonly<Model>) => this.piece < model.length;
  run(model: Model, plan: PiecePlan<Holder>): void {
    const expected = model[this.piece] === this.holder;
    assert.equal(plan.complete(this.piece, this.holder), expected);
    if (expected) model[this.piece] = "done";
    assertAgree(model, plan);
  }
  toString = () => `complete(${this.piece}, ${this.holder})`;
}

class GiveBack implements fc.Command<Model, PiecePlan<Holder>> {
  constructor(readonly holder: Holder) {}
  check = () => true;
  run(model: Model, plan: PiecePlan<Holder>): void {
    const expected = model.flatMap((state, piece) => state === this.holder ? [piece] : []);
    assert.deepEqual(plan.giveBack(this.holder).toSorted((a, b) => a - b), expected);
    for (const piece of expected) model[piece] = "free";
    assertAgree(model, plan);
  }
  toString = () => `giveBack(${this.holder})`;
}

class Forget implements fc.Command<Model, PiecePlan<Holder>> {
  constructor(readonly piece: number) {}
  check = (model: Readonly<Model>) => model[this.piece] === "done";
  run(model: Model, plan: PiecePlan<Holder>): void {
    plan.forget(this.piece);
    model[this.piece] = "free";
    assertAgree(model, plan);
  }
  toString = () => `forget(${this.piece})`;
}

function assertAgree(model: Model, plan: PiecePlan<Holder>): void {
  assert.equal(plan.isDone, model.every((state) => state === "done"));
  assert.equal(plan.free, model.filter((state) => state === "free").length);
  const pending = plan.pending.toSorted((a, b) => a.piece - b.piece);
  assert.deepEqual(
    pending,
    model.flatMap((state, piece) =>
      state === "free" || state === "done" ? [] : [{ piece, holder: state }]
    ),
  );
}

Deno.test("PiecePlan agrees with a model, whatever is done in whatever order", pure, () => {
  const piece = fc.nat(11);
  const commands = fc.commands([
    anyHolder.map((holder) => new Take(holder)),
    anyHolder.map((holder) => new Take(holder)),
    fc.tuple(anyHolder, fc.array(fc.integer({ min: -2, max: 9 }), { minLength: 1 }))
      .map(([holder, msOf]) => new TakeOver(holder, msOf)),
    fc.tuple(piece, anyHolder).map(([number, holder]) => new Complete(number, holder)),
    anyHolder.map((holder) => new GiveBack(holder)),
    piece.map((number) => new Forget(number)),
  ], { maxCommands: 60 });
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 12 }), commands, (had, all) => {
      const there = had.flatMap((isThere, number) => isThere ? [number] : []);
      fc.modelRun(() => ({
        model: had.map((isThere) => isThere ? "done" : "free"),
        real: new PiecePlan<Holder>(had.length, there),
      }), all);
    }),
    { numRuns: 500 },
  );
});
