/**
 * Options that all tools share.
 * @module
 */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { RateLimiter } from "../net/rate_limiter.ts";
import { maxTimeScale } from "../roles/protocol_clock.ts";
import { rate } from "./value_parsers.ts";

/** How much is logged: this and what is graver. */
export const logLevels = ["debug", "info", "warning", "error"] as const;

/** One of the levels. */
export type LogLevel = (typeof logLevels)[number];

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

/** How fast documents are brought. */
export const downloadLimit = optional(
  option("--download-limit", rate(), {
    description: message`Bring documents no faster than this, all together, e.g. 1MiB/s.`,
  }),
);

/** How fast documents are given to others, and to how many at a time. */
export const uploadLimits = object("Uploads", {
  uploadLimit: optional(option("--upload-limit", rate(), {
    description: message`Send no faster than this to all others together, e.g. 1MiB/s.`,
  })),
  maxUploads: optional(
    option("--max-uploads", integer({ min: 1, max: 10_000, metavar: "N" }), {
      description: message`Give no more than this many documents at a time; the others wait.`,
    }),
  ),
});

/** The limiter of an option; none if there is no limit. */
export function limiterOf(bytesPerSecond: number | undefined): RateLimiter | undefined {
  return bytesPerSecond === undefined ? undefined : new RateLimiter({ bytesPerSecond });
}

/** How fast the protocols' time runs. */
export const timeScale = withDefault(
  option("--time-scale", integer({ min: 1, max: maxTimeScale, metavar: "N" }), {
    description:
      message`Let the protocol's time, such as the TTL of 7200 s, pass N times as fast: for lectures. Servers and peers must agree.`,
  }),
  1,
);
