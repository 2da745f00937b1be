/**
 * What the fluid model says of an experiment.
 * @module
 */
import { type Lag, noLag, simulate } from "./fluid_model.ts";
import { seededRandom } from "./seeded_random.ts";
import type { Workload } from "./workload.ts";

/** How often the model is asked. */
const variants = 48;

/** By how much the lengths of documents differ between these, of their length: what heads and timers are worth. */
const variation = 0.03;

/**
 * When each download of each peer ends, in seconds from the common start.
 *
 * Where several peers share uplinks, a hundred bytes more or less decide who meets whom later on, and the end of a
 * single peer moves by a twentieth. No experiment is as exact as that, so the model is asked several times, with
 * lengths that differ a little, and the mean is what it says.
 *
 * @param uplink What every peer can send, in bytes per second.
 */
export function predict({ downloads }: Workload, uplink: number, lag: Lag = noLag): number[][] {
  const random = seededRandom(variants);
  const uplinks = downloads.map(() => uplink);
  const sums = downloads.map((route) => route.map(() => 0));
  for (let i = 0; i < variants; i++) {
    const routes = downloads.map((route) =>
      route.map(({ holder, bytes }) => ({
        holder,
        bytes: bytes * (1 + variation * (2 * random() - 1)),
      }))
    );
    for (const [peer, ends] of simulate(uplinks, routes, lag).entries()) {
      for (const [place, end] of ends.entries()) sums[peer]![place]! += end;
    }
  }
  return sums.map((ends) => ends.map((sum) => sum / variants));
}
