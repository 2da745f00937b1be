/**
 * The fields with which peers that want the same documents spare their holder (RFC 60003 section 9).
 * @module
 */
import { type Endpoint, findPort, formatEndpoint, parseEndpoint } from "./endpoint.ts";
import type { Field, Fields } from "./fields.ts";

/** An asker who will pass the document on, and can wait for it. */
export interface CrowdAsker {
  /** The port of its RFC server; its host is the address that its request came from. */
  readonly port: number;
  /** How long it waits for its turn, or for the document to come, in seconds. */
  readonly waitSeconds: number;
}

/** Most other holders that one reply names: more than one, should it be gone; few, so that each is asked for little. */
export const maxDuplicates = 3;

/** The fields of a request with which an asker says that it is one of a crowd. */
export function crowdFields({ port, waitSeconds }: CrowdAsker): Field[] {
  return [["Port", String(port)], ["Prefer", `wait=${waitSeconds}`]];
}

/** What a request says of an asker of a crowd; undefined if it does not say both. */
export function readCrowdAsker(fields: Fields): CrowdAsker | undefined {
  const wait = /(?:^|,)[ \t]*wait[ \t]*=[ \t]*"?(\d{1,9})"?[ \t]*(?:[,;]|$)/i
    .exec(fields.get("prefer") ?? "");
  const port = findPort(fields.get("port") ?? "");
  return wait === null || port === undefined ? undefined : { port, waitSeconds: Number(wait[1]) };
}

/** The `Link` field that names others who have the same document, or are about to (RFC 8288, RFC 6249). */
export function duplicatesField(holders: readonly Endpoint[]): Field {
  return ["Link", holders.map((each) => `<//${formatEndpoint(each)}>; rel=duplicate`).join(", ")];
}

/** The others that a reply names, at most `maxDuplicates`; links of other kinds are passed over. */
export function readDuplicates(fields: Fields): Endpoint[] {
  const links = (fields.get("link") ?? "").matchAll(/<\/\/([^<>\s/]{1,300})\/?>([^,<]*)/g);
  const named: Endpoint[] = [];
  for (const [, authority = "", parameters = ""] of links) {
    if (!/;[ \t]*rel[ \t]*=[ \t]*"?duplicate"?[ \t]*(?:;|$)/i.test(parameters)) continue;
    const endpoint = findEndpoint(authority);
    if (endpoint !== undefined) named.push(endpoint);
    if (named.length === maxDuplicates) break;
  }
  return named;
}

function findEndpoint(text: string): Endpoint | undefined {
  try {
    return parseEndpoint(text);
  } catch {
    return undefined;
  }
}
