import assert from "node:assert/strict";
import { Arrivals } from "../../lib/roles/arrivals.ts";
import { pure } from "../helpers/permissions.ts";

const never = new AbortController().signal;

Deno.test("Arrivals wakes who waits when the document has come", pure, async () => {
  const arrivals = new Arrivals();
  arrivals.expect(1);
  let isThere = false;
  const waiting = arrivals.wait(1, never).then(() => assert.ok(isThere));
  isThere = true;
  arrivals.arrive(1);
  await waiting;
  assert.equal(arrivals.has(1), false);
  assert.equal(arrivals.hasBrought(1), true);
});

Deno.test("Arrivals wakes who waits when nothing more will come", pure, async () => {
  const arrivals = new Arrivals();
  arrivals.expect(1);
  const waiting = arrivals.wait(1, never);
  arrivals.settleAll();
  await waiting;
  assert.equal(arrivals.hasBrought(1), false);
});

Deno.test(
  "Arrivals keeps nobody waiting for what is not on its way, or longer than wanted",
  pure,
  async () => {
    const arrivals = new Arrivals();
    await arrivals.wait(1, never);
    arrivals.expect(1);
    await arrivals.wait(1, AbortSignal.abort());
    const impatient = new AbortController();
    const waiting = arrivals.wait(1, impatient.signal);
    impatient.abort();
    await waiting;
    assert.equal(arrivals.has(1), true);
  },
);
