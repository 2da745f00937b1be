/**
 * The commands of `peer` that ask one question: `list`, `lookup`, `search`, `peers`, `index`.
 * @module
 */
import type { CiRecord } from "../protocol/ci_record.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { CiClient } from "../roles/ci_client.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { notServingPort } from "../roles/finder.ts";
import { getIndex } from "../roles/rfc_client.ts";
import { RsClient } from "../roles/rs_client.ts";
import { type ExitCode, exitCodes } from "./exit_code.ts";
import type { Output } from "./output.ts";
import type { QueryOptions } from "./peer_tool.ts";
import { systemName } from "./system_name.ts";
import type { ToolContext } from "./tool.ts";
import { titleHas } from "./wanted.ts";

/** Asks the question and prints the answer. What a server answers with 404 is exit code 1. */
export async function query(
  options: QueryOptions,
  { output, interrupt, trace }: ToolContext,
): Promise<ExitCode> {
  const client: ClientOptions = { os: systemName(), trace, signal: interrupt.signal };
  const found = await ask(options, client, output);
  if (found > 0) return exitCodes.done;
  output.remark(nothingFound(options));
  const isList = options.command === "list" || options.command === "index";
  return isList ? exitCodes.done : exitCodes.incomplete;
}

/** Returns how many lines the answer has. */
async function ask(options: QueryOptions, client: ClientOptions, output: Output): Promise<number> {
  switch (options.command) {
    case "list":
    case "search":
    case "lookup": {
      using server = await CiClient.connect(options.ci, client);
      const asker = { host: server.localHost, port: notServingPort };
      if (options.command === "lookup") {
        return printRecords(await server.lookup(options.number, asker), output);
      }
      const all = await server.list(asker);
      const found = options.command === "list" ? all : all.filter(titleHas(options.words));
      return printRecords(found, output);
    }
    case "peers": {
      const peers = await new RsClient(options.rs, client).peers(undefined);
      for (const { host, port } of peers) output.result({ event: "peer", host, port });
      return peers.length;
    }
    case "index":
      return await printIndex(options.peer, client, output);
  }
}

/** Prints records and returns how many. */
export function printRecords(records: readonly CiRecord[], output: Output): number {
  for (const { number, title, host, port } of records) {
    output.result({ event: "record", rfc: number, title, host, port });
  }
  return records.length;
}

/** Fetches and prints a peer's RFC index; returns how many records it has. */
export async function printIndex(
  peer: Endpoint,
  client: ClientOptions,
  output: Output,
): Promise<number> {
  let count = 0;
  await getIndex(peer, ({ number, title, host, port, ttlSeconds }) => {
    output.result({ event: "record", rfc: number, title, host, port, ttl: ttlSeconds });
    count++;
  }, client);
  return count;
}

function nothingFound(options: QueryOptions): string {
  switch (options.command) {
    case "list":
      return "The index is empty";
    case "lookup":
      return `Nobody has RFC ${options.number}`;
    case "search":
      return `No title has all of: ${options.words.join(" ")}`;
    case "peers":
      return "No active peer";
    case "index":
      return "The peer's RFC index is empty";
  }
}
