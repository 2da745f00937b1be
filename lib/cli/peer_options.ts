/**
 * Options that the commands of `peer` share.
 * @module
 */
import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { centralIndexServerPort, registrationServerPort } from "../roles/ports.ts";
import { downloadLimit, listenHost, timeScale, uploadLimits } from "./options.ts";
import { endpoint, listenPort, numberRanges } from "./value_parsers.ts";

/** The central index server that is meant. */
export const ci = option("--ci", endpoint(centralIndexServerPort), {
  description: message`Central index server of P2P-CI; port 7734 if none is given.`,
});

/** The registration server that is meant. */
export const rs = option("--rs", endpoint(registrationServerPort), {
  description: message`Registration server of P2P-DI; port 65423 if none is given.`,
});

/** The folder of documents. */
export const dir = withDefault(
  option("--dir", string({ metavar: "FOLDER" }), {
    description: message`Folder of the documents.`,
  }),
  "rfcs",
);

const served = object("Peer", {
  ci: optional(ci),
  rs: optional(rs),
  dir,
  only: optional(option("--only", numberRanges(), {
    description: message`Offer only these documents, e.g. 8600-8605,8610.`,
  })),
  host: listenHost,
  port: withDefault(
    option("--port", listenPort(), {
      description: message`Port to serve documents on; 0 takes any free one.`,
    }),
    0,
  ),
  name: optional(option("--name", string({ metavar: "HOST" }), {
    description:
      message`Host that others are told to reach this peer at; if not given, its address towards each server.`,
  })),
  downloadLimit,
  timeScale,
});

/** How a peer that stays is set up, and how much of this machine's connection it may use. */
export const stay = merge(served, uploadLimits);

/** What the commands are told that join. */
export type StayOptions = InferValue<typeof stay>;
