/**
 * Finding out what there is to be had, in both systems.
 * @module
 */
import type { RfcIndex } from "../index/rfc_index.ts";
import type { CiRecord } from "../protocol/ci_record.ts";
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";
import type { ListedRecord } from "../protocol/listed_record.ts";
import type { CiClient } from "./ci_client.ts";
import type { ClientOptions } from "./client_exchange.ts";
import type { Heard } from "./finder.ts";
import type { ListedHolders } from "./listed_holders.ts";
import type { RecentPeers } from "./recent_peers.ts";
import { getIndex } from "./rfc_client.ts";
import type { Registration, RsClient } from "./rs_client.ts";

/** How many peers are asked for their index at the same time: enough that a slow one does not hold up the others. */
const maxAskedAtOnce = 8;

/** Who is asked, and who asks. */
export interface Surveyed {
  /** The central index server, if there is one; its client is missing while it is lost. */
  readonly ci: {
    readonly client: Pick<CiClient, "listDetailed"> | undefined;
    readonly self: Endpoint;
  } | undefined;
  /** The registration server, if there is one; `self` is missing if who asks serves nothing. */
  readonly rs: {
    readonly rs: Pick<RsClient, "peers">;
    readonly registration: Pick<Registration, "host" | "cookie"> | undefined;
    readonly self: Endpoint | undefined;
  } | undefined;
  /** Where what other peers answer is merged. */
  readonly index: RfcIndex;
  /** Where it is noted whose index was merged, by host and port. @default nowhere */
  readonly heard?: Map<string, Heard>;
  /** Where it is noted who is active. @default nowhere */
  readonly recent?: RecentPeers;
  /** Where it is noted who has what, as the central index server says. @default nowhere */
  readonly listed?: ListedHolders;
}

/** Is told of each record of somebody else; says whether the document is of interest. */
type Note = (record: ListedRecord, holder: string) => boolean;

/** What there is to be had of a document. */
export interface Holding {
  /** How many others have it. */
  readonly holders: number;
  /** Its length in bytes, as the first of them said that told one. */
  readonly size: number | undefined;
}

/** What others have, by number. */
export type Holdings = ReadonlyMap<number, Holding>;

/**
 * How many others have each document, and how long it is: asks the central index server for its list, and every active peer for its index.
 *
 * @param client What the connections to other peers are made with.
 * @param wants Which documents are of interest, by number and title.
 * @param failed Is told who could not be asked, as long as others could.
 * @throws {UnreachableError | ConnectionLostError | RefusedError | ProtocolError} if neither server could be asked.
 */
export async function surveyHoldings(
  surveyed: Surveyed,
  client: ClientOptions,
  wants: (record: Pick<CiRecord, "number" | "title">) => boolean,
  failed: (error: unknown, who?: Endpoint) => void,
): Promise<Holdings> {
  const found = new Map<number, { holders: Set<string>; size: number | undefined }>();
  await survey(surveyed, client, (record, holder) => {
    if (!wants(record)) return false;
    const { number, size } = record;
    const known = found.get(number);
    if (known === undefined) found.set(number, { holders: new Set([holder]), size });
    else {
      known.holders.add(holder);
      known.size ??= size;
    }
    return true;
  }, failed);
  return new Map(
    found.entries().map(([number, { holders, size }]) => [number, { holders: holders.size, size }]),
  );
}

/** How many others announce which digest of which document; digests are SHA-256 in hexadecimal. */
export type AnnouncedDigests = ReadonlyMap<number, ReadonlyMap<string, number>>;

/** The digests that others announce; asks and throws as `surveyHoldings`. */
export async function surveyDigests(
  surveyed: Surveyed,
  client: ClientOptions,
  failed: (error: unknown, who?: Endpoint) => void,
): Promise<AnnouncedDigests> {
  const digests = new Map<number, Map<string, string>>();
  await survey(surveyed, client, ({ number, sha256 }, holder) => {
    if (sha256 === undefined) return false;
    const known = digests.get(number);
    if (known === undefined) digests.set(number, new Map([[holder, sha256]]));
    else known.set(holder, sha256);
    return true;
  }, failed);
  return new Map(digests.entries().map(([number, byHolder]) => [number, countEach(byHolder)]));
}

function countEach(byHolder: ReadonlyMap<string, string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const sha256 of byHolder.values()) counts.set(sha256, (counts.get(sha256) ?? 0) + 1);
  return counts;
}

async function survey(
  surveyed: Surveyed,
  client: ClientOptions,
  note: Note,
  failed: (error: unknown, who?: Endpoint) => void,
): Promise<void> {
  const answers = await Promise.allSettled([
    askCentralIndex(surveyed, note),
    askPeers(surveyed, client, note, failed),
  ]);
  const errors = answers.flatMap((answer) => answer.status === "rejected" ? [answer.reason] : []);
  const asked = (surveyed.ci === undefined ? 0 : 1) + (surveyed.rs === undefined ? 0 : 1);
  const isInVain = client.signal?.aborted || errors.length === asked;
  if (errors.length > 0 && isInVain) throw errors[0];
  for (const error of errors) failed(error);
}

async function askCentralIndex({ ci, listed }: Surveyed, note: Note): Promise<void> {
  if (ci === undefined) return;
  if (ci.client === undefined) throw new Error("The central index server is lost just now");
  const self = formatEndpoint(ci.self);
  const records = await ci.client.listDetailed(ci.self);
  listed?.begin();
  for (const record of records) {
    const holder = formatEndpoint(record);
    if (holder !== self && note(record, holder)) listed?.note(record);
  }
}

async function askPeers(
  { rs, index, heard, recent }: Surveyed,
  client: ClientOptions,
  note: Note,
  failed: (error: unknown, who: Endpoint) => void,
): Promise<void> {
  if (rs === undefined) return;
  const self = rs.self && formatEndpoint(rs.self);
  const peers = (await rs.rs.peers(rs.registration)).filter((peer) =>
    formatEndpoint(peer) !== self
  );
  recent?.note(peers);
  const active = new Set(peers.map(formatEndpoint));
  const next = peers.values();
  const askSome = async () => {
    for (const peer of next) {
      try {
        const form = await getIndex(
          peer,
          (record) => {
            const holder = formatEndpoint(record);
            if (holder === self) return;
            index.merge(record);
            if (active.has(holder)) note(record, holder);
          },
          client,
          "detailed",
        );
        const isDetailed = form === "detailed";
        heard?.set(formatEndpoint(peer), { at: performance.now(), isDetailed });
      } catch (error) {
        if (client.signal?.aborted) throw error;
        failed(error, peer);
      }
    }
  };
  await Promise.all(Array.from({ length: maxAskedAtOnce }, askSome));
}
