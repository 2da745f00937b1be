/**
 * Limits on what a peer may send us, checked before memory is taken (RFC 60001 section 3.7).
 * @module
 */

/** Longest line of a head in bytes, line end included. RFC 9112 section 3 asks for at least 8,000. */
export const maxLineBytes = 8_192;

/** Longest head in bytes: start line, fields and the blank line. Four full lines, as much as nginx and Apache allow by default. */
export const maxHeadBytes = 32_768;

/** Most fields of one head. The longest head that we define has twelve. */
export const maxFields = 64;

/** Longest host in bytes: a DNS name has at most 255 (RFC 1035 section 2.3.4). */
export const maxHostBytes = 255;

/** Longest title in characters. The longest of the RFC series has some 250. */
export const maxTitleChars = 1_024;

/** Highest document number: seven digits, three more than the RFC series needs today. */
export const maxRfcNumber = 9_999_999;
