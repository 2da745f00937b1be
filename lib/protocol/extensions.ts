/**
 * What a request asks for beyond the given form, by HTTP's fields (RFC 60003 section 3.2).
 * @module
 */
import { type CrowdAsker, readCrowdAsker } from "./crowd.ts";
import type { Fields } from "./fields.ts";
import { ProtocolError, quoted } from "./protocol_error.ts";

/** The extensions that a request asks for. */
export interface Extensions {
  /** Whether anything of them was asked for: if not, the reply is the given one to the byte. */
  readonly asked: boolean;
  /** `Connection: keep-alive`: more requests will follow on the connection. */
  readonly keepAlive: boolean;
  /** `Accept: application/x-ndjson`: lists as JSON objects, one a line. */
  readonly ndjson: boolean;
  /** `Accept-Encoding: gzip` with that: a list may come compressed. */
  readonly gzip: boolean;
  /** `Want-Content-Digest: sha-256=…`: the digest of what the reply carries. */
  readonly contentDigest: boolean;
  /** `Want-Repr-Digest: sha-256=…`: the digest of the whole document. */
  readonly reprDigest: boolean;
  /** The value of `Range`. */
  readonly range: string | undefined;
  /** The value of `If-Range`. */
  readonly ifRange: string | undefined;
  /** The value of `If-None-Match`. */
  readonly ifNoneMatch: string | undefined;
  /** `Prefer: wait=…` with `Port`: the asker passes on what it gets. */
  readonly crowd: CrowdAsker | undefined;
}

/** The media type of lists in NDJSON. */
export const ndjsonType = "application/x-ndjson";

/** Whether the content of a reply with these fields is a list in NDJSON. */
export function isNdjson(fields: Fields): boolean {
  return hasToken(fields.get("content-type"), ndjsonType);
}

/** The content coding that lists in NDJSON may have (RFC 9110 section 8.4.1.3). */
export const gzipCoding = "gzip";

/**
 * Whether the content of a reply with these fields is compressed by gzip.
 *
 * @throws {ProtocolError} if it has another coding, which nobody has asked for.
 */
export function isGzip(fields: Fields): boolean {
  const coding = fields.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (coding === gzipCoding) return true;
  if (coding === "identity" || coding === "") return false;
  const text = `Cannot read content: expected no coding but gzip, got ${quoted(coding)}`;
  throw new ProtocolError(400, text, { framingLost: true });
}

/** Nothing asked for: the given form. */
export const givenForm: Extensions = {
  asked: false,
  keepAlive: false,
  ndjson: false,
  gzip: false,
  contentDigest: false,
  reprDigest: false,
  range: undefined,
  ifRange: undefined,
  ifNoneMatch: undefined,
  crowd: undefined,
};

/** The extensions that the fields of a request ask for; a value that is not understood asks for nothing. */
export function readExtensions(fields: Fields): Extensions {
  if (fields.areHandouts) return givenForm;
  const range = fields.get("range");
  const ifRange = fields.get("if-range");
  const ifNoneMatch = fields.get("if-none-match");
  const keepAlive = hasToken(fields.get("connection"), "keep-alive");
  const ndjson = hasToken(fields.get("accept"), ndjsonType);
  const gzip = ndjson && acceptsGzip(fields.get("accept-encoding"));
  const contentDigest = wantsSha256(fields.get("want-content-digest"));
  const reprDigest = wantsSha256(fields.get("want-repr-digest"));
  const crowd = readCrowdAsker(fields);
  const asked = keepAlive || ndjson || contentDigest || reprDigest || range !== undefined ||
    ifRange !== undefined || ifNoneMatch !== undefined || crowd !== undefined;
  if (!asked) return givenForm;
  const digests = { contentDigest, reprDigest };
  return { asked, keepAlive, ndjson, gzip, ...digests, range, ifRange, ifNoneMatch, crowd };
}

/** Whether a comma-separated list names a token; parameters behind a semicolon are not looked at. */
function hasToken(list: string | undefined, token: string): boolean {
  if (list === undefined) return false;
  return list.split(",").some((item) => item.split(";", 1)[0]!.trim().toLowerCase() === token);
}

/** Whether a preference of RFC 9530 section 4 wants SHA-256: a weight of 1 to 10, 0 means "no". */
function wantsSha256(preferences: string | undefined): boolean {
  return preferences !== undefined &&
    /(?:^|,)[ \t]*sha-256=(?:[1-9]|10)[ \t]*(?:,|$)/.test(preferences);
}

/** Whether a list of codings accepts gzip: named, and not with the weight 0 (RFC 9110 section 12.5.3). */
function acceptsGzip(codings: string | undefined): boolean {
  return codings !== undefined && codings.split(",").some((item) => {
    const [coding = "", ...parameters] = item.toLowerCase().split(";").map((part) => part.trim());
    return coding === gzipCoding && !parameters.some((each) => /^q=0(?:\.0{0,3})?$/.test(each));
  });
}
