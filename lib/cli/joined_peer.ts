/**
 * A peer of the commands that join, and what is reported of it.
 * @module
 */
import type { Trace } from "../net/trace.ts";
import { type Endpoint, formatEndpoint, isLoopback } from "../protocol/endpoint.ts";
import { Peer } from "../roles/peer.ts";
import type { PeerEvents } from "../roles/peer_options.ts";
import { UsageError } from "./exit_code.ts";
import { limiterOf } from "./options.ts";
import type { Output } from "./output.ts";
import type { StayOptions } from "./peer_options.ts";
import { systemName } from "./system_name.ts";

/**
 * Starts a peer that reports what happens to it; none if the signal fires before it has joined.
 *
 * @param isNews Whether people are told that a document is announced.
 */
export async function startPeer(
  options: StayOptions,
  output: Output,
  trace: Trace | undefined,
  signal: AbortSignal,
  isNews: (number: number) => boolean = () => true,
): Promise<Peer | undefined> {
  const { ci, rs, dir, only, host, port, name, uploadLimit, maxUploads, downloadLimit, timeScale } =
    options;
  if (ci === undefined && rs === undefined) {
    throw new UsageError("A peer needs a server to join: add --ci HOST, --rs HOST, or both");
  }
  try {
    const peer = await Peer.start({
      folder: dir,
      only,
      ci,
      rs,
      host,
      port,
      name,
      uploadLimiter: limiterOf(uploadLimit),
      maxUploads,
      downloadLimiter: limiterOf(downloadLimit),
      timeScale,
      os: systemName(),
      trace,
      events: peerEvents(output, isNews),
      signal,
    });
    output.result({ event: "listening", tool: "peer", ...peer.endpoint });
    return peer;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function peerEvents(output: Output, isNews: (number: number) => boolean): PeerEvents {
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
        if (output.json || isNews(number)) {
          output.result({ event: "announced", rfc: number, title });
        }
      }
      for (const { number, title } of removed) {
        output.result({ event: "withdrawn", rfc: number, title });
      }
    },
    uploaded({ number }, to) {
      output.gather({ event: "uploaded", rfc: number, ...to });
    },
  };
}

function warnOfLoopback(output: Output, { host }: Endpoint): void {
  if (!isLoopback(host)) return;
  output.remark(`Only this machine can reach ${host}: for others, add --name HOST.`);
}
