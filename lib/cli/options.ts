/**
 * Options that all tools share.
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, string } from "@optique/core/valueparser";
import { logLevels } from "./logging.ts";

/** How a tool speaks. */
export const speechOptions = object("Output", {
  json: option("--json", {
    description: message`Report as NDJSON events on standard output, for programs.`,
  }),
  trace: option("--trace", {
    description: message`Show every message sent and received in its exact form.`,
  }),
  logLevel: withDefault(
    option("--log-level", choice(logLevels, { metavar: "LEVEL" }), {
      description: message`How much to log on standard error: debug, info, warning or error.`,
    }),
    "info" as const,
  ),
});

/** What `speechOptions` gives. */
export interface Speech {
  readonly json: boolean;
  readonly trace: boolean;
  readonly logLevel: (typeof logLevels)[number];
}

/** The address to listen on. */
export const listenHost = optional(
  option("--host", string({ metavar: "HOST" }), {
    description: message`Address to listen on; every address of this machine if not given.`,
  }),
);
