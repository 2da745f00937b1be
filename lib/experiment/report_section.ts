/**
 * What the report has of one experiment: its plot and a table.
 * @module
 */
import { formatSeconds } from "./curve_plot.ts";
import { nameOf, plotExperiment, systemNames } from "./plots.ts";
import { type Bounds, type ExperimentResult, type PeerResult, ratioOf } from "./summary.ts";
import { type Content, element, type Markup } from "./svg.ts";

/** The section of an experiment; without `bounds` no uplink was limited. */
export function experimentSection(result: ExperimentResult, bounds: Bounds | undefined): Markup {
  const name = `${nameOf(result)} (${systemNames[result.system]})`;
  return element(
    "section",
    {},
    element("h3", {}, name),
    element("figure", {}, plotExperiment(result, bounds)),
    element(
      "table",
      { class: "numbers" },
      element(
        "caption",
        {},
        `When each peer had everything, ${name}, ${result.runs.length} ${
          result.runs.length === 1 ? "run" : "runs"
        }`,
      ),
      element(
        "tr",
        {},
        ["peer", "measured (s)", "95 % interval (s)", "least to most (s)", "predicted (s)", "ratio"]
          .map((text) => element("th", { scope: "col" }, text)),
      ),
      [...result.peers, result.last].map(peerRow),
    ),
  );
}

function peerRow(result: PeerResult): Markup {
  const { peer, sample, predicted } = result;
  const { mean, min, max, halfInterval } = sample;
  const ratio = ratioOf(result);
  const cells: Content[] = [
    formatSeconds(mean),
    halfInterval === undefined ? "unknown" : `± ${formatSeconds(halfInterval)}`,
    `${formatSeconds(min)} to ${formatSeconds(max)}`,
    predicted === undefined ? "none" : formatSeconds(predicted),
    ratio === undefined ? "none" : ratio.toFixed(3),
  ];
  const name = peer === "last" ? "whoever was last" : `peer ${peer}`;
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    cells.map((cell) => element("td", {}, cell)),
  );
}
