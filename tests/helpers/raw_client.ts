/**
 * A client that sends and receives bytes as they are, for tests of servers.
 * @module
 */
import type { Endpoint } from "../../lib/protocol/endpoint.ts";

/** Where servers under test listen: any free port of this machine's loopback. */
export const loopback = { host: "127.0.0.1", port: 0 } as const;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A plain TCP connection. */
export class RawClient implements Disposable {
  readonly #socket: Deno.TcpConn;
  #closed = false;

  private constructor(socket: Deno.TcpConn) {
    this.#socket = socket;
  }

  static async connect({ host, port }: Endpoint): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname: host, port }));
  }

  /** Takes over a socket that a server accepted. */
  static over(socket: Deno.TcpConn): RawClient {
    return new RawClient(socket);
  }

  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.#socket.write(bytes.subarray(sent));
    }
  }

  /** Reads `count` bytes, fewer only if the connection ends before. */
  async read(count: number): Promise<string> {
    const bytes = new Uint8Array(count);
    let length = 0;
    while (length < count) {
      const got = await this.#socket.read(bytes.subarray(length));
      if (got === null) break;
      length += got;
    }
    return decoder.decode(bytes.subarray(0, length));
  }

  /** Reads up to a blank line, that included. */
  async readHead(): Promise<string> {
    let text = "";
    while (!text.endsWith("\r\n\r\n")) {
      const character = await this.read(1);
      if (character === "") break;
      text += character;
    }
    return text;
  }

  /** Reads until the connection ends. */
  async readToEnd(): Promise<string> {
    let text = "";
    const streaming = new TextDecoder();
    const bytes = new Uint8Array(65_536);
    for (;;) {
      const got = await this.#socket.read(bytes);
      if (got === null) return text + streaming.decode();
      text += streaming.decode(bytes.subarray(0, got), { stream: true });
    }
  }

  /** Says that nothing more will be sent; the other side may still answer. */
  async endSending(): Promise<void> {
    await this.#socket.closeWrite();
  }

  close(): void {
    if (!this.#closed) this.#socket.close();
    this.#closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
