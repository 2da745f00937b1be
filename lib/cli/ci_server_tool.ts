/**
 * The tool `ci_server`: a central index server.
 * @module
 */
import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import type { CentralIndex } from "../index/central_index.ts";
import { choice } from "@optique/core/valueparser";
import { formatEndpoint } from "../protocol/endpoint.ts";
import { CentralIndexServer } from "../roles/central_index_server.ts";
import { centralIndexServerPort } from "../roles/ports.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import { listenHost, speechOptions, timeScale } from "./options.ts";
import { ChangingTable, formatTable } from "./table.ts";
import { runTool, type ToolContext } from "./tool.ts";
import { listenPort } from "./value_parsers.ts";

const options = merge(
  object("Server", {
    host: listenHost,
    port: withDefault(
      option("--port", listenPort(), {
        description: message`Port to listen on; 0 takes any free one.`,
      }),
      centralIndexServerPort,
    ),
    dialect: withDefault(
      option("--dialect", choice(["auto", "strict"] as const, { metavar: "DIALECT" }), {
        description:
          message`auto understands programs of other years and answers in their form; strict takes the given bytes only.`,
      }),
      "auto" as const,
    ),
    timeScale,
  }),
  speechOptions,
);

/** Runs the tool `ci_server`. */
export function runCiServer(): Promise<never> {
  return runTool(
    {
      name: "ci_server",
      brief: message`Central index server of P2P-CI: knows which peer has which RFC.`,
      examples: message`ci_server --trace`,
    },
    options,
    serve,
  );
}

async function serve(
  { host, port, dialect, timeScale, trace: tables }: InferValue<typeof options>,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  using table = new ChangingTable(() => output.remark(indexTables(server.index)));
  await using server = new CentralIndexServer({
    host,
    port,
    strict: dialect === "strict",
    timeScale,
    trace,
    changed: () => {
      if (tables) table.changed();
    },
  });
  output.result({ event: "listening", tool: "ci_server", ...server.endpoint });
  await interrupt.happened;
  return exitCodes.done;
}

/** The two tables of the course: active peers, and the index. */
function indexTables(index: CentralIndex): string {
  const peers = formatTable(
    ["peer", "upload port", "records"],
    Array.from(index.holders(), ({ host, port, records }) => [host, String(port), String(records)]),
  );
  const records = formatTable(
    ["RFC", "holder", "title"],
    Array.from(index.list(), (record) => [
      String(record.number),
      formatEndpoint(record),
      record.title,
    ]),
  );
  return `${peers}\n\n${records}\n`;
}
