/**
 * The central index against a model of it that is too simple to be wrong: a list of records, newest first.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { CentralIndex } from "../../lib/index/central_index.ts";
import type { IndexedRecord } from "../../lib/index/document_records.ts";
import { Session } from "../../lib/index/holder.ts";
import type { CiRecord } from "../../lib/protocol/ci_record.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { pure } from "../helpers/permissions.ts";

const sessionCount = 3;
const numbers = [1, 2, 3];

interface ModelRecord extends CiRecord {
  /** No two records have the same; the index carries it as the size of the document. */
  readonly id: number;
  readonly session: number;
}

function isSameClaim(a: CiRecord, b: CiRecord): boolean {
  return a.number === b.number && isSameEndpoint(a, b);
}

function isSameEndpoint(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.host.toLowerCase() === b.host.toLowerCase();
}

class Model {
  /** Newest first. */
  records: ModelRecord[] = [];
  #lastId = 0;

  add(session: number, record: CiRecord): ModelRecord {
    this.remove(session, record);
    const added = { ...record, session, id: ++this.#lastId };
    this.records.unshift(added);
    return added;
  }

  remove(session: number, claim: CiRecord): ModelRecord | undefined {
    const removed = this.records.find((record) =>
      record.session === session && isSameClaim(record, claim)
    );
    this.records = this.records.filter((record) => record !== removed);
    return removed;
  }

  endSession(session: number): void {
    this.records = this.records.filter((record) => record.session !== session);
  }

  /** Of records that claim the same only the newest. */
  listed(): ModelRecord[] {
    return this.records.filter((record, i) =>
      this.records.findIndex((other) => isSameClaim(other, record)) === i
    );
  }

  /** How many documents each holder has in each session, in any order. */
  holderCounts(): number[] {
    const holders = this.records.filter((record, i) =>
      this.records.findIndex((other) => this.#isSameHolder(other, record)) === i
    );
    return holders.map((holder) =>
      this.records.filter((record) => this.#isSameHolder(record, holder)).length
    );
  }

  #isSameHolder(a: ModelRecord, b: ModelRecord): boolean {
    return a.session === b.session && isSameEndpoint(a, b);
  }
}

/** Somebody who reads the list slowly, or the records of one document, while they change. */
class SlowReader {
  readonly #reader: Iterator<IndexedRecord, void>;
  readonly #atStart: readonly number[];
  readonly #listedAtStart: readonly number[];
  readonly #seen: number[] = [];

  constructor(model: Model, index: CentralIndex, number: number | "all") {
    const idsOf = (records: readonly ModelRecord[]) =>
      records.filter((record) => number === "all" || record.number === number).map(({ id }) => id);
    this.#atStart = idsOf(model.records);
    this.#listedAtStart = idsOf(model.listed());
    this.#reader = number === "all" ? index.list() : index.lookup(number);
    this.read(1);
  }

  read(count: number): boolean {
    for (let i = 0; i < count; i++) {
      const next = this.#reader.next();
      if (next.done) return false;
      this.#seen.push(idOf(next.value));
    }
    return true;
  }

  /** Reads the rest: what was listed all the time must have been seen, in order, and nothing that came since. */
  finish(model: Model): void {
    while (this.read(1));
    const seenInOrder = this.#atStart.filter((id) => this.#seen.includes(id));
    assert.deepEqual(this.#seen, seenInOrder);
    const still = new Set(model.records.map(({ id }) => id));
    const missed = this.#listedAtStart.filter((id) => still.has(id) && !this.#seen.includes(id));
    assert.deepEqual(missed, []);
  }
}

class Real {
  readonly index = new CentralIndex();
  readonly sessions = Array.from({ length: sessionCount }, (_, i) => newSession(i));
  reader: SlowReader | undefined;
}

function newSession(number: number): Session {
  return new Session(`192.0.2.${number}`);
}

function idOf({ details }: IndexedRecord): number {
  return details?.size ?? assert.fail("a record without its id");
}

/** A record of the index as the model has it. */
function toModel(record: IndexedRecord): ModelRecord {
  const { number, title, host, port, address } = record;
  const session = Number(address.split(".").at(-1));
  return { number, title, host: host.toLowerCase(), port, session, id: idOf(record) };
}

function lowerCased(records: readonly ModelRecord[]): ModelRecord[] {
  return records.map((record) => ({ ...record, host: record.host.toLowerCase() }));
}

function assertAgree(model: Model, { index }: Real): void {
  const listed = lowerCased(model.listed());
  assert.deepEqual(Array.from(index.list(), toModel), listed);
  for (const number of numbers) {
    assert.deepEqual(
      Array.from(index.lookup(number), toModel),
      listed.filter((record) => record.number === number),
    );
  }
  assert.equal(index.size, model.records.length);
  const counts = Array.from(index.holders(), ({ records }) => records);
  assert.deepEqual(counts.toSorted(), model.holderCounts().toSorted());
}

/** A step that changes both; afterwards they must agree. */
function command(
  name: string,
  change: (model: Model, real: Real) => void,
): fc.Command<Model, Real> {
  return {
    check: () => true,
    run(model, real) {
      change(model, real);
      assertAgree(model, real);
    },
    toString: () => name,
  };
}

const sessions = fc.nat({ max: sessionCount - 1 });
const records: fc.Arbitrary<CiRecord> = fc.record({
  number: fc.constantFrom(...numbers),
  title: fc.constantFrom("One title", "Another"),
  host: fc.constantFrom("a.example", "A.EXAMPLE", "b.example"),
  port: fc.constantFrom(1, 2),
});

const adds = fc.tuple(sessions, records).map(([session, record]) =>
  command(`add(${session}, ${JSON.stringify(record)})`, (model, { index, sessions }) => {
    const { id } = model.add(session, record);
    index.add(sessions[session]!, record, { size: id });
  })
);

const removes = fc.tuple(sessions, records).map(([session, record]) =>
  command(`remove(${session}, ${JSON.stringify(record)})`, (model, { index, sessions }) => {
    const removed = index.remove(sessions[session]!, record.number, record);
    assert.equal(removed && idOf(removed), model.remove(session, record)?.id);
  })
);

const ends = sessions.map((session) =>
  command(`endSession(${session})`, (model, { index, sessions }) => {
    model.endSession(session);
    index.endSession(sessions[session]!);
    sessions[session] = newSession(session);
  })
);

/** So often that memory is given back. */
const manyTimes = 100;

const repeatedAdds = fc.tuple(sessions, records).map(([session, record]) =>
  command(`addOften(${session}, ${JSON.stringify(record)})`, (model, { index, sessions }) => {
    for (let i = 0; i < manyTimes; i++) {
      index.add(sessions[session]!, record, { size: model.add(session, record).id });
    }
  })
);

const reads = fc.tuple(fc.constantFrom("all" as const, ...numbers), fc.nat({ max: 4 })).map(
  ([number, count]) =>
    command(`read(${number}, ${count})`, (model, real) => {
      real.reader ??= new SlowReader(model, real.index, number);
      if (real.reader.read(count)) return;
      real.reader.finish(model);
      real.reader = undefined;
    }),
);

Deno.test("CentralIndex behaves as a list of records does, whatever happens", pure, () => {
  const commands = fc.commands([adds, adds, repeatedAdds, removes, ends, reads], { size: "+1" });
  fc.assert(
    fc.property(commands, (commands) => {
      const model = new Model();
      const real = new Real();
      fc.modelRun(() => ({ model, real }), commands);
      real.reader?.finish(model);
    }),
    { numRuns: 500 },
  );
});
