import assert from "node:assert/strict";
import fc from "fast-check";
import {
  maxRetryAfterSeconds,
  maxWaitMs,
  type UploadSlot,
  UploadSlots,
  waitForSlot,
} from "../../lib/roles/upload_slots.ts";
import { ConnectedPair } from "../helpers/connected_pair.ts";
import { pure, withSockets } from "../helpers/permissions.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const staying = new AbortController().signal;

/** Uploads that were let in, in order, each by its address. */
class Entrance {
  readonly entered: { readonly address: string; readonly slot: UploadSlot }[] = [];
  readonly turnedAway: string[] = [];

  constructor(readonly slots: UploadSlots) {}

  ask(address: string, signal = staying): void {
    this.slots.enter(address, signal).then(
      (slot) => this.entered.push({ address, slot }),
      () => this.turnedAway.push(address),
    );
  }

  /** The oldest upload ends. */
  async end(): Promise<string | undefined> {
    const first = this.entered.shift();
    first?.slot[Symbol.dispose]();
    await new Promise(setImmediate);
    return first?.address;
  }
}

Deno.test({
  name: "UploadSlots lets in as many as there are slots, the others when one is given back",
  ...pure,
  async fn() {
    const slots = new UploadSlots({ maxUploads: 2 });
    const first = slots.tryEnter("a")!;
    using _second = slots.tryEnter("a")!;
    assert.equal(slots.tryEnter("b"), undefined);
    const waiting = slots.enter("b", staying);
    assert.deepEqual([slots.running, slots.waiting], [2, 1]);
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    using _third = await waiting;
    assert.deepEqual([slots.running, slots.waiting], [2, 0]);
  },
});

Deno.test({
  name: "UploadSlots.tryEnter does not pass by those who wait",
  ...pure,
  async fn() {
    const slots = new UploadSlots({ maxUploads: 1 });
    const first = slots.tryEnter("a")!;
    const waiting = slots.enter("b", staying);
    first[Symbol.dispose]();
    assert.equal(slots.tryEnter("c"), undefined);
    (await waiting)[Symbol.dispose]();
    slots.tryEnter("c")![Symbol.dispose]();
  },
});

Deno.test({
  name: "UploadSlots gives an address that waits a hundred times every other slot only",
  ...pure,
  async fn() {
    const slots = new UploadSlots({ maxUploads: 2 });
    const entrance = new Entrance(slots);
    for (let i = 0; i < 100; i++) entrance.ask("greedy");
    for (let i = 0; i < 5; i++) entrance.ask("modest");
    await new Promise(setImmediate);
    const order: (string | undefined)[] = [];
    for (let i = 0; i < 14; i++) order.push(await entrance.end());
    assert.equal(order.filter((address) => address === "modest").length, 5, order.join());
    while (await entrance.end() !== undefined);
    assert.deepEqual([slots.running, slots.waiting], [0, 0]);
  },
});

Deno.test({
  name: "UploadSlots turns away whoever waits most when there is no place to wait",
  ...pure,
  async fn() {
    const slots = new UploadSlots({ maxUploads: 1, maxWaiting: 4 });
    const entrance = new Entrance(slots);
    for (let i = 0; i < 5; i++) entrance.ask("greedy");
    entrance.ask("modest");
    await new Promise(setImmediate);
    assert.deepEqual(entrance.turnedAway, ["greedy"]);
    assert.equal(slots.waiting, 4);
    assert.equal(await entrance.end(), "greedy");
    assert.deepEqual([await entrance.end(), await entrance.end()].sort(), ["greedy", "modest"]);
  },
});

Deno.test({
  name: "UploadSlots never lets in more than there are slots, and forgets nobody",
  ...pure,
  async fn() {
    const action = fc.oneof(
      fc.record({ ask: fc.constantFrom("a", "b", "c") }),
      fc.constant("end" as const),
      fc.record({ leave: fc.nat(20) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(action), async (max, actions) => {
        const slots = new UploadSlots({ maxUploads: max });
        const entrance = new Entrance(slots);
        const leaving: AbortController[] = [];
        let [asked, ended] = [0, 0];
        for (const action of actions) {
          if (action === "end") ended += await entrance.end() === undefined ? 0 : 1;
          else if ("leave" in action) leaving[action.leave]?.abort();
          else {
            const leave = new AbortController();
            leaving.push(leave);
            entrance.ask(action.ask, leave.signal);
            asked++;
          }
          await new Promise(setImmediate);
          assert.ok(slots.running <= max);
          assert.ok(slots.waiting === 0 || slots.running === max);
          const known = slots.running + slots.waiting + ended + entrance.turnedAway.length;
          assert.equal(known, asked);
        }
      }),
      { numRuns: 30 },
    );
  },
});

Deno.test({
  name: "UploadSlots.retryAfterSeconds grows with the queue and with how long uploads last",
  ...pure,
  async fn() {
    using clock = new WoundClock();
    const slots = new UploadSlots({ maxUploads: 2 });
    const entrance = new Entrance(slots);
    assert.equal(slots.retryAfterSeconds(), 1);
    for (let i = 0; i < 2; i++) entrance.ask("a");
    await new Promise(setImmediate);
    clock.advance(10_000);
    assert.equal(slots.retryAfterSeconds(), 5);
    for (let i = 0; i < 2; i++) entrance.ask("b");
    assert.equal(slots.retryAfterSeconds(), 15);
    clock.advance(3_600_000);
    assert.equal(slots.retryAfterSeconds(), maxRetryAfterSeconds);
    while (await entrance.end() !== undefined);
  },
});

Deno.test({
  name: "waitForSlot lets a connection go that hangs up before its turn",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const slots = new UploadSlots({ maxUploads: 1 });
    using _taken = slots.tryEnter("a");
    const left = assert.rejects(waitForSlot(slots, pair.connection), /closed before its turn/);
    assert.equal(slots.waiting, 1);
    pair.other.close();
    await left;
    assert.equal(slots.waiting, 0);
  },
});

Deno.test({
  name: "waitForSlot keeps what the other side sends meanwhile",
  ...withSockets,
  async fn() {
    using pair = await ConnectedPair.connect();
    const { connection, other } = pair;
    const slots = new UploadSlots({ maxUploads: 1 });
    const taken = slots.tryEnter("a");
    const turn = waitForSlot(slots, connection);
    await other.send("more");
    taken?.[Symbol.dispose]();
    using _slot = await turn;
    assert.equal(await connection.fill(), true);
    assert.equal(new TextDecoder().decode(connection.received.bytes), "more");
  },
});

Deno.test({
  name: "waitForSlot ends after maxWaitMs, and when the connection is closed on this side",
  ...withSockets,
  async fn() {
    using clock = new WoundClock();
    const slots = new UploadSlots({ maxUploads: 1 });
    using _taken = slots.tryEnter("a");
    using late = await ConnectedPair.connect();
    const given = assert.rejects(waitForSlot(slots, late.connection), /a slot for an upload/);
    clock.advance(maxWaitMs);
    await given;
    using closed = await ConnectedPair.connect();
    const left = assert.rejects(waitForSlot(slots, closed.connection), /closed on this side/);
    closed.connection.close();
    await left;
    assert.equal(slots.waiting, 0);
  },
});
