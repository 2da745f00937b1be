/**
 * Endpoints: a host and a port, as they stand in fields and as people type them (RFC 60001 sections 3.5.2 and 3.5.3).
 * @module
 */
import { maxHostBytes } from "./limits.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** Where a peer or a server can be reached. IPv6 hosts are written without brackets. */
export interface Endpoint {
  /** A name or an address. */
  readonly host: string;
  /** 1 to 65535; of a server that is to take any free port, 0. */
  readonly port: number;
}

/** The port that a text spells, 1 to 65535, or undefined. */
export function findPort(text: string): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

/**
 * The port that a text spells.
 *
 * @throws {ProtocolError} 400 if it is not one.
 */
export function parsePort(text: string): number {
  const port = findPort(text);
  if (port === undefined) {
    throw new ProtocolError(400, `Cannot parse port: expected 1-65535, got ${quoted(text)}`);
  }
  return port;
}

/**
 * A host as it stands in a field or a record: visible characters without blanks; brackets around
 * an IPv6 address are dropped.
 *
 * @throws {ProtocolError} 400 if it is empty, too long, or has other characters.
 */
export function parseHost(text: string): string {
  const host = findHost(text);
  if (host === undefined) {
    throw new ProtocolError(
      400,
      `Cannot parse host: expected 1-${maxHostBytes} visible characters, got ${quoted(text)}`,
    );
  }
  return host;
}

function findHost(text: string): string | undefined {
  if (text.length > maxHostBytes || !/^[!-~]+$/.test(text)) return undefined;
  return text.startsWith("[") ? /^\[([^[\]]+)\]$/.exec(text)?.[1] ?? text : text;
}

/**
 * An endpoint as people type it: `host`, `host:port`, `[2001:db8::1]:port`, `2001:db8::1`.
 *
 * @throws {RangeError} if it is not one.
 */
export function parseEndpoint(text: string, defaultPort?: number): Endpoint {
  const match = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::([^:]*))?$/.exec(text);
  // An address with two colons or more is IPv6 without brackets and cannot carry a port.
  const bare = /^[\da-f.]*:[\da-f.]*:[\da-f.:]*(?:%[\w.-]+)?$/i.test(text);
  const host = bare ? text : match?.[1] ?? match?.[2] ?? "";
  const portText = match?.[3];
  const port = portText === undefined ? defaultPort : findPort(portText);
  if (findHost(host) === undefined || port === undefined) {
    throw new RangeError(
      `Cannot parse address: expected HOST${defaultPort === undefined ? "" : "[:PORT]"}${
        defaultPort === undefined ? ":PORT" : ""
      } with a port of 1-65535, got ${quoted(text)}`,
    );
  }
  return { host, port };
}

/** An endpoint for people: `127.0.0.1:7734`, `[::1]:7734`. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether a host is this machine's own loopback: nobody else can reach it there. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}
