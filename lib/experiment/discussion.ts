/**
 * What the numbers say, in sentences: no more than they do.
 * @module
 */
import { formatSeconds } from "./curve_plot.ts";
import { nameOf, systemNames } from "./plots.ts";
import type { LabSettings, System } from "./settings.ts";
import { differenceOf } from "./statistics.ts";
import { type Bounds, type ExperimentResult, type PeerResult, ratioOf } from "./summary.ts";

/** How far measured and predicted may be apart and still count as the same. */
export const tolerance = 0.05;

/** A paragraph of the discussion, and what it lists. */
export interface Paragraph {
  /** Sentences. */
  readonly text: string;
  /** Below them, one by one. */
  readonly points: readonly string[];
}

/** The discussion. Without `bounds` no uplink was limited. */
export function discuss(
  settings: LabSettings,
  results: readonly ExperimentResult[],
  bounds: Bounds | undefined,
): Paragraph[] {
  if (results.length === 0) {
    return [{ text: "No run was made to its end: there is nothing to discuss.", points: [] }];
  }
  // Which of two experiments the loopback got through first is nothing to discuss.
  if (bounds === undefined) return [{ text: loopbackMeasured, points: [] }];
  return [
    ...settings.systems.flatMap((system) => {
      const own = results.filter((result) => result.system === system);
      const isOne = settings.systems.length === 1;
      return discussSystem(own, bounds).map(({ text, points }) => ({
        text: isOne ? text : `${systemNames[system]}: ${text}`,
        points,
      }));
    }),
    ...(settings.systems.length > 1 ? discussSystems(results, settings.systems) : []),
    ...(settings.repeat === 1 ? [{ text: singleRuns, points: [] }] : []),
  ];
}

const loopbackMeasured =
  "No uplink was limited (--uplink none). What was measured is this machine's loopback, its processor and its disk, " +
  "not the two ways to share: all peers are one machine, whoever sends. Which way is faster where uplinks are the " +
  "bottleneck cannot be seen here, and there is no model to compare with.";

const singleRuns =
  "Each experiment was made once, so that nothing is known of its spread: no difference above counts as one. " +
  "Repeat them (--repeat 10).";

function discussSystem(results: readonly ExperimentResult[], bounds: Bounds): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  const task1 = results.find(({ task }) => task === "task1");
  const task2 = results.filter(({ task }) => task === "task2");
  const best = task2.find(({ order }) => order === "best");
  if (task1 !== undefined && task2.length > 0) {
    paragraphs.push({
      text: "One holder for all, or everyone a holder? By when the last peer had everything:",
      points: task2.map((other) => compare(other, nameOf(other), task1, nameOf(task1))),
    });
  }
  if (best !== undefined && task2.length > 1) {
    paragraphs.push({
      text: "The order of downloads decides how much of the uplinks is used:",
      points: task2.filter((other) => other !== best)
        .map((other) => compare(best, nameOf(best), other, nameOf(other))),
    });
  }
  paragraphs.push({ text: judgeModel(results), points: [] });
  if (task2.length > 0) paragraphs.push({ text: judgeBounds(task2, bounds), points: [] });
  return paragraphs;
}

/** Says which of two experiments ended first, if the spread of the runs lets it. */
function compare(
  first: ExperimentResult,
  firstName: string,
  second: ExperimentResult,
  secondName: string,
): string {
  const { mean, halfInterval, isClear } = differenceOf(first.last.sample, second.last.sample);
  const apart = formatSeconds(Math.abs(mean));
  if (halfInterval === undefined) {
    return `${firstName} and ${secondName}: ${apart} s apart; with single runs that is no finding.`;
  }
  if (!isClear) {
    return `${firstName} and ${secondName}: ${apart} s apart, give or take ${
      formatSeconds(halfInterval)
    } s. The spread between runs is wider than the difference, which therefore means nothing.`;
  }
  const ratio = second.last.sample.mean / first.last.sample.mean;
  const [faster, slower] = ratio > 1 ? [firstName, secondName] : [secondName, firstName];
  return `${faster}: ${
    Math.max(ratio, 1 / ratio).toFixed(1)
  } times as fast as ${slower}, by ${apart} ± ${formatSeconds(halfInterval)} s (95 %).`;
}

/** Compares each peer's time with the model: what the spread of the runs does not explain, something else did. */
function judgeModel(results: readonly ExperimentResult[]): string {
  const all = results.flatMap((result) =>
    result.peers.map((peer) => ({ name: nameOf(result), peer, ratio: ratioOf(peer)! }))
  );
  const deviation = ({ ratio }: { ratio: number }) => Math.abs(ratio - 1);
  const farthest = all.reduce((one, other) => deviation(other) > deviation(one) ? other : one);
  const near = all.filter((each) => deviation(each) <= tolerance);
  const off = all.filter((each) => deviation(each) > tolerance);
  const text =
    `${near.length} of ${all.length} peers' times are within ${
      tolerance * 100
    } % of the fluid model; ` +
    `farthest is peer ${farthest.peer.peer} in ${farthest.name}, measured by predicted ${
      farthest.ratio.toFixed(3)
    }.`;
  if (off.length === 0) return `${text} Uplinks, and how they are shared, explain the times.`;
  if (off.every(({ peer }) => isWithinSpread(peer))) {
    return `${text} What is farther off is so by no more than the runs differ among themselves: repeat them to know more.`;
  }
  return `${text} Something else than the uplinks took part: most likely this machine was busy, or the uplinks too fast ` +
    "for it. Measure again when it is quiet, or with slower uplinks.";
}

function isWithinSpread({ sample, predicted }: PeerResult): boolean {
  return sample.halfInterval !== undefined &&
    Math.abs(sample.mean - predicted!) <= sample.halfInterval;
}

function judgeBounds(
  task2: readonly ExperimentResult[],
  { clientServer, peerToPeer }: Bounds,
): string {
  const under = task2.filter(({ last }) => last.sample.mean < clientServer);
  const nearest = task2.reduce((one, other) =>
    other.last.sample.mean < one.last.sample.mean ? other : one
  );
  const times = (nearest.last.sample.mean / peerToPeer).toFixed(2);
  return `A server that sends every copy itself cannot be done before ${
    formatSeconds(clientServer)
  } s: ` +
    `${under.length} of ${task2.length} orders of Task 2 were. Nobody can be done before ${
      formatSeconds(peerToPeer)
    } s, the bound of peer-to-peer: ${nameOf(nearest)} took ${times} times as long.`;
}

/** Compares the first system with the others. */
function discussSystems(
  results: readonly ExperimentResult[],
  [first, ...others]: readonly System[],
): Paragraph[] {
  const points = results.filter(({ system }) => system === first).flatMap((one) =>
    results
      .filter(({ system, task, order }) =>
        others.includes(system) && task === one.task && order === one.order
      )
      .map((other) =>
        compare(
          one,
          `${systemNames[one.system]}, ${nameOf(one)}`,
          other,
          `${systemNames[other.system]}, ${nameOf(other)}`,
        )
      )
  );
  const text =
    "The two systems bring the same bytes over the same uplinks; they differ in who is asked first:";
  return points.length === 0 ? [] : [{ text, points }];
}
