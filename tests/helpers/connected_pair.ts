/**
 * Both ends of a TCP connection, for tests of one of them.
 * @module
 */
import { Connection } from "../../lib/net/connection.ts";
import { loopback, RawClient } from "./raw_client.ts";

/** A connection under test, and the plain socket at its other end. */
export class ConnectedPair implements Disposable {
  private constructor(readonly connection: Connection, readonly other: RawClient) {}

  static async connect(): Promise<ConnectedPair> {
    using listener = Deno.listen({ hostname: loopback.host, port: 0 });
    const [accepted, other] = await Promise.all([
      listener.accept(),
      RawClient.connect({ host: loopback.host, port: listener.addr.port }),
    ]);
    return new ConnectedPair(new Connection(accepted), other);
  }

  [Symbol.dispose](): void {
    this.connection.close();
    this.other.close();
  }
}
