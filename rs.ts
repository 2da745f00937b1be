import { runRs } from "./lib/cli/rs_tool.ts";

if (import.meta.main) await runRs();
