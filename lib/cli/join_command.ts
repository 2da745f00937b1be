/**
 * The commands `peer join` and `peer shell`.
 * @module
 */
import { type ExitCode, exitCodes } from "./exit_code.ts";
import { startPeer } from "./joined_peer.ts";
import { printMessages } from "./message_trace.ts";
import type { StayOptions } from "./peer_options.ts";
import type { ToolContext } from "./tool.ts";

/** Serves and stays with the servers until told to leave. */
export async function stayJoined(
  options: StayOptions,
  interactive: boolean,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  const shell = interactive ? await import("./shell.ts") : undefined;
  const toggled = shell && new shell.ToggledTrace(trace ?? printMessages(output));
  {
    await using peer = await startPeer(options, output, toggled?.trace ?? trace, interrupt.signal);
    if (peer !== undefined && shell !== undefined && toggled !== undefined) {
      await shell.runShell(peer, toggled, { output, interrupt });
    } else if (peer !== undefined) {
      await interrupt.happened;
    }
  }
  output.result({ event: "left" });
  return exitCodes.done;
}
