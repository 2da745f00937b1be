/**
 * What the fluid model says of an experiment.
 * @module
 */
import { type Lag, noLag, simulate } from "./fluid_model.ts";
import { type Random, seededRandom } from "./seeded_random.ts";
import type { Workload } from "./workload.ts";

/** How often the model is asked. */
const variants = 48;

/** By how much the length of a document differs between these, of its length: what heads and timers are worth. */
const variation = 0.03;

/** By how much it differs besides from peer to peer: what the slices in which an uplink is shared are worth. */
const ownVariation = 0.002;

/**
 * When each download of each peer ends, in seconds from the common start.
 *
 * Where several peers share uplinks, a hundred bytes more or less decide who meets whom later on, and the end of a
 * single peer moves by a twentieth. No experiment is as exact as that, so the model is asked several times, with
 * lengths that differ a little, and the mean is what it says. A document is nearly as long for everybody each time:
 * peers that download the same in step with each other stay so for a while, as they do in fact, and an uplink rests
 * meanwhile if messages travel long.
 *
 * @param uplink What every peer can send, in bytes per second.
 */
export function predict({ downloads }: Workload, uplink: number, lag: Lag = noLag): number[][] {
  const random = seededRandom(variants);
  const uplinks = downloads.map(() => uplink);
  const sums = downloads.map((route) => route.map(() => 0));
  for (let i = 0; i < variants; i++) {
    const lengths = new Map<number, number>();
    for (const { number, bytes } of downloads.flat()) {
      if (!lengths.has(number)) lengths.set(number, vary(bytes, variation, random));
    }
    const routes = downloads.map((route) =>
      route.map(({ holder, number }) => ({
        holder,
        bytes: vary(lengths.get(number)!, ownVariation, random),
      }))
    );
    for (const [peer, ends] of simulate(uplinks, routes, lag).entries()) {
      for (const [place, end] of ends.entries()) sums[peer]![place]! += end;
    }
  }
  return sums.map((ends) => ends.map((sum) => sum / variants));
}

function vary(bytes: number, by: number, random: Random): number {
  return bytes * (1 + by * (2 * random() - 1));
}
