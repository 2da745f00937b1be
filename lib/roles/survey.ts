/**
 * Finding out what there is to be had, in the systems that a peer has joined.
 * @module
 */
import type { RfcIndex } from "../index/rfc_index.ts";
import type { CiRecord } from "../protocol/ci_record.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { CiMembership } from "./ci_membership.ts";
import { getIndex } from "./rfc_client.ts";
import type { RsMembership } from "./rs_membership.ts";

/** How many peers are asked for their index at the same time: enough that a slow one does not hold up the others. */
const maxAskedAtOnce = 8;

/** Who surveys. */
export interface Surveyor {
  /** Its stay with the central index server, if it has joined one. */
  readonly ci: Pick<CiMembership, "client" | "self"> | undefined;
  /** Its stay with the registration server, if it has joined one. */
  readonly rs: Pick<RsMembership, "rs" | "registration" | "self"> | undefined;
  /** Where what other peers answer is merged. */
  readonly index: RfcIndex;
}

/** How many others have each document. */
export type Holdings = ReadonlyMap<number, number>;

/**
 * Asks the central index server for its list, and every active peer for its RFC index.
 *
 * @param client What the connections to other peers are made with.
 * @param wants Which documents are of interest, by number and title.
 * @param failed Is told who could not be asked, as long as others could.
 * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if neither server could be asked.
 */
export async function survey(
  peer: Surveyor,
  client: ClientOptions,
  wants: (record: Pick<CiRecord, "number" | "title">) => boolean,
  failed: (error: unknown, who?: Endpoint) => void,
): Promise<Holdings> {
  const holders = new Map<number, Set<string>>();
  const note = (record: CiRecord, self: Endpoint) => {
    const key = formatEndpoint(record);
    if (key === formatEndpoint(self) || !wants(record)) return;
    const known = holders.get(record.number);
    if (known === undefined) holders.set(record.number, new Set([key]));
    else known.add(key);
  };
  const answers = await Promise.allSettled([
    askCentralIndex(peer, note),
    askPeers(peer, client, note, failed),
  ]);
  const errors = answers.flatMap((answer) => answer.status === "rejected" ? [answer.reason] : []);
  const asked = (peer.ci === undefined ? 0 : 1) + (peer.rs === undefined ? 0 : 1);
  if (client.signal?.aborted || errors.length === asked) throw errors[0];
  for (const error of errors) failed(error);
  return new Map(holders.entries().map(([number, { size }]) => [number, size]));
}

type Note = (record: CiRecord, self: Endpoint) => void;

async function askCentralIndex({ ci }: Surveyor, note: Note): Promise<void> {
  if (ci === undefined) return;
  if (ci.client === undefined) throw new Error("The central index server is lost just now");
  for (const record of await ci.client.list(ci.self)) note(record, ci.self);
}

async function askPeers(
  { rs, index }: Surveyor,
  client: ClientOptions,
  note: Note,
  failed: (error: unknown, who: Endpoint) => void,
): Promise<void> {
  if (rs === undefined) return;
  const { self } = rs;
  const peers = await rs.rs.peers(rs.registration);
  const active = new Set(peers.map(formatEndpoint));
  const next = peers.values();
  const askSome = async () => {
    for (const peer of next) {
      try {
        await getIndex(peer, (record) => {
          if (formatEndpoint(record) === formatEndpoint(self)) return;
          index.merge(record);
          if (active.has(formatEndpoint(record))) note(record, self);
        }, client);
      } catch (error) {
        if (client.signal?.aborted) throw error;
        failed(error, peer);
      }
    }
  };
  await Promise.all(Array.from({ length: maxAskedAtOnce }, askSome));
}
