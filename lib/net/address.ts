/**
 * Addresses of sockets.
 * @module
 */
import { type Endpoint, formatEndpoint } from "../protocol/endpoint.ts";

/** The endpoint of a socket address. A socket for both families shows IPv4 as `::ffff:a.b.c.d`; that is undone. */
export function endpointOf(address: Deno.NetAddr): Endpoint {
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address.hostname);
  return { host: mapped?.[1] ?? address.hostname, port: address.port };
}

/** Whether connecting to, or listening on, an endpoint is permitted; without asking a person. */
export function mayUse(endpoint: Endpoint): boolean {
  const { permissions } = Deno;
  return permissions.querySync({ name: "net", host: formatEndpoint(endpoint) }).state === "granted";
}
