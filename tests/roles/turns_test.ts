import assert from "node:assert/strict";
import { graceMs, turnMs, Turns } from "../../lib/roles/turns.ts";
import { type UploadSlot, UploadSlots } from "../../lib/roles/upload_slots.ts";
import { pure } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

Deno.test({
  name: "Turns lets who is served go on for a while, then those first who were sent away",
  ...pure,
  fn() {
    const turns = new Turns();
    assert.equal(turns.mayHave("a", 1, 0), true);
    turns.note("a", 0);
    turns.expect("b", 60_000, 1);
    assert.equal(turns.mayHave("a", 1, turnMs - 1), true);
    assert.equal(turns.mayHave("a", 1, turnMs), false);
    assert.equal(turns.mayHave("a", 2, turnMs), true);
    assert.equal(turns.mayHave("new", 1, turnMs), false);
    assert.equal(turns.mayHave("b", 1, turnMs), true);
    assert.equal(turns.mayHave("b", 0, turnMs), false);
  },
});

Deno.test({
  name: "Turns expects those who were sent away in that order, and not for ever",
  ...pure,
  fn() {
    const turns = new Turns();
    turns.expect("a", 1_000, 0);
    turns.expect("b", 3_000, 0);
    assert.deepEqual([turns.mayHave("b", 1, 0), turns.mayHave("b", 2, 0)], [false, true]);
    const aIsLate = 1_000 + graceMs + 1;
    assert.equal(turns.mayHave("b", 1, aIsLate), true);
    assert.equal(turns.mayHave("c", 1, aIsLate), false);
    assert.equal(turns.mayHave("c", 1, 3_000 + graceMs + 1), true);
  },
});

Deno.test({
  name: "UploadSlots.tryTurn gives who comes when told to as much as who asks all the time",
  ...pure,
  fn() {
    using clock = new WoundClock();
    const slots = new UploadSlots({ maxUploads: 1 });
    const uploadMs = 50;
    const eager = { address: "eager", pauseMs: () => 5, uploads: 0, nextAt: 0 };
    const pauseMs = () => slots.retryAfterSeconds() * 1_000;
    const patient = { address: "patient", pauseMs, uploads: 0, nextAt: 10 };
    const held = new Map<string, UploadSlot>();
    for (let now = 0; now < 200_000; now += 5, clock.advance(5)) {
      for (const client of [eager, patient]) {
        if (now < client.nextAt) continue;
        held.get(client.address)?.[Symbol.dispose]();
        held.delete(client.address);
        const slot = slots.tryTurn(client.address);
        if (slot !== undefined) {
          held.set(client.address, slot);
          client.uploads++;
        }
        client.nextAt = now + (slot === undefined ? client.pauseMs() : uploadMs);
      }
    }
    const ratio = patient.uploads / eager.uploads;
    assert.ok(0.5 < ratio && ratio < 2, `${patient.uploads} and ${eager.uploads} uploads`);
    assert.ok(patient.uploads + eager.uploads > 0.8 * 200_000 / uploadMs);
  },
});
