/**
 * A central index of so many records in memory: what ending the stay of a peer with a hundred of them takes, and a
 * LOOKUP. Run by itself; writes one line of JSON.
 *
 * deno run index_probe.ts RECORDS
 */
import { CentralIndex } from "../../../lib/index/central_index.ts";
import { Session } from "../../../lib/index/holder.ts";

const recordsEach = 100;
const documents = 10_000;
const samples = 1_000;

function fill(index: CentralIndex, records: number): Session[] {
  const sessions: Session[] = [];
  for (let added = 0; added < records; added += recordsEach) {
    const session = new Session("10.0.0.1");
    sessions.push(session);
    announce(index, session, sessions.length);
  }
  return sessions;
}

function announce(index: CentralIndex, session: Session, peer: number): void {
  for (let i = 0; i < recordsEach; i++) {
    const number = 1 + (peer * recordsEach + i) % documents;
    const title = `Requirements for IPsec Remote Access Scenarios ${number}`;
    index.add(session, { number, title, host: `peer${peer}.example.org`, port: 5_678 });
  }
}

function timeEach(times: number, work: (i: number) => void): number {
  const beganAt = performance.now();
  for (let i = 0; i < times; i++) work(i);
  return (performance.now() - beganAt) / times * 1_000;
}

if (import.meta.main) {
  const index = new CentralIndex();
  const sessions = fill(index, Number(Deno.args[0]));
  const lookupUs = timeEach(samples * 10, (i) => void index.lookup(1 + i % documents).next());
  const leaving = sessions.filter((_, i) => i % Math.ceil(sessions.length / samples) === 0);
  const disconnectUs = timeEach(leaving.length, (i) => index.endSession(leaving[i]!));
  console.log(JSON.stringify({ lookupUs, disconnectUs }));
}
