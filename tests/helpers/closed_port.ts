/**
 * A port on which nobody listens, whoever else is busy on this machine.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { loopback } from "./raw_client.ts";

/**
 * A port that is taken by a connection: the system gives it to nobody who asks for a free one, and refuses whoever
 * connects to it. One that was merely free a moment ago may be somebody's by now.
 */
export class ClosedPort implements Disposable {
  readonly endpoint: Endpoint;
  readonly #listener: Deno.TcpListener;
  readonly #connection: Deno.TcpConn;

  private constructor(host: string, listener: Deno.TcpListener, connection: Deno.TcpConn) {
    this.endpoint = { host, port: (connection.localAddr as Deno.NetAddr).port };
    this.#listener = listener;
    this.#connection = connection;
  }

  /** Takes a port on a loopback address. */
  static async take(host: string = loopback.host): Promise<ClosedPort> {
    const listener = Deno.listen({ hostname: host, port: 0 });
    const connection = await Deno.connect({ hostname: host, port: listener.addr.port });
    return new ClosedPort(host, listener, connection);
  }

  /** As it is typed behind an option. */
  get address(): string {
    return formatEndpoint(this.endpoint);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
    this.#listener.close();
  }
}
