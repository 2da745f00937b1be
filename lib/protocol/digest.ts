/**
 * SHA-256 digests as they travel (RFC 60003 sections 4.5 and 4.6, after RFC 9530).
 * @module
 */

/** The value of `Content-Digest` or `Repr-Digest` for a SHA-256 in hexadecimal. */
export function formatDigestField(sha256: string): string {
  return `sha-256=:${toBase64(sha256)}:`;
}

/** The SHA-256 in hexadecimal that the value of a digest field gives, or undefined if it gives none. */
export function findSha256(value: string): string | undefined {
  const match = /(?:^|,)[ \t]*sha-256=:([A-Za-z0-9+/]{43}=):/.exec(value);
  return match === null ? undefined : fromBase64(match[1]!);
}

function toBase64(hex: string): string {
  return Uint8Array.fromHex(hex).toBase64();
}

function fromBase64(base64: string): string {
  return Uint8Array.fromBase64(base64).toHex();
}
