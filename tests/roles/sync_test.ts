import assert from "node:assert/strict";
import { RfcIndex } from "../../lib/index/rfc_index.ts";
import { Arrivals } from "../../lib/roles/arrivals.ts";
import { ListedHolders } from "../../lib/roles/listed_holders.ts";
import { surveyedMs, synchronize, type SyncOptions } from "../../lib/roles/sync.ts";
import { pure } from "../helpers/permissions.ts";

const self = { host: "me", port: 1 };

/** A peer over a stand-in for the central index server: what it brings it has; `here` is what it has at first. */
function standIn(
  records: () => readonly (readonly [number: number, ...holders: string[]])[],
  here: readonly number[],
) {
  const documents = new Map<number, unknown>(here.map((number) => [number, {}]));
  const clock = { ms: 0 };
  const rounds: number[][] = [];
  const told = { wanted: 0, present: [] as number[] };
  const client = {
    listDetailed: () =>
      Promise.resolve(
        records().flatMap(([number, ...holders]) =>
          holders.map((host) => ({ number, title: `Title ${number}`, host, port: 1 }))
        ),
      ),
  };
  const options: SyncOptions = {
    peer: {
      ci: { client, self },
      rs: undefined,
      index: new RfcIndex(),
      folder: { documents },
      arrivals: new Arrivals(),
      refresh: () => Promise.resolve(),
    },
    client: { os: "Linux" },
    wants: () => true,
    bring(numbers) {
      const round: number[] = [];
      rounds.push(round);
      for (const number of numbers) {
        round.push(number);
        documents.set(number, {});
      }
      return Promise.resolve();
    },
    wanted: (count) => told.wanted += count,
    present: (number) => told.present.push(number),
    failed: assert.fail,
    now: () => clock.ms,
  };
  return { options, clock, rounds, told, documents };
}

Deno.test("synchronize brings what is missing, what fewest have first", pure, async () => {
  const { options, rounds, told } = standIn(
    () => [[1, "a", "b", "c"], [2, "a"], [3, "a", "me"], [4, "a", "b"], [5, "me"]],
    [3],
  );
  assert.equal(await synchronize(options), 4);
  assert.deepEqual(rounds, [[2, 4, 1]]);
  assert.deepEqual(told, { wanted: 3, present: [3] });
});

Deno.test("synchronize brings only what is wanted", pure, async () => {
  const { options, rounds } = standIn(() => [[1, "a"], [2, "a"]], []);
  await synchronize({ ...options, wants: ({ title }) => title === "Title 2" });
  assert.deepEqual(rounds, [[2]]);
});

Deno.test(
  "synchronize asks again what there is when that is old, and goes by it",
  pure,
  async () => {
    const holders = ["a"];
    const { options, clock, rounds, told } = standIn(
      () => [[1, ...holders], [2, "a"], [3, "a", "b"]],
      [],
    );
    const bring: SyncOptions["bring"] = async (numbers) => {
      function* slowly() {
        for (const number of numbers) {
          yield number;
          clock.ms += surveyedMs;
          holders.push("b", "c");
        }
      }
      await options.bring(slowly());
    };
    await synchronize({ ...options, bring });
    assert.equal(rounds.length, 3);
    assert.deepEqual(rounds.flat().toSorted(), [1, 2, 3]);
    // The rarest of the second list is another than that of the first.
    const first = rounds[0]![0]!;
    assert.deepEqual(rounds[1], first === 1 ? [2] : [3]);
    assert.equal(told.wanted, 3);
  },
);

Deno.test("synchronize tries what does not come once", pure, async () => {
  const { options, rounds, documents } = standIn(() => [[1, "a"], [2, "a"]], []);
  const bring: SyncOptions["bring"] = async (numbers) => {
    await options.bring(numbers);
    documents.delete(1);
  };
  assert.equal(await synchronize({ ...options, bring }), 2);
  assert.deepEqual(rounds.flat().toSorted(), [1, 2]);
});

Deno.test("synchronize ends when it is told to, whatever is missing", pure, async () => {
  const { options, rounds } = standIn(() => [[1, "a"], [2, "a"], [3, "a"]], []);
  const interrupt = new AbortController();
  const bring: SyncOptions["bring"] = (numbers) => {
    const [first] = numbers;
    rounds.push([first!]);
    interrupt.abort();
    return Promise.resolve();
  };
  await synchronize({ ...options, bring, client: { os: "Linux", signal: interrupt.signal } });
  assert.equal(rounds.length, 1);
});

Deno.test(
  "synchronize notes who has what is wanted for as long as it brings that",
  pure,
  async () => {
    const { options } = standIn(() => [[1, "a", "me"], [2, "a", "b"], [3, "a"]], []);
    const listed = new ListedHolders();
    const taken: unknown[] = [];
    await synchronize({
      ...options,
      peer: { ...options.peer, listed },
      wants: ({ number }) => number !== 3,
      bring(numbers) {
        for (const number of numbers) if (number !== 1) taken.push(number, listed.take(number));
        taken.push(3, listed.take(3));
        return Promise.resolve();
      },
    });
    const record = (number: number, host: string) => ({
      number,
      title: `Title ${number}`,
      host,
      port: 1,
    });
    assert.deepEqual(taken, [2, [record(2, "a"), record(2, "b")], 3, undefined]);
    assert.equal(listed.take(1), undefined);
  },
);
