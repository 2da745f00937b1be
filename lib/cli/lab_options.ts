/**
 * The grammar of `peer lab`.
 * @module
 */
import { merge, object, or } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { maxPeers, maxRepeats, maxRfcs, minPeers, systems } from "../experiment/settings.ts";
import { orders, tasks } from "../experiment/workload.ts";
import { speechOptions } from "./options.ts";
import { latency, rate } from "./value_parsers.ts";

const out = withDefault(
  option("--out", string({ metavar: "FOLDER" }), {
    description: message`Folder for what comes of it.`,
  }),
  "lab",
);

const measure = merge(
  object({
    command: constant("lab"),
    what: argument(choice([...tasks, "all"] as const, { metavar: "TASK" }), {
      description:
        message`task1: one peer has everything; task2: every peer has a part; all: both.`,
    }),
  }),
  object("Experiment", {
    system: withDefault(
      option("--system", choice(systems, { metavar: "SYSTEM" }), {
        description: message`ci: by central index; di: by distributed index.`,
      }),
      "ci" as const,
    ),
    uplink: withDefault(
      option("--uplink", rate(), {
        description: message`What each peer can send; none measures this machine's loopback.`,
      }),
      1_048_576,
    ),
    latency: withDefault(
      option("--latency", latency(), {
        description: message`How long each message travels, e.g. 20ms.`,
      }),
      0,
    ),
    peers: withDefault(
      option("--peers", integer({ min: minPeers, max: maxPeers, metavar: "N" }), {
        description: message`How many peers there are.`,
      }),
      6,
    ),
    rfcs: optional(option("--rfcs", integer({ min: minPeers, max: maxRfcs, metavar: "N" }), {
      description: message`How many documents there are; 60 if not given, with --quick 24.`,
    })),
    order: multiple(option("--order", choice(orders, { metavar: "ORDER" }), {
      description:
        message`Order of downloads in Task 2: best, index, random or worst; all if not given.`,
    })),
    repeat: optional(option("--repeat", integer({ min: 1, max: maxRepeats, metavar: "N" }), {
      description:
        message`How often each experiment is repeated; 10 times if not given, with --quick 2.`,
    })),
    quick: option("--quick", {
      description: message`Fewer documents and repeats: some seconds instead of some minutes.`,
    }),
    seed: withDefault(
      option("--seed", integer({ min: 0, max: 0xffff_ffff, metavar: "N" }), {
        description: message`Decides made-up documents and random orders.`,
      }),
      1,
    ),
    dir: optional(option("--dir", string({ metavar: "FOLDER" }), {
      description: message`Take the documents of this folder; made-up ones if not given.`,
    })),
    out,
  }),
  speechOptions,
);

const plot = command(
  "plot",
  merge(
    object({
      command: constant("lab plot"),
      files: multiple(
        argument(string({ metavar: "FILES" }), {
          description: message`Files of times, by peer lab or by peer get --times.`,
        }),
        { min: 1, errors: { tooFew: message`Expected files of times.` } },
      ),
      out,
    }),
    speechOptions,
  ),
  { description: message`Draw times that were measured before.` },
);

/** The command and its options. */
export const lab = command("lab", or(plot, measure), {
  description: message`Measure the course's two experiments, and draw what came of them.`,
});

type Options = InferValue<typeof lab>;

/** What `lab task1`, `task2` and `all` are told. */
export type LabOptions = Extract<Options, { command: "lab" }>;

/** What `lab plot` is told. */
export type PlotOptions = Extract<Options, { command: "lab plot" }>;
