import assert from "node:assert/strict";
import { recordTtlMs, RfcIndex, type RfcIndexOptions } from "../../lib/index/rfc_index.ts";
import type { CiRecord } from "../../lib/protocol/ci_record.ts";
import { pure } from "../helpers/permissions.ts";

const start = Date.UTC(2026, 10, 21, 12);

/** An RFC index whose clock is wound by hand. */
function newIndex(options: RfcIndexOptions = {}): { index: RfcIndex; clock: { now: number } } {
  const clock = { now: start };
  return { index: new RfcIndex({ now: () => clock.now, ...options }), clock };
}

function record(number: number, host = "h", title = `T${number}`): CiRecord {
  return { number, title, host, port: 80 };
}

/** The records in short: number, holder and seconds left. */
function plain(index: RfcIndex): string[] {
  return Array.from(
    index.records(),
    ({ number, host, ttlSeconds }) => `${number} ${host} ${ttlSeconds}`,
  );
}

Deno.test("RfcIndex begins empty", pure, () => {
  const { index } = newIndex();
  assert.deepEqual([...index.records()], []);
  assert.deepEqual(index.holders(1), []);
  assert.equal(index.heardCount, 0);
});

Deno.test("RfcIndex.merge believes a record for the full time from then on", pure, () => {
  const { index, clock } = newIndex();
  assert.equal(recordTtlMs, 7_200_000);
  assert.equal(index.merge(record(1)), true);
  assert.deepEqual(plain(index), ["1 h 7200"]);
  clock.now += 1;
  assert.deepEqual(plain(index), ["1 h 7200"]);
  clock.now += 999;
  assert.deepEqual(plain(index), ["1 h 7199"]);
  clock.now = start + recordTtlMs - 1;
  assert.deepEqual(plain(index), ["1 h 1"]);
  assert.equal(index.holders(1).length, 1);
});

Deno.test("RfcIndex.merge does not take over how long the sender believes a record", pure, () => {
  const { index } = newIndex();
  for (const ttlSeconds of [0, 1, 999_999_999]) {
    const heard = { ...record(1), ttlSeconds };
    index.merge(heard);
    assert.deepEqual(plain(index), ["1 h 7200"]);
  }
});

Deno.test("RfcIndex no longer gives a record whose time has run out", pure, () => {
  for (const look of [plain, (index: RfcIndex) => index.holders(1)]) {
    const { index, clock } = newIndex();
    index.merge(record(1));
    clock.now += recordTtlMs;
    assert.deepEqual(look(index), []);
    assert.equal(index.heardCount, 0);
  }
});

Deno.test("RfcIndex.merge renews a record of the same document and holder", pure, () => {
  const { index, clock } = newIndex();
  index.merge(record(1, "h", "Old"));
  clock.now += recordTtlMs - 1;
  index.merge(record(1, "H", "New"));
  assert.equal(index.heardCount, 1);
  clock.now += 1;
  assert.deepEqual(index.holders(1).map(({ title, host }) => [title, host]), [["New", "H"]]);
});

Deno.test("RfcIndex.merge brings back a record that has expired unnoticed", pure, () => {
  const { index, clock } = newIndex();
  index.merge(record(1));
  clock.now += recordTtlMs;
  index.merge(record(1));
  assert.deepEqual(plain(index), ["1 h 7200"]);
  assert.equal(index.heardCount, 1);
});

Deno.test("RfcIndex tells holders apart by host and port", pure, () => {
  const { index } = newIndex();
  index.merge(record(1, "a"));
  index.merge(record(1, "b"));
  index.merge({ ...record(1, "a"), port: 81 });
  index.merge(record(2, "c"));
  assert.deepEqual(
    index.holders(1).map(({ host, port }) => `${host} ${port}`),
    ["a 80", "b 80", "a 81"],
  );
  assert.equal(index.heardCount, 4);
});

Deno.test("RfcIndex lets each record expire at its own time", pure, () => {
  const { index, clock } = newIndex();
  for (const host of ["a", "b", "c"]) {
    index.merge(record(1, host));
    clock.now += 1_000;
  }
  clock.now = start + recordTtlMs + 1_000;
  assert.deepEqual(plain(index), ["1 c 1"]);
  assert.equal(index.heardCount, 1);
});

Deno.test("RfcIndex gives own records first, always with the full time", pure, () => {
  const own = [record(5, "me")];
  const { index, clock } = newIndex({ own: () => own });
  index.merge(record(1, "other"));
  clock.now += 60_000;
  assert.deepEqual(plain(index), ["5 me 7200", "1 other 7140"]);
  clock.now += recordTtlMs;
  assert.deepEqual(plain(index), ["5 me 7200"]);
});

Deno.test("RfcIndex asks anew each time what this peer has itself", pure, () => {
  const own: CiRecord[] = [];
  const { index } = newIndex({ own: () => own });
  assert.deepEqual(plain(index), []);
  own.push(record(5, "me"));
  assert.deepEqual(plain(index), ["5 me 7200"]);
  own.length = 0;
  assert.deepEqual(plain(index), []);
});

Deno.test("RfcIndex gives no more of an own record than belongs into an index", pure, () => {
  const stored = { ...record(5, "me"), path: "/documents/rfc5.txt" };
  const { index } = newIndex({ own: () => [stored] });
  assert.deepEqual([...index.ownRecords()], [{ ...record(5, "me"), ttlSeconds: 7_200 }]);
});

Deno.test("RfcIndex.holders names others, not this peer itself", pure, () => {
  const { index } = newIndex({ own: () => [record(1, "me")] });
  index.merge(record(1, "other"));
  assert.deepEqual(index.holders(1).map(({ host }) => host), ["other"]);
});

Deno.test("RfcIndex.merge has no place for one record more than the limit", pure, () => {
  const { index } = newIndex({ maxRecords: 2 });
  assert.equal(index.merge(record(1)), true);
  assert.equal(index.merge(record(2)), true);
  assert.equal(index.merge(record(3)), false);
  assert.equal(index.merge(record(1, "other")), false);
  assert.deepEqual(plain(index), ["1 h 7200", "2 h 7200"]);
  assert.equal(index.merge(record(2)), true);
  assert.equal(index.heardCount, 2);
});

Deno.test("RfcIndex.merge makes place in a full index by dropping what has expired", pure, () => {
  const { index, clock } = newIndex({ maxRecords: 2 });
  index.merge(record(1));
  clock.now += 60_000;
  index.merge(record(2));
  assert.equal(index.merge(record(3)), false);
  clock.now = start + recordTtlMs;
  assert.equal(index.merge(record(3)), true);
  assert.deepEqual(plain(index), ["2 h 60", "3 h 7200"]);
  assert.equal(index.heardCount, 2);
});

Deno.test("RfcIndex.merge searches a full index for expired records once a minute", pure, () => {
  const { index, clock } = newIndex({ maxRecords: 1 });
  index.merge(record(1));
  clock.now = start + recordTtlMs - 30_000;
  assert.equal(index.merge(record(2)), false);
  clock.now += 59_999;
  assert.equal(index.merge(record(2)), false);
  clock.now += 1;
  assert.equal(index.merge(record(2)), true);
});

Deno.test("RfcIndex can be read while it changes", pure, () => {
  const { index, clock } = newIndex();
  index.merge(record(1, "a"));
  clock.now += 1;
  index.merge(record(1, "b"));
  index.merge(record(2, "a"));
  const reader = index.records();
  assert.equal(reader.next().value?.host, "a");
  clock.now = start + recordTtlMs;
  assert.equal(index.holders(1).length, 1);
  index.merge(record(2, "b"));
  const rest = Array.from(reader, ({ number, host }) => `${number} ${host}`);
  assert.deepEqual(rest, ["1 b", "2 a", "2 b"]);
  assert.equal(index.heardCount, 3);
});
