/**
 * One run of an experiment: a server and peers over TCP on this machine's loopback.
 * @module
 */
import { copyDocument, ScratchFolder } from "../files/scratch_folder.ts";
import { RateLimiter } from "../net/rate_limiter.ts";
import type { Trace } from "../net/trace.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { CentralIndexServer } from "../roles/central_index_server.ts";
import { RegistrationServer } from "../roles/registration_server.ts";
import { labHost, LabPeer } from "./lab_peer.ts";
import type { Measurement, Run, RunName } from "./measurement.ts";
import type { LabSettings, System } from "./settings.ts";
import type { LabDocument, Workload } from "./workload.ts";

/** What a run is made with. */
export interface RunOptions {
  /** Which one. */
  readonly name: RunName;
  /** Who downloads what from whom. */
  readonly workload: Workload;
  /** When the model has each download of each peer end, in seconds; undefined where no uplink is limited. */
  readonly predicted: readonly (readonly number[])[] | undefined;
  /** Where its documents are. */
  readonly pathOf: (document: LabDocument) => string;
  /** Uplink and latency. */
  readonly settings: Pick<LabSettings, "uplink" | "latencyMs">;
  /** Below it the peers' folders are made, and removed in the end. */
  readonly folder: string;
  /** What the `OS` field says. */
  readonly os: string;
  /** Is told of the messages of each peer. */
  readonly traceOf: (peer: number) => Trace | undefined;
  /** Called after each download. */
  readonly measured: (measurement: Measurement) => void;
  /** Ends the run. */
  readonly signal: AbortSignal;
}

/** How long an uplink may lie idle between two downloads so that the time is made up for, in ms: this machine's own time. */
const makeUpMs = 100;

/**
 * Makes a run: sets everything up, lets all peers start to download at the same moment, and waits for all of them.
 *
 * @returns What was measured; less than all if the signal fired.
 * @throws what a download throws: the others are then ended.
 */
export async function makeRun(options: RunOptions): Promise<Run> {
  const { name, workload, signal } = options;
  const measurements: Measurement[] = [];
  const ending = new AbortController();
  const end = () => ending.abort(signal.reason);
  if (signal.aborted) end();
  signal.addEventListener("abort", end);
  try {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new ScratchFolder(options.folder));
    const peers = await startPeers(options, folder, stack, ending.signal);
    const startedAt = performance.now();
    const downloading = workload.downloads.map((_, peer) =>
      downloadAll(options, peer, peers, (measurement) => {
        const place = measurement.position - 1;
        const whole = { ...measurement, predicted: options.predicted?.[peer]?.[place] };
        measurements.push(whole);
        options.measured(whole);
      }, startedAt)
    );
    try {
      await Promise.all(downloading);
      for (const peer of peers) await peer.store();
    } finally {
      ending.abort();
      await Promise.allSettled(downloading);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", end);
  }
  const wanted = workload.downloads.reduce((sum, { length }) => sum + length, 0);
  return { ...name, measurements, isWhole: measurements.length === wanted };
}

async function startPeers(
  { name, workload, pathOf, settings, os, traceOf }: RunOptions,
  folder: ScratchFolder,
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<LabPeer[]> {
  const server = startServer(name.system, stack);
  const peers: LabPeer[] = [];
  for (const [peer, holding] of workload.holdings.entries()) {
    const path = folder.makeFolder(`peer-${peer}`);
    for (const document of holding) {
      copyDocument(pathOf(document), path, document.number);
    }
    peers.push(
      stack.use(
        await LabPeer.start({
          system: name.system,
          server,
          folder: path,
          uplink: limit(settings),
          latencyMs: settings.latencyMs,
          client: { os, trace: traceOf(peer), forms: new Map(), signal },
        }),
      ),
    );
  }
  // Only when all have joined does everybody know of everybody.
  for (const [peer, downloads] of workload.downloads.entries()) {
    for (const { number, holder } of downloads) {
      await peers[peer]!.prepare(number, peers[holder]!.endpoint);
    }
  }
  return peers;
}

function startServer(system: System, stack: AsyncDisposableStack): Endpoint {
  const listening = { host: labHost, port: 0 };
  return system === "ci"
    ? stack.use(new CentralIndexServer(listening)).endpoint
    : stack.use(new RegistrationServer(listening)).endpoint;
}

function limit({ uplink }: RunOptions["settings"]): RateLimiter | undefined {
  if (uplink === undefined) return undefined;
  return new RateLimiter({ bytesPerSecond: uplink, burstMs: makeUpMs });
}

/** Lets one peer download one document after another. */
async function downloadAll(
  { workload }: RunOptions,
  peer: number,
  peers: readonly LabPeer[],
  measured: (measurement: Omit<Measurement, "predicted">) => void,
  startedAt: number,
): Promise<void> {
  let cumulative = 0;
  peers[peer]!.begin(startedAt);
  for (const [i, { number, bytes, holder }] of workload.downloads[peer]!.entries()) {
    const received = await peers[peer]!.download(number, peers[holder]!);
    if (received !== bytes) {
      throw new Error(`RFC ${number} came with ${received} bytes instead of ${bytes}`);
    }
    const now = (performance.now() - startedAt) / 1_000;
    measured({
      peer,
      position: i + 1,
      number,
      holder,
      bytes,
      seconds: now - cumulative,
      cumulative: now,
    });
    cumulative = now;
  }
}
