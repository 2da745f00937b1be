/**
 * Requests as older programs of the course really send them, one write each. Not all of them can be understood; none
 * may do harm.
 * @module
 */

export const seenRequests: readonly string[] = [
  // CRLF, without a blank line, and without the last CRLF.
  "ADD RFC 1 P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\nTitle: T\r\n",
  "ADD RFC 1 P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\nTitle: T",
  // LF and a blank line; LF only; none at the end.
  "LIST P2P-CI/1.0\nHost: h\nPort: 1\n\n",
  "ADD RFC 8600 P2P-CI/1.0\nHost: h\nPort: 2222\nTitle: Title of the RFC 8600\n",
  "ADD RFC 8600 P2P-CI/1.0\nHost: h\nPort: 2222\nTitle: Title of the RFC 8600",
  // No blank after the colon.
  "LOOKUP RFC 4271 P2P-CI/1.0\r\nHost:c1\r\n\r\n",
  // Padded to a fixed length.
  "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n".padEnd(1_024, "~"),
  "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n".padEnd(1_024, "!"),
  // A line that says END.
  "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n\nEND\n",
  // Other words, leading blanks, everything on one line.
  "ADD 197 P2P-CI/1.0\n Host: h\n Port: 5801\n Title: IP1\n\n",
  "REGISTER P2P-CI/1.0 Host: h Port: 5801\n\n",
  "LISTALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
  "LOOKUP RFC6 P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\nTitle: T\r\n\r\n",
  "DEL SELF P2P-CI/1.0\r\n\r\n",
  "CONNECT 5801\r\n\r\n",
  "STOP\r\n\r\n",
  // Other spellings of the version.
  "LIST ALL P2P-CI-v1.0.0\r\nHost: h\r\nPort: 1\r\n\r\n",
  "LIST ALL P2P-CI/1.0 \r\nHost: h\r\nPort: 1\r\n\r\n",
  // Java's writeUTF and a length before the text.
  "\0\x4fADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n",
  "80        ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n",
];
