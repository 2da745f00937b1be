/**
 * The grammar of the commands that bring documents: `get`, `sync`, `verify`.
 * @module
 */
import { merge, object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { multiple, optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, command, constant, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { downloadLimit, speechOptions } from "./options.ts";
import { ci, dir, rs, stay } from "./peer_options.ts";
import { numberRanges, sha256Digest } from "./value_parsers.ts";

/** Longest time between two looks for new documents, in s: a day. */
const maxWatchSeconds = 86_400;

/** `peer get`. */
export const get = command(
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

/** `peer sync`. */
export const sync = command(
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

/** `peer verify`. */
export const verify = command(
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

/** What `get` is told. */
export type GetOptions = InferValue<typeof get>;

/** What `sync` is told. */
export type SyncOptions = InferValue<typeof sync>;

/** What `verify` is told. */
export type VerifyOptions = InferValue<typeof verify>;
