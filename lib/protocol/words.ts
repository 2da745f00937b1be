/**
 * Words of other programs and what they mean in ours (RFC 60001 section 8).
 * @module
 */

/** What stands behind a word: the number of an RFC, the port of a peer, or nothing that matters. */
export type WordDocument = "number" | "port" | "nothing";

/** A method in the given form, and what follows it. */
export interface Word {
  /** The method, as the given form spells it. */
  readonly method: string;
  /** What stands behind the word. */
  readonly document: WordDocument;
  /**
   * Whether a program that says it without a version only tells who it is, and takes what comes back for the reply to
   * its next request.
   */
  readonly isIntroduction?: boolean;
  /** What it means if no number stands behind it, if it means something then. */
  readonly withoutNumber?: Word;
}

/** The words and phrases one kind of server understands, in capitals. What is not there is refused, `SHUTDOWN` first of all. */
export type Vocabulary = ReadonlyMap<string, Word>;

const exit: Word = { method: "EXIT", document: "nothing" };
const list: Word = { method: "LIST ALL", document: "nothing" };
const register: Word = { method: "REGISTER", document: "port" };
const connect: Word = { ...register, isIntroduction: true };
const remove: Word = { method: "REMOVE", document: "number", withoutNumber: exit };
const get: Word = { method: "GET", document: "number" };
const getIndex: Word = { method: "GET RFC-Index", document: "nothing" };

/** The words of peers to a central index server. */
export const indexServerWords: Vocabulary = new Map([
  ["ADD", { method: "ADD", document: "number" }],
  ["LOOKUP", { method: "LOOKUP", document: "number" }],
  ["LIST", list],
  ["LISTALL", list],
  ["REMOVE", remove],
  ["DELETE", remove],
  ["DEL", remove],
  ["REGISTER", register],
  ["REG", register],
  ["CONNECT", connect],
  ["JOIN", register],
  ["LEAVE", exit],
  ["EXIT", exit],
  ["QUIT", exit],
  ["END", exit],
  ["STOP", exit],
  ["CLOSE", exit],
  ["DISCONNECT", exit],
]);

/** The words of peers to an RFC server. Some ask for a document with the word that the index server knows. */
export const rfcServerWords: Vocabulary = new Map([
  ["GET", get],
  ["GETRFC", get],
  ["LOOKUP", get],
  ["GET RFC-INDEX", getIndex],
  ["GET RFCINDEX", getIndex],
  ["RFC-INDEX", getIndex],
  ["RFCINDEX", getIndex],
  ["RFCQUERY", getIndex],
  ["RFC-QUERY", getIndex],
]);

const keepAlive: Word = { method: "KeepAlive", document: "nothing" };

/** The words of peers to a registration server, whose methods are spelled in small letters too. */
export const registrationServerWords: Vocabulary = new Map([
  ["REGISTER", { method: "Register", document: "nothing" }],
  ["REG", { method: "Register", document: "nothing" }],
  ["KEEPALIVE", keepAlive],
  ["KEEP-ALIVE", keepAlive],
  ["KEEP_ALIVE", keepAlive],
  ["ALIVE", keepAlive],
  ["PQUERY", { method: "PQuery", document: "nothing" }],
  ["LEAVE", { method: "Leave", document: "nothing" }],
]);

/** Other names of fields, in small letters, and the given ones. */
export const fieldSynonyms: ReadonlyMap<string, string> = new Map([
  ["hostname", "Host"],
  ["serverport", "Port"],
  ["rfcport", "Port"],
  ["rfcserverport", "Port"],
  ["rfc_server_port", "Port"],
  ["uploadport", "Port"],
  ["upload_port", "Port"],
  ["cookie_id", "Cookie"],
  ["cookieid", "Cookie"],
  ["rscookie", "Cookie"],
  ["cookienum", "Cookie"],
  ["rfcnum", "RFC"],
  ["rfcnumber", "RFC"],
  ["rfc-number", "RFC"],
  ["rfc_number", "RFC"],
  ["filename", "RFC"],
]);
