import assert from "node:assert/strict";
import { CentralIndex } from "../../lib/index/central_index.ts";
import type { IndexedRecord } from "../../lib/index/document_records.ts";
import { Session } from "../../lib/index/holder.ts";
import { pure } from "../helpers/permissions.ts";

const here = { host: "here.example", port: 1 };
const there = { host: "there.example", port: 2 };

/** A session that added these documents for one holder, the first number first. */
function sessionWith(index: CentralIndex, endpoint: typeof here, ...numbers: number[]): Session {
  const session = new Session("192.0.2.1");
  for (const number of numbers) index.add(session, { number, title: `T${number}`, ...endpoint });
  return session;
}

/** The records in short: number, title and host. */
function plain(records: Iterable<IndexedRecord>): string[] {
  return Array.from(records, ({ number, title, host }) => `${number} ${title} ${host}`);
}

Deno.test("CentralIndex begins empty", pure, () => {
  const index = new CentralIndex();
  assert.equal(index.size, 0);
  assert.deepEqual([...index.list()], []);
  assert.deepEqual([...index.lookup(1)], []);
  assert.deepEqual([...index.holders()], []);
});

Deno.test("CentralIndex.has tells as long as anybody has a document", pure, () => {
  const index = new CentralIndex();
  const first = sessionWith(index, here, 1);
  const second = sessionWith(index, here, 1);
  assert.ok(index.has(1) && !index.has(2));
  index.endSession(second);
  assert.ok(index.has(1));
  index.endSession(first);
  assert.ok(!index.has(1));
});

Deno.test("CentralIndex.list gives every record, newest first", pure, () => {
  const index = new CentralIndex();
  sessionWith(index, here, 1, 2);
  sessionWith(index, there, 1);
  assert.deepEqual(plain(index.list()), [
    "1 T1 there.example",
    "2 T2 here.example",
    "1 T1 here.example",
  ]);
  assert.equal(index.size, 3);
});

Deno.test("CentralIndex.lookup gives a document's records, newest first", pure, () => {
  const index = new CentralIndex();
  sessionWith(index, here, 1, 2);
  sessionWith(index, there, 1);
  assert.deepEqual(plain(index.lookup(1)), ["1 T1 there.example", "1 T1 here.example"]);
  assert.deepEqual(plain(index.lookup(2)), ["2 T2 here.example"]);
  assert.deepEqual(plain(index.lookup(3)), []);
});

Deno.test("CentralIndex.lookup tells all that is known of a record", pure, () => {
  const index = new CentralIndex();
  const record = { number: 1, title: "T", host: "h", port: 80 };
  index.add(new Session("2001:db8::7"), record, { size: 174, sha256: "ab" });
  assert.deepEqual([...index.lookup(1)], [
    { ...record, address: "2001:db8::7", details: { size: 174, sha256: "ab" } },
  ]);
});

Deno.test("CentralIndex.add replaces the session's earlier record, as the newest", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2);
  index.add(session, { number: 1, title: "Better", ...here, host: "HERE.example" });
  assert.deepEqual(plain(index.list()), ["1 Better here.example", "2 T2 here.example"]);
  assert.deepEqual(plain(index.lookup(1)), ["1 Better here.example"]);
  assert.equal(index.size, 2);
});

Deno.test("CentralIndex.add replaces or drops what the holder told besides", pure, () => {
  const index = new CentralIndex();
  const session = new Session("192.0.2.1");
  const record = { number: 1, title: "T", ...here };
  const detailsNow = () => [...index.lookup(1)].map(({ details }) => details);
  index.add(session, record, { size: 1 });
  index.add(session, record, { size: 2 });
  assert.deepEqual(detailsNow(), [{ size: 2 }]);
  index.add(session, record);
  assert.deepEqual(detailsNow(), [undefined]);
});

Deno.test("CentralIndex takes one session's documents of several holders apart", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1);
  for (const host of ["here.example", "there.example"]) {
    index.add(session, { number: 1, title: "T", host, port: 2 });
  }
  assert.equal([...index.lookup(1)].length, 3);
});

Deno.test("CentralIndex.remove takes back one record", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2, 3);
  const removed = index.remove(session, 2, { ...here, host: "HERE.EXAMPLE" });
  assert.equal(removed?.title, "T2");
  assert.deepEqual(plain(index.list()), ["3 T3 here.example", "1 T1 here.example"]);
  assert.deepEqual(plain(index.lookup(2)), []);
  assert.equal(index.remove(session, 2, here), undefined);
  assert.equal(index.size, 2);
});

Deno.test("CentralIndex.remove takes only what the session has", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1);
  const other = sessionWith(index, there, 1);
  assert.equal(index.remove(other, 1, here), undefined);
  assert.equal(index.remove(session, 2, here), undefined);
  assert.equal(index.remove(session, 1, { ...here, port: 2 }), undefined);
  assert.equal(index.remove(new Session("192.0.2.1"), 1, here), undefined);
  assert.equal(index.size, 2);
});

Deno.test("CentralIndex.endSession removes all that the session added, and only that", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2);
  index.add(session, { number: 3, title: "T3", ...there });
  sessionWith(index, there, 2);
  index.endSession(session);
  assert.deepEqual(plain(index.list()), ["2 T2 there.example"]);
  assert.equal(index.size, 1);
  assert.equal(session.holders.length, 0);
  index.endSession(session);
  assert.equal(index.size, 1);
});

Deno.test("CentralIndex lists once what two sessions announce alike: the newer", pure, () => {
  const index = new CentralIndex();
  const old = sessionWith(index, here, 1, 2);
  const young = new Session("192.0.2.1");
  index.add(young, { number: 1, title: "New", host: "HERE.example", port: 1 });
  assert.deepEqual(plain(index.lookup(1)), ["1 New HERE.example"]);
  assert.deepEqual(plain(index.list()), ["1 New HERE.example", "2 T2 here.example"]);
  index.add(old, { number: 1, title: "Newest", ...here });
  assert.deepEqual(plain(index.lookup(1)), ["1 Newest here.example"]);
});

Deno.test("CentralIndex lists the older of two again when the newer goes", pure, () => {
  const index = new CentralIndex();
  sessionWith(index, here, 1);
  const young = sessionWith(index, here, 1);
  index.add(young, { number: 1, title: "New", ...here });
  index.endSession(young);
  assert.deepEqual(plain(index.lookup(1)), ["1 T1 here.example"]);
  const youngest = sessionWith(index, here, 1);
  index.remove(youngest, 1, here);
  assert.deepEqual(plain(index.list()), ["1 T1 here.example"]);
});

Deno.test("CentralIndex.holders counts each holder's documents", pure, () => {
  const index = new CentralIndex();
  sessionWith(index, here, 1, 2, 2);
  const session = sessionWith(index, there, 1);
  sessionWith(index, here, 1);
  assert.deepEqual([...index.holders()], [
    { ...here, records: 2 },
    { ...here, records: 1 },
    { ...there, records: 1 },
  ]);
  index.remove(session, 1, there);
  assert.deepEqual([...index.holders()].map(({ host }) => host), [here.host, here.host]);
});

Deno.test("CentralIndex.list goes on when the record it stands on is removed", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2, 3, 4, 5);
  const reader = index.list();
  assert.equal(reader.next().value?.number, 5);
  for (const number of [5, 4, 3]) index.remove(session, number, here);
  assert.deepEqual(plain(reader), ["2 T2 here.example", "1 T1 here.example"]);
});

Deno.test("CentralIndex.list ends when everything goes while it is read", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2, 3, 1);
  const reader = index.list();
  assert.equal(reader.next().value?.number, 1);
  index.endSession(session);
  assert.deepEqual([...reader], []);
});

Deno.test("CentralIndex.list does not show what is added while it is read", pure, () => {
  const index = new CentralIndex();
  const session = sessionWith(index, here, 1, 2);
  const reader = index.list();
  assert.equal(reader.next().value?.number, 2);
  index.add(session, { number: 3, title: "T3", ...here });
  sessionWith(index, here, 1, 2);
  assert.deepEqual(plain(reader), ["1 T1 here.example"]);
});

Deno.test("CentralIndex.lookup goes on when the record it stands on is removed", pure, () => {
  const index = new CentralIndex();
  sessionWith(index, here, 1);
  const session = sessionWith(index, there, 1);
  const reader = index.lookup(1);
  assert.equal(reader.next().value?.host, there.host);
  index.endSession(session);
  assert.deepEqual(plain(reader), ["1 T1 here.example"]);
});

Deno.test("CentralIndex.describe changes the details of a record in its place", pure, () => {
  const index = new CentralIndex();
  const [session, other] = [new Session("192.0.2.1"), new Session("192.0.2.2")];
  const record = { number: 1, title: "Host Software", host: "h", port: 1 };
  index.add(session, record);
  index.add(session, { ...record, number: 2 });
  assert.equal(index.describe(session, { ...record, host: "H" }, { size: 5 }), true);
  assert.deepEqual([...index.list()].map(({ number, details }) => [number, details]), [
    [2, undefined],
    [1, { size: 5 }],
  ]);
  for (const wrong of [{ number: 3 }, { title: "Another" }, { host: "i" }, { port: 2 }]) {
    assert.equal(index.describe(session, { ...record, ...wrong }, { size: 6 }), false);
  }
  assert.equal(index.describe(other, record, { size: 6 }), false);
  assert.equal([...index.lookup(1)][0]?.details?.size, 5);
});
