/**
 * A wire between a downloader and a holder that counts what goes over it, and can be held at any byte: so tests end
 * programs at exact points of a transfer, without waiting for a time.
 * @module
 */
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { loopback } from "./raw_client.ts";

/** Passes connections on to a holder. */
export class Relay implements AsyncDisposable {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  /** The holder that new connections are passed on to; undefined: they are closed. */
  target: Endpoint | undefined;
  readonly #listener: Deno.TcpListener;
  readonly #sockets = new Set<Deno.TcpConn>();
  readonly #serving = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #requests = "";
  #count = 0;
  #holdAt = Infinity;
  #reached = Promise.withResolvers<void>();
  #released = Promise.withResolvers<void>();

  constructor(target?: Endpoint) {
    this.target = target;
    this.#listener = Deno.listen({ hostname: loopback.host, port: 0 });
    this.endpoint = { host: loopback.host, port: this.#listener.addr.port };
    this.#accepting = this.#accept();
  }

  /** How many bytes came from the holder. */
  get count(): number {
    return this.#count;
  }

  /** All that was asked of the holder since the last call. */
  takeRequests(): string {
    const text = this.#requests;
    this.#requests = "";
    return text;
  }

  /** Holds the wire after so many more bytes from the holder; resolves when they have come. */
  hold(bytes: number): Promise<void> {
    this.#holdAt = this.#count + bytes;
    this.#reached = Promise.withResolvers();
    this.#released = Promise.withResolvers();
    if (bytes === 0) this.#reached.resolve();
    return this.#reached.promise;
  }

  /** Lets everything pass. */
  release(): void {
    this.#holdAt = Infinity;
    this.#released.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    this.release();
    for (const socket of this.#sockets) close(socket);
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const serving = this.#serve(client).finally(() => this.#serving.delete(serving));
      this.#serving.add(serving);
    }
  }

  async #serve(client: Deno.TcpConn): Promise<void> {
    let holder: Deno.TcpConn | undefined;
    this.#sockets.add(client);
    try {
      if (this.target === undefined) return;
      holder = await Deno.connect({ hostname: this.target.host, port: this.target.port });
      this.#sockets.add(holder);
      await Promise.all([this.#passUp(client, holder), this.#passDown(holder, client)]);
    } catch {
      // One of the two has been killed, as it should.
    } finally {
      for (const socket of [client, holder]) {
        if (socket === undefined) continue;
        close(socket);
        this.#sockets.delete(socket);
      }
    }
  }

  async #passUp(client: Deno.TcpConn, holder: Deno.TcpConn): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const bytes of chunks(client)) {
        this.#requests += decoder.decode(bytes, { stream: true });
        await writeAll(holder, bytes);
      }
    } finally {
      close(holder);
    }
  }

  async #passDown(holder: Deno.TcpConn, client: Deno.TcpConn): Promise<void> {
    try {
      for await (const bytes of chunks(holder)) {
        for (let passed = 0; passed < bytes.length;) {
          const some = bytes.subarray(passed, passed + this.#holdAt - this.#count);
          this.#count += some.length;
          passed += some.length;
          await writeAll(client, some);
          if (this.#count < this.#holdAt) continue;
          this.#reached.resolve();
          await this.#released.promise;
        }
      }
    } finally {
      close(client);
    }
  }
}

async function* chunks(socket: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await socket.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

async function writeAll(socket: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await socket.write(bytes.subarray(written));
  }
}

function close(socket: Deno.TcpConn): void {
  try {
    socket.close();
  } catch {
    // It is closed already.
  }
}
