import assert from "node:assert/strict";
import fc from "fast-check";
import { PiecePlan } from "../../lib/roles/piece_plan.ts";
import { pure } from "../helpers/permissions.ts";

/** A holder in a simulated download: how many bytes it brings in a turn, and in which turn it fails. */
interface SimulatedHolder {
  readonly bytesPerTurn: number;
  readonly failsAt: number;
}

const simulatedPieceBytes = 10;

/** When holders that bring nothing are given up, in turns. */
const patienceTurns = 40;

/** A download in turns; counts how often each byte was fetched, and how often it had to be. */
class Simulation {
  readonly fetched: number[];
  readonly due: number[];
  readonly plan: PiecePlan<SimulatedHolder>;
  readonly #alive: Set<SimulatedHolder>;
  readonly #working = new Map<SimulatedHolder, number>();
  readonly #received: number[];

  constructor(
    readonly size: number,
    holders: readonly SimulatedHolder[],
    /** Whether what a holder brought of a piece is thrown away when it fails. */
    readonly isDropped: () => boolean,
  ) {
    const count = Math.ceil(size / simulatedPieceBytes);
    this.plan = new PiecePlan(count);
    this.fetched = new Array(size).fill(0);
    this.due = new Array(size).fill(1);
    this.#received = new Array(count).fill(0);
    this.#alive = new Set(holders);
  }

  /** Until the document is there, or nobody is left. */
  run(): void {
    for (let turn = 0; !this.plan.isDone && this.#alive.size > 0; turn++) {
      for (const holder of [...this.#alive]) {
        if (holder.failsAt <= turn || (holder.bytesPerTurn === 0 && turn > patienceTurns)) {
          this.#fail(holder);
        } else {
          this.#work(holder);
        }
      }
    }
    if (!this.plan.isDone) assert.equal(this.#alive.size, 0);
  }

  #work(holder: SimulatedHolder): void {
    const piece = this.#working.get(holder) ?? this.#next(holder);
    if (piece === undefined) return;
    this.#working.set(holder, piece);
    assert.equal([...this.#working.values()].filter((other) => other === piece).length, 1);
    const start = piece * simulatedPieceBytes;
    const length = Math.min(simulatedPieceBytes, this.size - start);
    const end = Math.min(length, this.#received[piece]! + holder.bytesPerTurn);
    for (; this.#received[piece]! < end; this.#received[piece]! += 1) {
      this.fetched[start + this.#received[piece]!]! += 1;
    }
    if (end < length) return;
    assert(this.plan.complete(piece, holder));
    this.#working.delete(holder);
  }

  #next(holder: SimulatedHolder): number | undefined {
    const piece = this.plan.take(holder);
    if (piece !== undefined) return piece;
    const over = this.plan.takeOver(
      holder,
      ({ holder: other }) => holder.bytesPerTurn - other.bytesPerTurn,
    );
    if (over !== undefined) this.#working.delete(over.holder);
    return over?.piece;
  }

  #fail(holder: SimulatedHolder): void {
    this.#alive.delete(holder);
    this.#working.delete(holder);
    for (const piece of this.plan.giveBack(holder)) {
      if (!this.isDropped()) continue;
      const start = piece * simulatedPieceBytes;
      for (let i = 0; i < this.#received[piece]!; i++) this.due[start + i]! += 1;
      this.#received[piece] = 0;
    }
  }
}

Deno.test(
  "PiecePlan has every byte fetched once unless its holder failed, with any sizes and failures",
  pure,
  () => {
    const holder: fc.Arbitrary<SimulatedHolder> = fc.record({
      bytesPerTurn: fc.nat(25),
      failsAt: fc.oneof(fc.nat(30), fc.constant(Infinity)),
    });
    const someHolders = fc.array(holder, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.nat(400),
        someHolders,
        fc.infiniteStream(fc.boolean()),
        (size, all, chance) => {
          const simulation = new Simulation(size, all, () => chance.next().value!);
          simulation.run();
          for (const [byte, count] of simulation.fetched.entries()) {
            const due = simulation.due[byte]!;
            assert(count <= due, `byte ${byte} was fetched ${count} times instead of ${due}`);
            if (simulation.plan.isDone) assert.equal(count, due);
          }
          const isAnyLasting = all.some(({ bytesPerTurn, failsAt }) =>
            bytesPerTurn > 0 && failsAt === Infinity
          );
          if (isAnyLasting) assert(simulation.plan.isDone);
        },
      ),
      { numRuns: 500 },
    );
  },
);

Deno.test("PiecePlan gives pieces in order, those that were given back first", pure, () => {
  const plan = new PiecePlan<string>(6, [1]);
  assert.deepEqual([plan.take("a"), plan.take("b"), plan.take("b")], [0, 2, 3]);
  assert.deepEqual(plan.giveBack("b"), [2, 3]);
  assert.deepEqual(
    [plan.take("a"), plan.take("a"), plan.take("a"), plan.take("a"), plan.take("a")],
    [
      2,
      3,
      4,
      5,
      undefined,
    ],
  );
});

Deno.test("PiecePlan takes no memory for pieces that nobody has asked for", pure, () => {
  const plan = new PiecePlan<string>(Number.MAX_SAFE_INTEGER);
  assert.equal(plan.take("a"), 0);
  assert.equal(plan.free, Number.MAX_SAFE_INTEGER - 1);
});

Deno.test("PiecePlan.forget has a piece fetched again, at its place", pure, () => {
  const plan = new PiecePlan<string>(4, [0, 2]);
  plan.forget(2);
  assert.deepEqual([plan.take("a"), plan.take("a")], [1, 2]);
  plan.forget(0);
  assert.deepEqual([plan.take("b"), plan.take("b"), plan.take("b")], [0, 3, undefined]);
  for (const [piece, holder] of [[0, "b"], [1, "a"], [2, "a"], [3, "b"]] as const) {
    assert.equal(plan.isDone, false);
    assert.equal(plan.complete(piece, holder), true);
  }
  assert.equal(plan.isDone, true);
});

Deno.test("PiecePlan knows a document without pieces as done", pure, () => {
  const plan = new PiecePlan<string>(0);
  assert.equal(plan.isDone, true);
  assert.equal(plan.take("a"), undefined);
});
