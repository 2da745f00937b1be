/**
 * The version of the tools.
 * @module
 */
import config from "../../deno.json" with { type: "json" };

/** The version of the tools, from `deno.json`. */
export const version: string = config.version;
