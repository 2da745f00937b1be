/**
 * The course's ports.
 * @module
 */

/** Where a central index server listens (RFC 60001 section 4.1). */
export const centralIndexServerPort = 7_734;

/** Where a registration server listens (RFC 60002 section 3.1). Some years' handouts have 65243. */
export const registrationServerPort = 65_423;
