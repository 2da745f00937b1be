/**
 * The tool `peer`: its commands.
 * @module
 */
import { merge, object, or } from "@optique/core/constructs";
import { lineBreak, message } from "@optique/core/message";
import { multiple } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { maxRfcNumber } from "../protocol/limits.ts";
import { get, sync, verify } from "./download_options.ts";
import type { ExitCode } from "./exit_code.ts";
import { lab } from "./lab_options.ts";
import { speechOptions } from "./options.ts";
import { ci, rs, stay } from "./peer_options.ts";
import { runTool, suggestAmong, type ToolContext } from "./tool.ts";
import { endpoint } from "./value_parsers.ts";

const join = command(
  "join",
  merge(
    object({
      command: constant("join"),
      shell: option("--shell", { description: message`Go on with the interactive shell.` }),
    }),
    stay,
    speechOptions,
  ),
  { description: message`Serve the documents of a folder and announce them, until told to stop.` },
);

const list = command(
  "list",
  merge(object({ command: constant("list"), ci }), speechOptions),
  { description: message`List every document that the central index server knows of.` },
);

const lookup = command(
  "lookup",
  merge(
    object({
      command: constant("lookup"),
      number: argument(integer({ min: 1, max: maxRfcNumber, metavar: "N" }), {
        description: message`Number of the document.`,
      }),
      ci,
    }),
    speechOptions,
  ),
  { description: message`Ask the central index server who has a document.` },
);

const search = command(
  "search",
  merge(
    object({
      command: constant("search"),
      words: multiple(
        argument(string({ metavar: "WORDS" }), { description: message`Words of the title.` }),
        { min: 1, errors: { tooFew: message`Expected words of a title.` } },
      ),
      ci,
    }),
    speechOptions,
  ),
  { description: message`List the documents whose title has all of some words.` },
);

const peers = command(
  "peers",
  merge(object({ command: constant("peers"), rs }), speechOptions),
  { description: message`List the active peers that the registration server knows of.` },
);

const index = command(
  "index",
  merge(
    object({
      command: constant("index"),
      peer: argument(endpoint(), { description: message`The peer to ask.` }),
    }),
    speechOptions,
  ),
  { description: message`Show a peer's RFC index.` },
);

const shell = command(
  "shell",
  merge(object({ command: constant("shell") }), stay, speechOptions),
  {
    description: message`Join, and work with commands typed one after another; "help" lists them.`,
  },
);

const commands = or(
  join,
  get,
  sync,
  verify,
  list,
  lookup,
  search,
  peers,
  index,
  shell,
  lab,
  suggestAmong([join, get, sync, verify, list, lookup, search, peers, index, shell, lab]),
);

type Command = InferValue<typeof commands>;

/** What the commands that ask one question are told. */
export type QueryOptions = Extract<
  Command,
  { command: "list" | "lookup" | "search" | "peers" | "index" }
>;

/** Runs the tool `peer`. */
export function runPeer(): Promise<never> {
  return runTool(
    {
      name: "peer",
      brief: message`Peer of P2P-CI and P2P-DI: serves, finds and downloads RFCs.`,
      examples:
        message`peer join --ci server.lan --rs server.lan --dir rfcs${lineBreak()}peer get 8600-8605 --ci server.lan --dir rfcs`,
    },
    commands,
    execute,
  );
}

/** Does what was typed. What only some commands need is loaded by them. */
async function execute(options: Command, context: ToolContext): Promise<ExitCode> {
  switch (options.command) {
    case "join":
    case "shell": {
      const { stayJoined } = await import("./join_command.ts");
      const interactive = options.command === "shell" || options.shell;
      return await stayJoined(options, interactive, context);
    }
    case "get": {
      const { getDocuments } = await import("./get_command.ts");
      return await getDocuments(options, context);
    }
    case "sync": {
      const { syncDocuments } = await import("./sync_command.ts");
      return await syncDocuments(options, context);
    }
    case "verify": {
      const { verifyDocuments } = await import("./verify_command.ts");
      return await verifyDocuments(options, context);
    }
    case "lab": {
      const { measure } = await import("./lab_command.ts");
      return await measure(options, context);
    }
    case "lab plot": {
      const { plot } = await import("./lab_command.ts");
      return await plot(options, context);
    }
    default: {
      const { query } = await import("./query_commands.ts");
      return await query(options, context);
    }
  }
}
