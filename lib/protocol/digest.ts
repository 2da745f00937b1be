/**
 * SHA-256 digests as they travel (RFC 60003 sections 4.5 and 4.6, after RFC 9530).
 * @module
 */
import { quoted } from "./protocol_error.ts";

/** The value of `Content-Digest` or `Repr-Digest` for a SHA-256 in hexadecimal. */
export function formatDigestField(sha256: string): string {
  return `sha-256=:${toBase64(sha256)}:`;
}

/** The SHA-256 in hexadecimal that the value of a digest field gives, or undefined if it gives none. */
export function findSha256(value: string): string | undefined {
  const match = /(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(value);
  return match === null ? undefined : fromBase64(match[1]!);
}

/**
 * The SHA-256 in hexadecimal that a person gives: 64 hexadecimal digits or base64, with or without `sha-256:` in front,
 * or a digest field's value.
 *
 * @throws {RangeError} if it is none of these.
 */
export function parseSha256(text: string): string {
  const [, hex, base64] =
    /^(?:sha-?256[:=])?:?(?:([0-9a-f]{64})|([a-z0-9+/]{43}=)):?$/i.exec(text.trim()) ?? [];
  if (hex !== undefined) return hex.toLowerCase();
  if (base64 !== undefined) return fromBase64(base64);
  throw new RangeError(
    `Cannot parse digest: expected sha-256: and 64 hexadecimal digits or base64, got ${
      quoted(text)
    }`,
  );
}

function toBase64(hex: string): string {
  return Uint8Array.fromHex(hex).toBase64();
}

function fromBase64(base64: string): string {
  return Uint8Array.fromBase64(base64).toHex();
}
