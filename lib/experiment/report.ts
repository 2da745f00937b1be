/**
 * The report of the lab: one page that needs nothing from anywhere.
 * @module
 */
import { formatSeconds } from "./curve_plot.ts";
import { discuss } from "./discussion.ts";
import { plotOverview, systemNames } from "./plots.ts";
import { plotStyle } from "./plot_style.ts";
import { experimentSection } from "./report_section.ts";
import { pageStyle } from "./report_style.ts";
import type { LabSettings } from "./settings.ts";
import { type Bounds, boundsOf, type ExperimentResult, meanBytes } from "./summary.ts";
import { contentText, element, Markup } from "./svg.ts";
import type { LabDocument } from "./workload.ts";

/** What a report is made of. */
export interface ReportContent {
  /** What was asked for. */
  readonly settings: LabSettings;
  /** The documents that were downloaded. */
  readonly documents: readonly LabDocument[];
  /** What came of it. */
  readonly results: readonly ExperimentResult[];
  /** The exact messages of the first exchanges. */
  readonly messages: string;
  /** Why not everything was measured, if that is so. */
  readonly stopped: string | undefined;
}

/** Writes the report as an HTML document. */
export function writeReport(content: ReportContent): string {
  const { settings, documents, results, messages, stopped } = content;
  const bounds = boundsOf(settings, documents);
  const overview = plotOverview(results, bounds);
  const title = "Two ways to bring documents to everybody, measured";
  const body = element(
    "main",
    {},
    element("h1", {}, title),
    stopped === undefined
      ? []
      : element("p", { class: "warning" }, `Not everything was measured: ${stopped}`),
    bounds === undefined
      ? element(
        "p",
        { class: "warning" },
        "No uplink was limited: the loopback of one machine was measured, not the systems.",
      )
      : [],
    element("h2", {}, "What was measured"),
    settingsTable(settings, documents),
    element("p", {}, ...describeMethod(settings)),
    overview === undefined ? [] : element("figure", {}, overview),
    element("h2", {}, "What the numbers say"),
    discuss(settings, results, bounds).map(({ text, points }) => [
      element("p", {}, text),
      points.length === 0 ? [] : element("ul", {}, points.map((point) => element("li", {}, point))),
    ]),
    bounds === undefined ? [] : theory(bounds, settings, documents),
    element("h2", {}, "Measured and predicted"),
    results.map((result) => experimentSection(result, bounds)),
    element("h2", {}, "The messages"),
    element(
      "p",
      {},
      "The first exchanges of each kind, as they went over the wire. Lines end in CR LF; where a document follows, its length is shown instead.",
    ),
    element("pre", {}, messages.replaceAll("\r\n", "\n")),
  );
  const head = [
    element("meta", { charset: "utf-8" }),
    // The browser itself sees to it that nothing is fetched from anywhere.
    element("meta", {
      "http-equiv": "Content-Security-Policy",
      content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    }),
    element("meta", { name: "viewport", content: "width=device-width" }),
    element("title", {}, title),
    element("link", { rel: "icon", href: "data:," }),
    new Markup(`<style>${pageStyle}${plotStyle}</style>`),
  ];
  return `<!DOCTYPE html>\n<html lang="en">\n<head>${
    contentText(head)
  }</head>\n<body>${body.text}</body>\n</html>\n`;
}

function settingsTable(settings: LabSettings, documents: readonly LabDocument[]): Markup {
  const { systems, uplink, latencyMs, peers, repeat, seed, dir } = settings;
  const rows: [string, string][] = [
    ["system", systems.map((system) => systemNames[system]).join(" and ")],
    ["peers", String(peers)],
    [
      "documents",
      `${documents.length} ${dir === undefined ? "made up, as long as RFCs are" : `from ${dir}`}, ${
        formatBytes(meanBytes(documents))
      } each in the mean`,
    ],
    ["uplink of each peer (u)", uplink === undefined ? "not limited" : `${formatBytes(uplink)}/s`],
    ["latency of each message", `${latencyMs} ms`],
    ["runs of each experiment", String(repeat)],
    ["seed", String(seed)],
  ];
  return element(
    "table",
    { class: "settings" },
    rows.map(([name, value]) =>
      element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, value))
    ),
  );
}

function describeMethod({ peers, uplink, systems }: LabSettings): string[] {
  return [
    `All servers and peers ran within one process and spoke ${
      systems.map((system) => systemNames[system]).join(" and ")
    } over TCP on this machine's loopback. `,
    `In Task 1 peer 0 holds everything and the other ${
      peers - 1
    } download from it; in Task 2 every peer holds a part and downloads all others' from who held them at the start. `,
    "A peer downloads one document at a time. The clock starts when all have joined, and each download counts until its last byte was received. ",
    uplink === undefined
      ? ""
      : "Uplinks are limited in the program, in slices of some milliseconds, fairly between those who download. What the machine itself takes for a download is made up for as far as the uplink lies idle meanwhile; heads of replies (0.2 kB) count as bytes of the uplink but are not in the model.",
  ];
}

function theory(
  bounds: Bounds,
  { peers, uplink }: LabSettings,
  documents: readonly LabDocument[],
): Markup[] {
  const fOverU = meanBytes(documents) / uplink!;
  return [
    element("h2", {}, "What the theory says"),
    element(
      "p",
      {},
      `The fluid model lets documents flow like water: an uplink is shared equally by all who download from it at the moment. With f the mean length of a document and u the uplink, f/u is ${
        formatSeconds(fOverU)
      } s. `,
      "For the course's numbers, six peers and 60 documents of equal length, Task 1 ends after 250 f/u; Task 2 after 50 f/u in the best order, after 50 to 150 f/u, peer by peer, in index order, and after about 92 f/u in random order. ",
      "The worst order was searched for in the model. Predictions here take the true length of each document, so that they differ a little from these.",
    ),
    element(
      "p",
      {},
      `Kurose and Ross give lower bounds for a file of F bytes that N = ${peers - 1} peers want: `,
      element("span", { class: "formula" }, "D_cs = max{NF/u_s, F/d_min}"),
      " for a server that sends every copy, here ",
      element("strong", {}, `${formatSeconds(bounds.clientServer)} s`),
      ", and ",
      element("span", { class: "formula" }, "D_P2P ≥ max{F/u_s, F/d_min, NF/(u_s + Σu_i)}"),
      " for peers that pass on what they have, here ",
      element("strong", {}, `${formatSeconds(bounds.peerToPeer)} s`),
      ". Downlinks were not limited.",
    ),
  ];
}

function formatBytes(bytes: number): string {
  if (bytes >= 1_048_576) return `${Number((bytes / 1_048_576).toFixed(2))} MiB`;
  return bytes >= 1_024 ? `${Number((bytes / 1_024).toFixed(1))} KiB` : `${bytes} B`;
}
