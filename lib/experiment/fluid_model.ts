/**
 * The fluid model of an experiment: documents as water, uplinks as taps that all who draw on them share equally.
 * @module
 */

/** One download of a peer's route. */
export interface RouteStep {
  /** Who gives the document, as an index into the uplinks. */
  readonly holder: number;
  /** Length of the document. */
  readonly bytes: number;
}

/** What a peer downloads, one document after another. */
export type Route = readonly RouteStep[];

/** Time around each download in which it takes nothing from the uplink, in seconds. */
export interface Lag {
  /** Until the holder begins to send: who has it is looked up, the request travels. */
  readonly beforeS: number;
  /** From when the holder has sent the last byte until it is there. */
  readonly afterS: number;
}

/** No time but that of sending. */
export const noLag: Lag = { beforeS: 0, afterS: 0 };

/** How much of a document may be left over by rounding, in bytes. */
const roundingBytes = 1e-6;

/** Where a peer stands in its route. */
interface Traveller {
  readonly route: Route;
  readonly finishedAt: number[];
  /** Bytes of the present download still to come. */
  left: number;
  /** When the present wait is over; undefined while it receives. */
  waitsUntil: number | undefined;
  /** Whether that wait is the one behind a download. */
  isBehind: boolean;
}

/**
 * Simulates an experiment: every peer follows its route, and each uplink is shared equally between those who receive
 * from it at the moment. Downlinks do not limit anything.
 *
 * @param uplinks What each peer can send, in bytes per second; more than 0.
 * @param routes One for each peer; empty for one that downloads nothing.
 * @returns For each peer when each of its downloads ended, in seconds from the common start.
 */
export function simulate(
  uplinks: readonly number[],
  routes: readonly Route[],
  lag: Lag = noLag,
): number[][] {
  const travellers = routes.map((route): Traveller => ({
    route,
    finishedAt: [],
    left: route[0]?.bytes ?? 0,
    waitsUntil: route.length === 0 ? undefined : lag.beforeS,
    isBehind: false,
  }));
  let now = 0;
  for (;;) {
    const travelling = travellers.filter(({ route, finishedAt }) =>
      finishedAt.length < route.length
    );
    if (travelling.length === 0) return travellers.map(({ finishedAt }) => finishedAt);
    const rates = shareUplinks(uplinks, travelling);
    const next = Math.min(...travelling.map((each) => eventAt(each, now, rates)));
    for (const each of travelling) advance(each, now, next, rates, lag);
    now = next;
  }
}

/** What each uplink gives to each of those who receive from it. */
function shareUplinks(uplinks: readonly number[], travelling: readonly Traveller[]): number[] {
  const receivers = uplinks.map(() => 0);
  for (const each of travelling) {
    if (each.waitsUntil === undefined) receivers[stepOf(each).holder]! += 1;
  }
  return uplinks.map((uplink, i) => uplink / receivers[i]!);
}

function stepOf({ route, finishedAt }: Traveller): RouteStep {
  return route[finishedAt.length]!;
}

/** When something changes for a peer if nothing changes for the others before. */
function eventAt(each: Traveller, now: number, rates: readonly number[]): number {
  return each.waitsUntil ?? now + each.left / rates[stepOf(each).holder]!;
}

function advance(
  each: Traveller,
  now: number,
  next: number,
  rates: readonly number[],
  { beforeS, afterS }: Lag,
): void {
  if (each.waitsUntil === undefined) {
    const rate = rates[stepOf(each).holder]!;
    each.left = rate === Infinity ? 0 : each.left - rate * (next - now);
    if (each.left > roundingBytes) return;
    each.waitsUntil = next + afterS;
    each.isBehind = true;
  }
  if (each.waitsUntil > next) return;
  if (!each.isBehind) {
    each.waitsUntil = undefined;
    return;
  }
  each.finishedAt.push(next);
  each.left = each.route[each.finishedAt.length]?.bytes ?? 0;
  each.waitsUntil = beforeS > 0 ? next + beforeS : undefined;
  each.isBehind = false;
}
