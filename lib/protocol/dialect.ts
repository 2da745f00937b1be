/**
 * Dialects of P2P-CI: the forms in which programs of other years speak, and how each is answered
 * (RFC 60001 section 8).
 *
 * A dialect is a value. It is found from the bytes of a request by the rows of one table, and whoever writes a
 * reply consults it; nobody asks which program it is. A new one is a new row here and a vector in
 * `tests/vectors/dialects/`.
 * @module
 */

/** How messages are packed, besides lines: not at all, or behind a length. */
export type Packing = "plain" | "decimal length" | "writeUTF";

/** What can be seen of a request's form. */
export interface RequestForm {
  /** What ends its first line. */
  readonly lineEnd: "\r\n" | "\n" | "\r";
  /** Whether a blank line ended it. */
  readonly blankLine: boolean;
  /** The line that ended it instead: `END`, `EOP`. */
  readonly endMark: string | undefined;
  /** Whether values stand apart from the colon. */
  readonly spaceAfterColon: boolean;
  /** Whether field lines begin with blanks. */
  readonly indented: boolean;
  /** The version as it was spelled; undefined if the request had none. */
  readonly version: string | undefined;
  /** What stood before the number: `RFC `, `RFC`, or nothing. */
  readonly recordPrefix: string;
  /** Whether it stood behind a length. */
  readonly packing: Packing;
  /** Whether its program reads a reply. */
  readonly awaitsReply: boolean;
}

/** How a request is answered. */
export interface Dialect {
  /** The name of its row. */
  readonly name: string;
  /** What ends every line. */
  readonly lineEnd: "\r\n" | "\n";
  /** Whether a blank line stands between a status line and records, and behind an error. */
  readonly blankAfterStatus: boolean;
  /** Whether a blank line ends a list of records. */
  readonly blankAfterRecords: boolean;
  /** Whether a blank line stands between the head of a GET's reply and the document. */
  readonly blankAfterHead: boolean;
  /** A line that ends every reply. */
  readonly endMark: string | undefined;
  /** The version in status lines; undefined writes the protocol's own. */
  readonly version: string | undefined;
  /** What stands before the number in records. */
  readonly recordPrefix: string;
  /** How long a document waits behind its head, in ms: these readers throw away what comes with the head. */
  readonly pacingMs: number;
  /** Whether records outlast the connection, since these programs open one for each request. */
  readonly lasting: boolean;
  /** Whether replies stand behind a length. */
  readonly packing: Packing;
  /** Whether there is a reply at all: some only say who they are, and take it for the one to their next request. */
  readonly isAnswered: boolean;
}

/** How long a document waits behind its head for a reader that takes one read for one message, in ms. */
export const readerPauseMs = 150;

/** The form of the course's handout. */
export const givenDialect: Dialect = {
  name: "given",
  lineEnd: "\r\n",
  blankAfterStatus: true,
  blankAfterRecords: true,
  blankAfterHead: true,
  endMark: undefined,
  version: undefined,
  recordPrefix: "RFC ",
  pacingMs: 0,
  lasting: false,
  packing: "plain",
  isAnswered: true,
};

/** A kind of request, and what is different in its replies. */
interface DialectRow {
  readonly name: string;
  readonly matches: (form: RequestForm) => boolean;
  readonly reply: Partial<Dialect>;
}

/** The first row that matches is taken. */
const rows: readonly DialectRow[] = [
  {
    name: "given words in another spelling",
    matches: (form) =>
      form.lineEnd === "\r\n" && form.blankLine && form.spaceAfterColon && !form.indented,
    reply: {},
  },
  {
    name: "end mark",
    matches: (form) => form.endMark !== undefined,
    reply: {
      lineEnd: "\n",
      blankAfterStatus: false,
      blankAfterRecords: false,
      pacingMs: readerPauseMs,
    },
  },
  {
    name: "a connection per request",
    matches: (form) => form.indented,
    reply: {
      lineEnd: "\n",
      blankAfterStatus: false,
      blankAfterRecords: false,
      blankAfterHead: false,
      pacingMs: readerPauseMs,
      lasting: true,
    },
  },
  {
    name: "tight colon",
    matches: (form) => form.lineEnd === "\r\n" && form.blankLine,
    reply: { blankAfterStatus: false, pacingMs: readerPauseMs },
  },
  {
    name: "CRLF without blank line",
    matches: (form) => form.lineEnd === "\r\n",
    reply: {
      blankAfterStatus: false,
      blankAfterRecords: false,
      blankAfterHead: false,
      pacingMs: readerPauseMs,
    },
  },
  {
    name: "LF",
    matches: () => true,
    reply: {
      lineEnd: "\n",
      blankAfterStatus: false,
      blankAfterRecords: false,
      pacingMs: readerPauseMs,
    },
  },
];

/** The dialect in which a request of this form is answered. */
export function dialectOf(form: RequestForm): Dialect {
  const row = rows.find(({ matches }) => matches(form))!;
  return {
    ...givenDialect,
    blankAfterHead: form.blankLine,
    ...row.reply,
    name: row.name,
    endMark: form.endMark,
    version: form.version,
    recordPrefix: form.recordPrefix,
    packing: form.packing,
    isAnswered: form.awaitsReply,
  };
}
