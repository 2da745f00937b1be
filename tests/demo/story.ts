/**
 * The story that the demonstration tells, step by step.
 * @module
 */
import assert from "node:assert/strict";
import type { Narrator } from "./narrator.ts";
import { documentsOf, type PeerName, type Stage } from "./stage.ts";
import { findExchange, findLastTable, splitTrace } from "./trace_text.ts";

/** One step. */
export interface Step {
  readonly title: string;
  /**
   * Plays the step.
   *
   * @returns What happened, for the summary.
   * @throws if anything else happened.
   */
  play(stage: Stage, narrator: Narrator): Promise<string>;
}

/** Both systems' stories, in the order in which they are told. */
export const story: readonly Step[] = [
  { title: "The servers start", play: startServers },
  { title: "Peer B joins both systems with three documents", play: joinFirst },
  { title: "Peers A and C join with one document each", play: joinOthers },
  { title: "P2P-CI: the central index lists who has what", play: listIndex },
  { title: "P2P-CI: C looks up RFC 60003 and downloads it", play: downloadByCentralIndex },
  { title: "P2P-DI: the registration server names the active peers", play: queryPeers },
  {
    title: "P2P-DI: A finds RFC 60002 by the peers' own indexes",
    play: downloadByDistributedIndex,
  },
  { title: "Peer B is killed and tells nobody", play: killHolder },
  { title: "P2P-CI: A gets RFC 60003 from the holder that is left", play: takeOverByCentralIndex },
  { title: "P2P-DI: C is refused by B and goes on to A", play: takeOverByDistributedIndex },
  { title: "Peer B comes back as the same peer", play: comeBack },
  { title: "All peers leave", play: leaveAll },
  { title: "Nobody is left", play: askInVain },
  { title: "The servers stop", play: stopServers },
];

async function startServers(stage: Stage, narrator: Narrator): Promise<string> {
  await stage.startServers();
  narrator.output(`${stage.rs.stdout.text}${stage.ci.stdout.text}`);
  return `on ${stage.rs.address} and ${stage.ci.address}`;
}

async function joinFirst(stage: Stage, narrator: Narrator): Promise<string> {
  const { stdout, stderr } = await stage.join("b");
  narrator.output(findExchange(stderr.text, "ADD RFC 60001"));
  narrator.output("(the same for RFC 60002 and RFC 60003)");
  narrator.output(findExchange(stderr.text, "Register"));
  narrator.output(stdout.text);
  expectJoined(stdout.text, 3);
  narrator.fact("Both servers know B and its documents.");
  return "3 documents announced, registered";
}

async function joinOthers(stage: Stage, narrator: Narrator): Promise<string> {
  for (const name of ["a", "c"] as const) {
    const { stdout } = await stage.join(name);
    narrator.output(stdout.text);
    expectJoined(stdout.text, documentsOf[name].length);
  }
  narrator.fact("Both servers know A and C, too.");
  return "1 document announced by each, registered";
}

async function listIndex(stage: Stage, narrator: Narrator): Promise<string> {
  const { code, stdout, stderr } = await stage.run(["list", "--ci", stage.ci.address]);
  show(narrator, stderr, stdout);
  assert.equal(code, 0);
  const records = stdout.trimEnd().split("\n");
  assert.equal(records.length, 5);
  assert.ok(records[0]!.includes(stage.peer("c").address), "the newest record stands first");
  narrator.fact("Five records, the newest first.");
  return "5 records of 3 peers";
}

async function downloadByCentralIndex(stage: Stage, narrator: Narrator): Promise<string> {
  const happened = await download(stage, narrator, {
    system: "ci",
    number: 60003,
    into: "c",
    from: "b",
  });
  const { stdout, stderr } = stage.peer("c");
  await stdout.line(/^announced RFC 60003 /);
  narrator.output("C has noticed its new document and announces it:");
  narrator.output(findExchange(stderr.text, "ADD RFC 60003"));
  narrator.fact("C is a holder of RFC 60003 now.");
  return `${happened}; C announces it`;
}

async function queryPeers(stage: Stage, narrator: Narrator): Promise<string> {
  const { code, stdout, stderr } = await stage.run(["peers", "--rs", stage.rs.address]);
  show(narrator, stderr, stdout);
  assert.equal(code, 0);
  const expected = (["b", "a", "c"] as const).map((name) => stage.peer(name).address);
  assert.deepEqual(stdout.trimEnd().split("\n"), expected);
  narrator.fact("Three active peers; what they have, the registration server does not know.");
  return "3 active peers";
}

function downloadByDistributedIndex(stage: Stage, narrator: Narrator): Promise<string> {
  return download(stage, narrator, { system: "rs", number: 60002, into: "a", from: "b" });
}

async function killHolder(stage: Stage, narrator: Narrator): Promise<string> {
  const killed = stage.peer("b");
  const { stderr } = stage.ci;
  const headings = () => stderr.lines.filter((line) => line.startsWith("RFC  ")).length;
  let tables = headings();
  await killed.stop("SIGKILL");
  let peers: string | undefined;
  // Tables of changes before this one may still be on their way.
  do {
    await stderr.line(/^RFC {2}/, ++tables);
    peers = findLastTable(stderr.lines, "peer  ");
  } while (peers === undefined || peers.includes(` ${killed.endpoint.port} `));
  narrator.output(
    `The connection ended, and the central index server forgot B's records:\n${peers}`,
  );
  narrator.fact(
    "B's records are gone. To the registration server B is active until its TTL is over.",
  );
  return "the central index server forgot it at once";
}

function takeOverByCentralIndex(stage: Stage, narrator: Narrator): Promise<string> {
  return download(stage, narrator, { system: "ci", number: 60003, into: "a", from: "c" });
}

async function takeOverByDistributedIndex(stage: Stage, narrator: Narrator): Promise<string> {
  const happened = await download(stage, narrator, {
    system: "rs",
    number: 60001,
    into: "c",
    from: "a",
    passedOver: "b",
  });
  return `B refuses; ${happened}`;
}

async function comeBack(stage: Stage, narrator: Narrator): Promise<string> {
  const { stderr } = await stage.join("b");
  const registration = findExchange(stderr.text, "Register");
  narrator.output(registration);
  const [kept, given] = Array.from(
    registration.matchAll(/^Cookie: (\d+)$/gm),
    ([, cookie]) => cookie,
  );
  assert.ok(kept !== undefined && kept === given, "the cookie that was kept is given again");
  await stage.rs.stderr.line(new RegExp(` ${kept} +yes +\\d+ +\\d+ +2 `));
  narrator.output(findLastTable(stage.rs.stderr.lines, "host ") ?? "");
  narrator.fact(`Cookie ${kept} again, and two registrations in its record.`);
  return "the same cookie, 2 registrations";
}

async function leaveAll(stage: Stage, narrator: Narrator): Promise<string> {
  for (const name of ["a", "b", "c"] as const) {
    const { code, stdout, stderr } = await stage.peer(name).stop();
    narrator.output(`Peer ${name.toUpperCase()} is told to stop:`);
    narrator.output(findExchange(stderr, "Leave P2P-DI/1.0"));
    assert.equal(code, 0);
    assert.match(stdout, /^left$/m);
  }
  narrator.fact("Each said Leave, closed its connections, and ended with exit code 0.");
  return "3 times Leave, exit code 0";
}

async function askInVain(stage: Stage, narrator: Narrator): Promise<string> {
  const peers = await stage.run(["peers", "--rs", stage.rs.address]);
  show(narrator, peers.stderr, peers.stdout);
  assert.equal(peers.code, 1);
  assert.match(peers.stderr, /^P2P-DI\/1\.0 404 Not Found$/m);
  assert.match(peers.stderr, /^No active peer$/m);
  const list = await stage.run(["list", "--ci", stage.ci.address]);
  show(narrator, list.stderr, list.stdout);
  assert.equal(list.code, 0);
  assert.equal(list.stdout, "");
  narrator.fact("No active peer, and an empty index.");
  return "no active peer, empty index";
}

async function stopServers(stage: Stage, narrator: Narrator): Promise<string> {
  for (const server of [stage.rs, stage.ci]) assert.equal((await server.stop()).code, 0);
  narrator.fact("Both ended with exit code 0.");
  return "exit code 0";
}

/** Who gets what from whom, and how. */
interface ExpectedDownload {
  readonly system: "ci" | "rs";
  readonly number: number;
  readonly into: PeerName;
  readonly from: PeerName;
  /** Who is to be tried before and does not answer. */
  readonly passedOver?: PeerName;
}

async function download(
  stage: Stage,
  narrator: Narrator,
  { system, number, into, from, passedOver }: ExpectedDownload,
): Promise<string> {
  const server = stage[system].address;
  const { code, stdout, stderr } = await stage.run(
    ["get", `${number}`, `--${system}`, server],
    into,
  );
  show(narrator, stderr, stdout);
  assert.equal(code, 0);
  const holder = stage.peer(from).address;
  const protocol = system === "ci" ? "P2P-CI" : "P2P-DI";
  assert.ok(stdout.startsWith(`RFC ${number} from ${holder}: `), `it came from ${holder}`);
  assert.ok(
    stderr.includes(`GET RFC ${number} ${protocol}/1.0`),
    `it was asked for by ${protocol}`,
  );
  if (passedOver !== undefined) {
    const { address } = stage.peer(passedOver);
    assert.ok(stderr.includes(`Cannot connect to ${address}: refused`), `${address} refused`);
  }
  assert.ok(stage.hasExactCopy(into, number), "the copy has the bytes of the original");
  narrator.fact("The copy is the original, byte for byte.");
  return `RFC ${number} from ${from.toUpperCase()} to ${into.toUpperCase()}, byte for byte`;
}

/** The messages of a command, then its results. */
function show(narrator: Narrator, stderr: string, stdout: string): void {
  for (const message of splitTrace(stderr)) narrator.output(message);
  if (stdout !== "") narrator.output(stdout);
}

function expectJoined(stdout: string, documents: number): void {
  assert.match(
    stdout,
    new RegExp(`^joined central index server .* with ${documents} document`, "m"),
  );
  assert.match(stdout, /^joined registration server /m);
}
