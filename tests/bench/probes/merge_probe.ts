/**
 * A peer that knows so many records of others and merges the RFC index of one more, which comes over the network from
 * another process: how long that takes, and the longest time in which nothing else could happen. Writes JSON.
 *
 * deno run --allow-net merge_probe.ts KNOWN NEW
 * deno run --allow-net merge_probe.ts serve NEW
 */
import { RfcIndex } from "../../../lib/index/rfc_index.ts";
import { RfcServer } from "../../../lib/roles/rfc_server.ts";
import { getIndex } from "../../../lib/roles/rfc_client.ts";
import { DocumentFolder } from "../../../lib/files/document_folder.ts";

const documents = 10_000;
/** How often it is looked whether anything else could happen, in ms. */
const tickMs = 1;

/** Records of peers from `firstPeer` on, each with all documents. */
function fill(index: RfcIndex, records: number, firstPeer: number): void {
  for (let i = 0; i < records; i++) {
    const number = 1 + i % documents;
    const host = `peer${firstPeer + Math.floor(i / documents)}.example.org`;
    const title = `Requirements for IPsec Remote Access Scenarios ${number}`;
    index.merge({ number, title, host, port: 5_678 });
  }
}

async function serve(records: number): Promise<void> {
  const index = new RfcIndex();
  fill(index, records, 100_000);
  const folder = new DocumentFolder("/nonexistent");
  const server = new RfcServer({ folder, index, os: "Linux", host: "127.0.0.1", port: 0 });
  console.log(server.endpoint.port);
  await new Promise(() => {});
}

async function merge(known: number, added: number): Promise<void> {
  const args = ["run", "--allow-net", "--allow-read", import.meta.filename!, "serve", `${added}`];
  const other = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  const reader = other.stdout.getReader();
  const port = Number(new TextDecoder().decode((await reader.read()).value));
  const index = new RfcIndex({ maxRecords: known + added });
  fill(index, known, 0);
  let lastTick = performance.now();
  let longestMs = 0;
  const look = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - lastTick - tickMs);
    lastTick = now;
  };
  const ticking = setInterval(look, tickMs);
  const beganAt = performance.now();
  let merged = 0;
  await getIndex(
    { host: "127.0.0.1", port },
    (record) => {
      if (index.merge(record)) merged++;
    },
    { os: "Linux" },
    "detailed",
  );
  const seconds = (performance.now() - beganAt) / 1_000;
  look();
  clearInterval(ticking);
  if (merged !== added) throw new Error(`Cannot use the merge: ${merged} of ${added} records`);
  console.log(JSON.stringify({ seconds, longestMs }));
  await reader.cancel();
  other.kill();
  await other.status;
}

if (import.meta.main) {
  const [first, second] = Deno.args;
  await (first === "serve" ? serve(Number(second)) : merge(Number(first), Number(second)));
}
