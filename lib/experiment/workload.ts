/**
 * The course's experiments: who holds what, and who downloads what from whom in which order.
 * @module
 */
import { partLength } from "./document_sizes.ts";
import type { RouteStep } from "./fluid_model.ts";
import { type Random, shuffled } from "./seeded_random.ts";
import { findWorstOrder } from "./worst_order.ts";

/** The tasks of the course: one peer has everything, or everyone has a part. */
export const tasks = ["task1", "task2"] as const;

/** One of the tasks. */
export type Task = (typeof tasks)[number];

/**
 * In which order peers go through what they want: each starts with another holder, everyone by number, everyone by
 * chance, or as disturbs the others most.
 */
export const orders = ["best", "index", "random", "worst"] as const;

/** One of the orders. */
export type Order = (typeof orders)[number];

/** A document of an experiment. */
export interface LabDocument {
  /** Number of the document. */
  readonly number: number;
  /** Its length. */
  readonly bytes: number;
}

/** A download to be made: a document from its holder. */
export interface PlannedDownload extends LabDocument, RouteStep {}

/** All that an experiment is about. Peers are numbered from 0. */
export interface Workload {
  /** What each peer has at the start. */
  readonly holdings: readonly (readonly LabDocument[])[];
  /** What each peer downloads, in this order. */
  readonly downloads: readonly (readonly PlannedDownload[])[];
}

/**
 * Task 1: peer 0 holds everything, every other peer downloads from it. Each downloads as many documents as in Task 2,
 * those with the lowest numbers, so that both tasks bring as much to everybody.
 */
export function planTask1(documents: readonly LabDocument[], peers: number): Workload {
  const wanted = documents.slice(0, documents.length - partLength(documents.length, peers, 0));
  return {
    holdings: Array.from({ length: peers }, (_, peer) => peer === 0 ? documents : []),
    downloads: Array.from(
      { length: peers },
      (_, peer) => peer === 0 ? [] : wanted.map((document) => ({ ...document, holder: 0 })),
    ),
  };
}

/**
 * Task 2: every peer holds its part of the documents, a row of numbers, and downloads all the others, each from the
 * peer that held it at the start.
 */
export function planTask2(
  documents: readonly LabDocument[],
  peers: number,
  order: Order,
  random: Random,
): Workload {
  const holdings = deal(documents, peers);
  const holders = holderOrders[order](holdings, random);
  const downloads = holders.map((those) =>
    those.flatMap((holder) => holdings[holder]!.map((document) => ({ ...document, holder })))
  );
  return {
    holdings,
    downloads: order === "random" ? downloads.map((each) => shuffled(each, random)) : downloads,
  };
}

function deal(documents: readonly LabDocument[], peers: number): LabDocument[][] {
  let next = 0;
  return Array.from({ length: peers }, (_, peer) => {
    const first = next;
    next += partLength(documents.length, peers, peer);
    return documents.slice(first, next);
  });
}

/** For each peer, the others in the order in which it downloads all that they hold. */
type HolderOrders = number[][];

const holderOrders: Record<
  Order,
  (holdings: readonly (readonly LabDocument[])[], random: Random) => HolderOrders
> = {
  best: ({ length: peers }) =>
    Array.from(
      { length: peers },
      (_, peer) => Array.from({ length: peers - 1 }, (_, i) => (peer + 1 + i) % peers),
    ),
  index: ({ length: peers }) => byIndex(peers),
  random: ({ length: peers }) => byIndex(peers),
  worst: (holdings, random) =>
    findWorstOrder(
      byIndex(holdings.length),
      holdings.map((documents) => documents.reduce((sum, { bytes }) => sum + bytes, 0)),
      random,
    ),
};

function byIndex(peers: number): HolderOrders {
  const all = Array.from({ length: peers }, (_, holder) => holder);
  return all.map((peer) => all.filter((holder) => holder !== peer));
}
