/**
 * The servers that are asked by commands which join neither.
 * @module
 */
import { RfcIndex } from "../index/rfc_index.ts";
import type { Trace } from "../net/trace.ts";
import type { Endpoint } from "../protocol/endpoint.ts";
import { CiClient } from "../roles/ci_client.ts";
import type { ClientOptions } from "../roles/client_exchange.ts";
import { describeFailure } from "../roles/failure.ts";
import { CiFinder, DiFinder, type Finder, notServingPort } from "../roles/finder.ts";
import { RsClient } from "../roles/rs_client.ts";
import type { Surveyed } from "../roles/survey.ts";
import { limiterOf } from "./options.ts";
import type { Output } from "./output.ts";
import { systemName } from "./system_name.ts";

/** The servers that were named and can be reached. */
export interface AskedServers extends Surveyed {
  readonly ci: { readonly client: CiClient; readonly self: Endpoint } | undefined;
  readonly rs: {
    readonly rs: RsClient;
    readonly registration: undefined;
    readonly self: undefined;
  } | undefined;
}

/** What the connections of a command that joins nobody are made with. */
export function clientOf(
  { downloadLimit }: { readonly downloadLimit?: number | undefined },
  trace: Trace | undefined,
  signal: AbortSignal,
): ClientOptions {
  return {
    os: systemName(),
    trace,
    forms: new Map(),
    details: new Map(),
    signal,
    downloadLimiter: limiterOf(downloadLimit),
  };
}

/**
 * Connects to the servers that are named.
 *
 * @param stack Closes the connections.
 * @throws {UnreachableError} if the central index server cannot be reached and no other one is named.
 */
export async function connectServers(
  { ci, rs }: { readonly ci?: Endpoint | undefined; readonly rs?: Endpoint | undefined },
  client: ClientOptions,
  output: Output,
  stack: AsyncDisposableStack,
): Promise<AskedServers> {
  let ciClient: CiClient | undefined;
  if (ci !== undefined) {
    try {
      ciClient = stack.use(await CiClient.connect(ci, client));
    } catch (error) {
      if (rs === undefined) throw error;
      output.remark(`${describeFailure(error)}; asking the registration server instead`);
    }
  }
  return {
    ci: ciClient && { client: ciClient, self: { host: ciClient.localHost, port: notServingPort } },
    rs: rs && { rs: new RsClient(rs, client), registration: undefined, self: undefined },
    index: new RfcIndex(),
  };
}

/** Ways to find holders by these servers. */
export function findersOf(
  { ci, rs, index }: AskedServers,
  options: ClientOptions,
  output: Output,
): Finder[] {
  const finders: Finder[] = [];
  if (ci !== undefined) finders.push(new CiFinder(ci.client, undefined));
  if (rs !== undefined) {
    const failed = (peer: Endpoint, error: unknown) => output.remark(describeFailure(error, peer));
    finders.push(new DiFinder({ ...rs, index, options, failed }));
  }
  return finders;
}
