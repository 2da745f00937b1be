import { runCiServer } from "./lib/cli/ci_server_tool.ts";

if (import.meta.main) await runCiServer();
