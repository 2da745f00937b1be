/**
 * What understanding other programs costs those who speak the given form: LOOKUPs at a server that reads every dialect
 * against one that reads the given bytes only, in turn, in one run. The ratio is what counts, not the numbers.
 *
 * deno run --allow-net=127.0.0.1 tests/bench/given_form.ts
 */
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";
import * as handout from "../vectors/handout.ts";

const rounds = 15;
const requestsPerRound = 10_000;
const connections = 8;

interface Contestant extends AsyncDisposable {
  /** Requests answered in a second, a figure for each round. */
  readonly rates: number[];
  round(): Promise<void>;
}

async function start(strict: boolean): Promise<Contestant> {
  const server = new CentralIndexServer({ ...loopback, strict });
  const clients = await Promise.all(
    Array.from({ length: connections }, () => RawClient.connect(server.endpoint)),
  );
  const [first] = clients;
  const found = handout.lookup.reply;
  await first!.send(handout.lookup.request.replace("LOOKUP", "ADD"));
  await first!.read(found.length);
  const rates: number[] = [];
  return {
    rates,
    async round() {
      const startedAt = performance.now();
      await Promise.all(clients.map(async (client) => {
        for (let i = 0; i < requestsPerRound / connections; i++) {
          await client.send(handout.lookup.request);
          await client.read(found.length);
        }
      }));
      rates.push(requestsPerRound / (performance.now() - startedAt) * 1_000);
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

if (import.meta.main) {
  await using strict = await start(true);
  await using auto = await start(false);
  for (let round = 0; round < rounds; round++) {
    // Whoever is first in a round is not first in the next.
    const order = round % 2 === 0 ? [strict, auto] : [auto, strict];
    for (const contestant of order) await contestant.round();
  }
  const ratios = auto.rates.map((rate, round) => rate / strict.rates[round]!);
  console.log(
    `given bytes only  ${Math.round(median(strict.rates))} LOOKUPs/s (median of ${rounds})`,
  );
  console.log(
    `every dialect     ${Math.round(median(auto.rates))} LOOKUPs/s (median of ${rounds})`,
  );
  console.log(`ratio             ${median(ratios).toFixed(3)} (median of the rounds' ratios)`);
}
