/**
 * Listening for connections, up to a limit, and ending them all.
 * @module
 */
import type { Endpoint } from "../protocol/endpoint.ts";
import { endpointOf, mayUse } from "./address.ts";
import { Connection } from "./connection.ts";
import { describeNetworkError, ListenError, missingNetPermission } from "./errors.ts";
import { LinkedList } from "./linked_list.ts";
import { pause } from "./pause.ts";

/** How many connections a server keeps at once, if the system permits as many open files. */
export const defaultMaxConnections = 16_384;

/** How long accepting pauses after the system refused a connection (no more open files, say), in ms. */
const acceptPauseMs = 100;

/**
 * How many connections may wait to be accepted, if the system permits as many. What does not find a place here tries
 * again after a second, which a whole class that starts at once would feel.
 */
const tcpBacklog = 4_096;

/** Where to listen. */
export interface ListenOptions {
  /** A host or address of this machine. @default every address, of both families where there are two */
  readonly host?: string | undefined;
  /** 0 takes any free port. */
  readonly port: number;
  /** How many connections are kept at once. @default defaultMaxConnections */
  readonly maxConnections?: number | undefined;
}

/** What a server does with its connections. */
export interface ConnectionHandler {
  /** Serves one connection to its end. What it throws ends that connection only. */
  serve(connection: Connection): Promise<void>;
  /** Told of whatever ended a connection early or kept one from being accepted. */
  failed(error: unknown, remote: Endpoint | undefined): void;
  /** Closes files that it can do without, since perhaps the system permits no more; returns whether there were any. */
  closeFiles?(): boolean;
}

/**
 * A listening socket and the connections it has accepted.
 *
 * When all places are taken, a newcomer gets the place of the oldest connection that has not shown to be in
 * use: who connects a thousand times and says nothing cannot keep anybody out.
 */
export class Listener implements AsyncDisposable {
  /** Where it really listens. */
  readonly endpoint: Endpoint;
  readonly #socket: Deno.TcpListener;
  readonly #maxConnections: number;
  readonly #unproven = new LinkedList<Connection>();
  /** The other connections: in use, or about to end. */
  readonly #others = new LinkedList<Connection>();
  #allEnded: PromiseWithResolvers<void> | undefined;
  #accepting: Promise<void> | undefined;
  #closing = new AbortController();

  /** Listens; `start` accepts. @throws {ListenError} if it cannot listen there. */
  constructor({ host, port, maxConnections = defaultMaxConnections }: ListenOptions) {
    this.#socket = openSocket(host, port);
    this.endpoint = endpointOf(this.#socket.addr as Deno.NetAddr);
    this.#maxConnections = maxConnections;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#unproven.size + this.#others.size;
  }

  /** Starts to accept connections and hands them to `handler`. */
  start(handler: ConnectionHandler): void {
    this.#accepting = this.#accept(handler);
  }

  /** Says that a connection is in use, so that it keeps its place when places run out. */
  prove(connection: Connection): void {
    const { place } = connection;
    if (place && this.#unproven.remove(place)) connection.place = this.#others.add(connection);
  }

  /** Stops accepting, closes every connection, and waits until all are done with. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#socket.close();
    }
    await this.#accepting;
    for (const connection of this.#unproven) connection.close();
    for (const connection of this.#others) connection.close();
    if (this.connections === 0) return;
    this.#allEnded ??= Promise.withResolvers();
    await this.#allEnded.promise;
  }

  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #accept(handler: ConnectionHandler): Promise<void> {
    while (!this.#closing.signal.aborted) {
      let connection: Connection;
      try {
        connection = new Connection(await this.#socket.accept());
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        if (handler.closeFiles?.()) continue;
        handler.failed(error, undefined);
        this.#makePlace();
        await pause(acceptPauseMs, this.#closing.signal);
        continue;
      }
      if (this.connections >= this.#maxConnections && !this.#makePlace()) {
        handler.failed(
          new Error(`All ${this.#maxConnections} places are taken`),
          connection.remote,
        );
        connection.close();
        continue;
      }
      connection.place = this.#unproven.add(connection);
      this.#serve(connection, handler);
    }
  }

  async #serve(connection: Connection, handler: ConnectionHandler): Promise<void> {
    try {
      await handler.serve(connection);
    } catch (error) {
      if (!connection.closed || !this.#closing.signal.aborted) {
        handler.failed(error, connection.remote);
      }
    } finally {
      connection.close();
      this.prove(connection);
      this.#others.remove(connection.place!);
      if (this.connections === 0) this.#allEnded?.resolve();
    }
  }

  /** Closes the oldest connection that is not in use; false if all are. */
  #makePlace(): boolean {
    for (const oldest of this.#unproven) {
      this.prove(oldest);
      oldest.close();
      return true;
    }
    return false;
  }
}

function openSocket(host: string | undefined, port: number): Deno.TcpListener {
  const endpoint = { host: host ?? "::", port };
  if (!mayUse(endpoint)) throw new ListenError(endpoint, missingNetPermission);
  try {
    if (host !== undefined) return Deno.listen({ hostname: host, port, tcpBacklog });
    try {
      return Deno.listen({ hostname: "::", port, tcpBacklog });
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.NotCapable) {
        throw error;
      }
      // A machine without IPv6.
      return Deno.listen({ hostname: "0.0.0.0", port, tcpBacklog });
    }
  } catch (error) {
    throw new ListenError(endpoint, describeNetworkError(error));
  }
}
