/**
 * The tool `peer`: its commands.
 * @module
 */
import { merge, object, or } from "@optique/core/constructs";
import { lineBreak, message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { maxRfcNumber } from "../protocol/limits.ts";
import { centralIndexServerPort, registrationServerPort } from "../roles/ports.ts";
import type { ExitCode } from "./exit_code.ts";
import { lab } from "./lab_options.ts";
import { downloadLimit, listenHost, speechOptions, timeScale, uploadLimits } from "./options.ts";
import { runTool, suggestAmong, type ToolContext } from "./tool.ts";
import { endpoint, listenPort, numberRanges, sha256Digest } from "./value_parsers.ts";

const ci = option("--ci", endpoint(centralIndexServerPort), {
  description: message`Central index server of P2P-CI; port 7734 if none is given.`,
});
const rs = option("--rs", endpoint(registrationServerPort), {
  description: message`Registration server of P2P-DI; port 65423 if none is given.`,
});
const dir = withDefault(
  option("--dir", string({ metavar: "FOLDER" }), {
    description: message`Folder of the documents.`,
  }),
  "rfcs",
);

/** Longest time between two looks for new documents, in s: a day. */
const maxWatchSeconds = 86_400;

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
const stay = merge(served, uploadLimits);

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

const get = command(
  "get",
  merge(
    object({ command: constant("get") }),
    object("Download", {
      numbers: multiple(
        argument(numberRanges(), {
          description: message`Documents: numbers and ranges, e.g. 8600-8605.`,
        }),
        { min: 1, errors: { tooFew: message`Expected numbers of documents.` } },
      ),
      ci: optional(ci),
      rs: optional(rs),
      dir,
      output: optional(option("-o", "--output", string({ metavar: "FILE" }), {
        description: message`Write the document to this file instead; - is standard output.`,
      })),
      digest: optional(option("--digest", sha256Digest(), {
        description: message`Take the document with this SHA-256 only, whatever holders say.`,
      })),
      times: optional(option("--times", string({ metavar: "FILE" }), {
        description:
          message`Bring one document after another and write when each came, for peer lab plot.`,
      })),
      downloadLimit,
    }),
    speechOptions,
  ),
  { description: message`Bring documents from whoever has them into a folder.` },
);

const sync = command(
  "sync",
  merge(
    object({
      command: constant("sync"),
      wanted: multiple(
        argument(string({ metavar: "WORDS|RANGES" }), {
          description:
            message`Only these documents: words that their titles have, or numbers and ranges.`,
        }),
      ),
      watch: option("--watch", {
        description: message`Stay, and bring what others get from now on, until told to stop.`,
      }),
      every: withDefault(
        option("--every", integer({ min: 1, max: maxWatchSeconds, metavar: "SECONDS" }), {
          description: message`With --watch: how often to look for new documents.`,
        }),
        30,
      ),
    }),
    stay,
    speechOptions,
  ),
  {
    description:
      message`Join, bring every document that is missing, pass on what is there meanwhile, and leave.`,
  },
);

const verify = command(
  "verify",
  merge(
    object({ command: constant("verify") }),
    object("Verification", {
      numbers: multiple(
        argument(numberRanges(), {
          description: message`Only these documents: numbers and ranges, e.g. 8600-8605.`,
        }),
      ),
      repair: option("--repair", {
        description: message`Bring anew what is damaged; the old one is set aside.`,
      }),
      ci: optional(ci),
      rs: optional(rs),
      dir,
      downloadLimit,
    }),
    speechOptions,
  ),
  {
    description:
      message`Read documents again and compare them with what they were, and with what others have.`,
  },
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

/** What `join` and `shell` are told. */
export type StayOptions = InferValue<typeof stay>;

/** What `get` is told. */
export type GetOptions = Omit<Extract<Command, { command: "get" }>, "command">;

/** What `sync` is told. */
export type SyncOptions = Omit<Extract<Command, { command: "sync" }>, "command">;

/** What `verify` is told. */
export type VerifyOptions = Omit<Extract<Command, { command: "verify" }>, "command">;

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
