/**
 * The tools on this machine's loopback, each on a free port.
 * @module
 */
import { type ToolOptions, ToolProcess } from "./tool_process.ts";

const onLoopback = ["--host", "127.0.0.1", "--port", "0"];

/** Starts a central index server. */
export function startCiServer(...args: readonly string[]): Promise<ToolProcess> {
  return ToolProcess.listening("ci_server", [...onLoopback, ...args]);
}

/** Starts a registration server. */
export function startRs(...args: readonly string[]): Promise<ToolProcess> {
  return ToolProcess.listening("rs", [...onLoopback, ...args]);
}

/** Starts a peer that stays, over the documents of a folder; it has joined when this returns. */
export function startPeer(
  folder: string,
  args: readonly string[],
  options?: ToolOptions,
): Promise<ToolProcess> {
  return ToolProcess.listening("peer", ["join", "--dir", folder, ...onLoopback, ...args], options);
}

/** Starts a server that has ended once more, at the same place. */
export function startAgain({ name, endpoint }: ToolProcess): Promise<ToolProcess> {
  return ToolProcess.listening(name, ["--host", endpoint.host, "--port", String(endpoint.port)]);
}
