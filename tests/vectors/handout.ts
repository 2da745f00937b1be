/**
 * The messages of the course's handout, byte for byte. What the handout leaves out of an example is taken from
 * its other ones.
 * @module
 */

/** A request and the head of its reply, with all that follows a 200 of the index server. */
export interface Exchange {
  readonly request: string;
  readonly reply: string;
}

export const add: Exchange = {
  request: "ADD RFC 123 P2P-CI/1.0\r\n" +
    "Host: thishost.csc.ncsu.edu\r\n" +
    "Port: 5678\r\n" +
    "Title: A Proferred Official ICP\r\n" +
    "\r\n",
  reply: "P2P-CI/1.0 200 OK\r\n" +
    "\r\n" +
    "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678\r\n" +
    "\r\n",
};

export const lookup: Exchange = {
  request: "LOOKUP RFC 3457 P2P-CI/1.0\r\n" +
    "Host: thishost.csc.ncsu.edu\r\n" +
    "Port: 5678\r\n" +
    "Title: Requirements for IPsec Remote Access Scenarios\r\n" +
    "\r\n",
  reply: "P2P-CI/1.0 200 OK\r\n" +
    "\r\n" +
    "RFC 3457 Requirements for IPsec Remote Access Scenarios thishost.csc.ncsu.edu 5678\r\n" +
    "\r\n",
};

export const failedLookup: Exchange = {
  request: lookup.request,
  reply: "P2P-CI/1.0 404 Not Found\r\n" +
    "\r\n",
};

export const list: Exchange = {
  request: "LIST ALL P2P-CI/1.0\r\n" +
    "Host: thishost.csc.ncsu.edu\r\n" +
    "Port: 5678\r\n" +
    "\r\n",
  reply: "P2P-CI/1.0 200 OK\r\n" +
    "\r\n" +
    "RFC 3457 Requirements for IPsec Remote Access Scenarios thishost.csc.ncsu.edu 5678\r\n" +
    "RFC 123 A Proferred Official ICP thishost.csc.ncsu.edu 5678\r\n" +
    "\r\n",
};

export const emptyList: Exchange = {
  request: list.request,
  reply: "P2P-CI/1.0 200 OK\r\n" +
    "\r\n" +
    "\r\n",
};

export const get: Exchange = {
  request: "GET RFC 1234 P2P-CI/1.0\r\n" +
    "Host: somehost\r\n" +
    "OS: Mac OS 10.4.1\r\n" +
    "\r\n",
  reply: "P2P-CI/1.0 200 OK\r\n" +
    "Date: Wed, 12 Feb 2009 15:12:05 GMT\r\n" +
    "OS: Mac OS 10.4.1\r\n" +
    "Last-Modified: Wed, 12 Feb 2009 15:12:05 GMT\r\n" +
    "Content-Length: 12345\r\n" +
    "Content-Type: text/plain\r\n" +
    "\r\n",
};

/** All of them. */
export const exchanges: readonly Exchange[] = [add, lookup, failedLookup, list, emptyList, get];
