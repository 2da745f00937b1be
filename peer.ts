import { runPeer } from "./lib/cli/peer_tool.ts";

if (import.meta.main) await runPeer();
