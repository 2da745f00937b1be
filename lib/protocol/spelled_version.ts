/**
 * Versions as others spell them (RFC 60001 section 8).
 * @module
 */
import { protocolVersion } from "./version.ts";

/** Any way to spell a version: `P2P-CI/1.0`, `P2P-CI-v1.0.0`, `p2p-ci/1`, `P2P-CI 1.0`. */
export const versionToken: RegExp = /^P2P-?(CI|DI)(?:[-/ ]?v?(\d{1,3}(?:\.\d{1,3})*))?$/i;

/** The words of a request line. A version in two words is one. */
export function splitRequestLine(line: string): string[] {
  const words = line.trim().split(/\s+/);
  const at = words.findIndex((word) => /^P2P-?[CD]I$/i.test(word));
  const joined = `${words[at]} ${words[at + 1]}`;
  return versionToken.test(joined) ? words.toSpliced(at, 2, joined) : words;
}

/** A version of ours in our spelling; another as it is, so that it is refused as what it is. */
export function canonicalVersion(spelled: string | undefined): string {
  if (spelled === undefined) return `P2P-CI/${protocolVersion}`;
  const match = versionToken.exec(spelled);
  const number = match?.[2];
  // A protocol without a number is no version, and refused as such.
  if (match === null || number === undefined) return spelled;
  const protocol = `P2P-${match[1]!.toUpperCase()}`;
  if (/^1(?:\.0)*$/.test(number)) return `${protocol}/${protocolVersion}`;
  const [major, minor = "0"] = number.split(".");
  return `${protocol}/${major}.${minor}`;
}
