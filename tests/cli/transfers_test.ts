import assert from "node:assert/strict";
import { Transfers } from "../../lib/cli/transfers.ts";
import { pure } from "../helpers/permissions.ts";

const [one, other] = [{ host: "h", port: 1 }, { host: "h", port: 2 }];

/** Transfers with a clock that the test winds. */
function windUp() {
  const clock = { ms: 0 };
  return { clock, transfers: new Transfers(() => clock.ms) };
}

Deno.test({
  name: "Transfers gives a document a line of its own when it takes longer than a moment",
  ...pure,
  fn() {
    const { clock, transfers } = windUp();
    transfers.want(2);
    transfers.sized(1, 1_000);
    transfers.received(1, one, 400);
    assert.deepEqual(transfers.report().documents, []);
    clock.ms = 1_000;
    transfers.received(1, other, 200);
    const [document] = transfers.report().documents;
    assert.deepEqual(
      { ...document, bytesPerSecond: undefined },
      { rfc: 1, label: "RFC 1", bytes: 600, whole: 1_000, bytesPerSecond: undefined, holders: 2 },
    );
    transfers.ended(1);
    assert.deepEqual(transfers.report().documents, []);
    assert.equal(transfers.report().total.label, "1 of 2");
  },
});

Deno.test({
  name: "Transfers counts the holders that gave something lately",
  ...pure,
  fn() {
    const { clock, transfers } = windUp();
    transfers.want(1);
    transfers.received(1, one, 1);
    clock.ms = 2_000;
    transfers.received(1, other, 1);
    assert.equal(transfers.report().total.holders, 2);
    clock.ms = 4_000;
    assert.equal(transfers.report().total.holders, 1);
    assert.equal(transfers.report().documents[0]!.holders, 1);
  },
});

Deno.test({
  name: "Transfers guesses the whole from the documents whose length is known",
  ...pure,
  fn() {
    const { transfers } = windUp();
    transfers.want(4);
    assert.equal(transfers.report().total.whole, undefined);
    transfers.sized(1, 1_000);
    transfers.sized(2, 3_000);
    const { total } = transfers.report();
    assert.deepEqual([total.whole, total.isGuess], [8_000, true]);
    // One that does not come is not waited for.
    transfers.want(1);
    transfers.ended(5);
    assert.equal(transfers.report().total.whole, 8_000);
    transfers.sized(3, 100);
    transfers.sized(4, 100);
    const all = transfers.report().total;
    assert.deepEqual([all.whole, all.isGuess], [4_200, false]);
  },
});

Deno.test({
  name: "Transfers counts what an earlier run brought as there, but not as fast",
  ...pure,
  fn() {
    const { clock, transfers } = windUp();
    transfers.want(1);
    transfers.sized(1, 1_000_000, 900_000);
    clock.ms = 1_000;
    transfers.received(1, one, 1_000);
    const { bytes, bytesPerSecond } = transfers.report().total;
    assert.equal(bytes, 901_000);
    assert.ok(bytesPerSecond < 2_000);
  },
});

Deno.test({
  name:
    "Transfers is neither over nor under the whole in the end, whatever came twice or not at all",
  ...pure,
  fn() {
    const { transfers } = windUp();
    transfers.want(4);
    transfers.sized(1, 1_000);
    transfers.received(1, one, 1_700);
    transfers.sized(2, 1_000);
    transfers.received(2, one, 100);
    transfers.received(3, one, 500);
    for (const number of [1, 2, 3, 4]) transfers.ended(number);
    const { bytes, whole, done, wanted } = transfers.report().total;
    assert.deepEqual([bytes, whole, done, wanted], [2_000, 2_000, 4, 4]);
  },
});
