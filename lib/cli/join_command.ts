/**
 * The commands `peer join` and `peer shell`.
 * @module
 */
import { type Endpoint, formatEndpoint, isLoopback } from "../protocol/endpoint.ts";
import { Peer, type PeerEvents, type PeerOptions } from "../roles/peer.ts";
import { type ExitCode, exitCodes, UsageError } from "./exit_code.ts";
import { printMessages } from "./message_trace.ts";
import type { Output } from "./output.ts";
import type { StayOptions } from "./peer_tool.ts";
import { systemName } from "./system_name.ts";
import type { ToolContext } from "./tool.ts";

/** Serves and stays with the servers until told to leave. */
export async function stayJoined(
  options: StayOptions,
  interactive: boolean,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  const { ci, rs, dir, only, host, port, name } = options;
  if (ci === undefined && rs === undefined) {
    throw new UsageError("A peer needs a server to join: add --ci HOST, --rs HOST, or both");
  }
  const shell = interactive ? await import("./shell.ts") : undefined;
  const toggled = shell && new shell.ToggledTrace(trace ?? printMessages(output));
  {
    await using peer = await startPeer({
      folder: dir,
      only,
      ci,
      rs,
      host,
      port,
      name,
      os: systemName(),
      trace: toggled?.trace ?? trace,
      events: peerEvents(output),
      signal: interrupt.signal,
    });
    if (peer !== undefined) {
      output.result({ event: "listening", tool: "peer", ...peer.endpoint });
      if (shell !== undefined && toggled !== undefined) {
        await shell.runShell(peer, toggled, { output, interrupt });
      } else {
        await interrupt.happened;
      }
    }
  }
  output.result({ event: "left" });
  return exitCodes.done;
}

/** Starts a peer; none if it is told to leave before it has joined. */
async function startPeer(
  options: PeerOptions & { signal: AbortSignal },
): Promise<Peer | undefined> {
  try {
    return await Peer.start(options);
  } catch (error) {
    if (options.signal.aborted) return undefined;
    throw error;
  }
}

function peerEvents(output: Output): PeerEvents {
  return {
    joined(system, server, self, documents) {
      output.result({
        event: "joined",
        system,
        server: formatEndpoint(server),
        ...self,
        documents,
      });
      warnOfLoopback(output, self);
    },
    lost(system, server, reason) {
      output.notice({
        event: "lost",
        system,
        server: formatEndpoint(server),
        reason: reason.message,
      });
    },
    changed(added, removed) {
      for (const { number, title } of added) {
        output.result({ event: "announced", rfc: number, title });
      }
      for (const { number, title } of removed) {
        output.result({ event: "withdrawn", rfc: number, title });
      }
    },
    uploaded({ number }, to) {
      output.result({ event: "uploaded", rfc: number, ...to });
    },
  };
}

function warnOfLoopback(output: Output, { host }: Endpoint): void {
  if (!isLoopback(host)) return;
  output.remark(`Only this machine can reach ${host}: for others, add --name HOST.`);
}
