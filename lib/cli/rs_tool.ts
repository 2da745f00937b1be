/**
 * The tool `rs`: a registration server.
 * @module
 */
import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { integer } from "@optique/core/valueparser";
import { defaultTtlMs } from "../index/peer_list.ts";
import { RegistrationServer } from "../roles/registration_server.ts";
import { registrationServerPort } from "../roles/ports.ts";
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
      registrationServerPort,
    ),
    ttl: withDefault(
      option("--ttl", integer({ min: 1, max: 604_800, metavar: "SECONDS" }), {
        description: message`How long a peer counts as active after each contact.`,
      }),
      defaultTtlMs / 1_000,
    ),
    timeScale,
  }),
  speechOptions,
);

/** Runs the tool `rs`. */
export function runRs(): Promise<never> {
  return runTool(
    {
      name: "rs",
      brief: message`Registration server of P2P-DI: knows which peers are active.`,
      examples: message`rs --port 65243 --trace`,
    },
    options,
    serve,
  );
}

async function serve(
  { host, port, ttl, timeScale, trace: tables }: {
    host?: string | undefined;
    port: number;
    ttl: number;
    timeScale: number;
    trace: boolean;
  },
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  using table = new ChangingTable(() => output.remark(peerTable(server)));
  await using server = new RegistrationServer({
    host,
    port,
    ttlMs: ttl * 1_000,
    timeScale,
    trace,
    changed: () => {
      if (tables) table.changed();
    },
  });
  output.result({ event: "listening", tool: "rs", ...server.endpoint });
  await interrupt.happened;
  return exitCodes.done;
}

/** The peer list with the course's seven fields. */
function peerTable(server: RegistrationServer): string {
  return formatTable(
    ["host", "cookie", "active", "TTL", "port", "registrations in 30 days", "last registered"],
    server.peers().map((peer) => [
      peer.host,
      peer.cookie,
      peer.active ? "yes" : "no",
      String(Math.ceil(peer.ttlMs / 1_000)),
      String(peer.port ?? "-"),
      String(peer.registrationsIn30Days),
      new Date(peer.lastRegisteredAt).toISOString().slice(0, 19).replace("T", " "),
    ]),
  );
}
