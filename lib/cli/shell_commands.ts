/**
 * The commands of the interactive shell, one row each.
 * @module
 */
import { findPort, formatEndpoint, parseEndpoint } from "../protocol/endpoint.ts";
import { numbersOf, parseNumberRanges } from "../protocol/number_ranges.ts";
import { findRfcNumber } from "../protocol/rfc_number.ts";
import { formatPeer } from "../protocol/di_reply.ts";
import type { CiMembership } from "../roles/ci_membership.ts";
import { describeFailure } from "../roles/failure.ts";
import type { Peer } from "../roles/peer.ts";
import type { RsMembership } from "../roles/rs_membership.ts";
import { getAll } from "./bring_documents.ts";
import { UsageError } from "./exit_code.ts";
import { folderPlace } from "./document_places.ts";
import type { Output } from "./output.ts";
import { printIndex, printRecords } from "./query_commands.ts";
import { formatTable } from "./table.ts";
import { titleHas } from "./wanted.ts";

/** What the commands work with. */
export interface ShellSession {
  readonly peer: Peer;
  readonly trace: { isOn: boolean };
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Set when the peer is to leave. */
  left: boolean;
}

/** One command. */
export interface ShellCommand {
  /** What it takes, for the help. */
  readonly usage: string;
  readonly description: string;
  /** What Tab offers behind it. */
  readonly completions?: (peer: Peer) => string[];
  run(parameters: readonly string[], session: ShellSession): Promise<void> | void;
}

const ownNumbers = (peer: Peer) => [...peer.folder.documents.keys()].map(String);
const heardNumbers = (
  peer: Peer,
) => [...new Set(peer.index.heardRecords().map(({ number }) => String(number)))];

/** The commands by name, in the order of the help. */
export const shellCommands: ReadonlyMap<string, ShellCommand> = new Map<string, ShellCommand>([
  ["add", {
    usage: "N",
    description: "announce a document of the folder",
    completions: ownNumbers,
    async run(parameters, { peer, output }) {
      const number = oneNumber(parameters);
      if (await peer.offer(number)) return;
      output.error(`Cannot add RFC ${number}: it is not in ${peer.folder.path}, or not offered`);
    },
  }],
  ["remove", {
    usage: "N",
    description: "take an announcement back; the file stays",
    completions: ownNumbers,
    async run(parameters, { peer, output }) {
      const number = oneNumber(parameters);
      if (await peer.withhold(number)) return;
      output.error(`Cannot remove RFC ${number}: it is not announced`);
    },
  }],
  ["lookup", {
    usage: "N",
    description: "ask the central index server who has a document",
    async run(parameters, { peer, output }) {
      const number = oneNumber(parameters);
      const { client, self } = connectedCi(peer);
      if (printRecords(await client.lookup(number, self), output) === 0) {
        output.remark(`Nobody has RFC ${number}`);
      }
    },
  }],
  ["list", {
    usage: "[WORDS]",
    description: "list every document of the central index, or those whose title has all words",
    async run(words, { peer, output }) {
      const { client, self } = connectedCi(peer);
      const found = (await client.list(self)).filter(titleHas(words));
      if (printRecords(found, output) === 0) output.remark("No such document in the index");
    },
  }],
  ["get", {
    usage: "N…",
    description: "bring documents: numbers and ranges",
    completions: heardNumbers,
    async run(parameters, { peer, trace, output, signal }) {
      if (parameters.length === 0) throw new UsageError("Expected numbers of documents");
      const finders = peer.finders((who, error) => output.remark(describeFailure(error, who)));
      if (finders.length === 0) throw new UsageError("Not connected to any server just now");
      await getAll({
        numbers: numbersOf(parameters.flatMap(parseNumberRanges)),
        place: folderPlace(peer.folder.path, peer.digests, output),
        finders: () => finders,
        client: { ...peer.clientOptions, signal },
        isTraced: trace.isOn,
        output,
      });
      await peer.refresh();
    },
  }],
  ["peers", {
    usage: "",
    description: "ask the registration server who is active",
    async run(_parameters, { peer, output }) {
      const { rs, registration } = registered(peer);
      const peers = await rs.peers(registration);
      for (const { host, port } of peers) output.result({ event: "peer", host, port });
      if (peers.length === 0) output.remark("No other active peer");
    },
  }],
  ["index", {
    usage: "[HOST PORT]",
    description: "show a peer's RFC index, or the own one",
    async run(parameters, { peer, output }) {
      if (parameters.length === 0) {
        for (const { number, title, host, port, ttlSeconds } of peer.index.records()) {
          output.result({ event: "record", rfc: number, title, host, port, ttl: ttlSeconds });
        }
        return;
      }
      const [host = "", port] = parameters;
      const endpoint = port === undefined
        ? parseEndpoint(host)
        : { host, port: findPort(port) ?? parseEndpoint(`${host}:${port}`).port };
      if (await printIndex(endpoint, peer.clientOptions, output) === 0) {
        output.remark(`The RFC index of ${formatPeer(endpoint)} is empty`);
      }
    },
  }],
  ["keepalive", {
    usage: "",
    description: "tell the registration server now that this peer is active",
    async run(_parameters, { peer }) {
      await registered(peer).keepAlive();
    },
  }],
  ["status", {
    usage: "",
    description: "show where this peer is and what it has",
    run(_parameters, { peer, output }) {
      output.remark(statusTable(peer));
    },
  }],
  ["trace", {
    usage: "on|off",
    description: "show messages, or not",
    completions: () => ["on", "off"],
    run([state], { trace, output }) {
      if (state === "on" || state === "off") trace.isOn = state === "on";
      output.remark(`Messages are ${trace.isOn ? "shown" : "not shown"}`);
    },
  }],
  ["help", {
    usage: "",
    description: "list the commands",
    run(_parameters, { output }) {
      const rows = Array.from(
        shellCommands,
        ([name, { usage, description }]) => [`${name} ${usage}`, description],
      );
      output.remark(formatTable(["command", "what it does"], rows));
    },
  }],
  ["leave", {
    usage: "",
    description: "leave the servers and end",
    run(_parameters, session) {
      session.left = true;
    },
  }],
  ["quit", {
    usage: "",
    description: "the same",
    run(_parameters, session) {
      session.left = true;
    },
  }],
]);

function oneNumber([text = "", ...others]: readonly string[]): number {
  const number = findRfcNumber(text);
  if (number === undefined || others.length > 0) {
    throw new UsageError("Expected the number of one document");
  }
  return number;
}

function connectedCi(peer: Peer): Pick<CiMembership, "self"> & {
  client: NonNullable<CiMembership["client"]>;
} {
  const { ci } = peer;
  if (ci === undefined) throw new UsageError("This peer joined no central index server (--ci)");
  if (ci.client === undefined) throw new UsageError("The central index server is lost just now");
  return { client: ci.client, self: ci.self };
}

function registered(peer: Peer): RsMembership {
  if (peer.rs === undefined) throw new UsageError("This peer joined no registration server (--rs)");
  return peer.rs;
}

function statusTable(peer: Peer): string {
  const { ci, rs } = peer;
  const rows = [
    ["serving", formatEndpoint(peer.endpoint)],
    ["folder", `${peer.folder.path}, ${[...peer.offered()].length} documents offered`],
    ["RFC index", `${peer.index.heardCount} records of others`],
  ];
  if (ci !== undefined) {
    const state = ci.client === undefined ? "lost, trying again" : "connected";
    rows.push(["central index", `${state}, as ${formatEndpoint(ci.self)}`]);
  }
  if (rs !== undefined) {
    rows.push(["registration", `cookie ${rs.registration.cookie}, as ${formatEndpoint(rs.self)}`]);
  }
  return formatTable(["", "this peer"], rows);
}
