/**
 * A server that does what a test tells it, right or wrong, for tests of clients.
 * @module
 */
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { loopback, RawClient } from "./raw_client.ts";

/** What happens on one connection; it is closed afterwards. */
export type Script = (client: RawClient) => Promise<void>;

/** The first connection gets the first script, and so on; the last script serves all others too. */
export class ScriptedServer implements AsyncDisposable {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  readonly #socket: Deno.TcpListener;
  readonly #clients = new Set<RawClient>();
  readonly #serving: Promise<void>[] = [];
  readonly #accepting: Promise<void>;

  constructor(...scripts: readonly Script[]) {
    this.#socket = Deno.listen({ hostname: loopback.host, port: 0 });
    this.endpoint = { host: loopback.host, port: this.#socket.addr.port };
    this.#accepting = this.#accept(scripts);
  }

  /** How many connections were made to it. */
  get connections(): number {
    return this.#serving.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#accepting;
    for (const client of this.#clients) client.close();
    await Promise.all(this.#serving);
  }

  async #accept(scripts: readonly Script[]): Promise<void> {
    for await (const socket of this.#socket) {
      const script = scripts[Math.min(this.#serving.length, scripts.length - 1)]!;
      this.#serving.push(this.#serve(RawClient.over(socket), script));
    }
  }

  async #serve(client: RawClient, script: Script): Promise<void> {
    this.#clients.add(client);
    try {
      await script(client);
    } catch {
      // The client under test hung up on us, as it should on some scripts.
    } finally {
      client.close();
      this.#clients.delete(client);
    }
  }
}

/** Reads one request, then answers it with these bytes. */
export function answering(reply: string | Uint8Array): Script {
  return async (client) => {
    await client.readHead();
    await client.send(reply);
  };
}

/** Reads one request and says nothing, until the client hangs up. */
export const staySilent: Script = async (client) => {
  await client.readToEnd();
};
