/**
 * Titles as they travel: one line, single blanks (RFC 60001 section 3.5.4).
 * @module
 */
import { maxTitleChars } from "./limits.ts";
import { ProtocolError } from "./protocol_error.ts";

/**
 * A title in the form that records carry: white space runs become one blank.
 *
 * @throws {ProtocolError} 400 if it is longer than the limit.
 */
export function parseTitle(text: string): string {
  if (text.length > maxTitleChars) {
    throw new ProtocolError(400, `Cannot take title: longer than ${maxTitleChars} characters`);
  }
  return text.trim().replace(/\s+/g, " ");
}
