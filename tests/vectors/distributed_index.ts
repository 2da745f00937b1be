/**
 * The messages of P2P-DI, byte for byte (RFC 60002 sections 4 and 5).
 * @module
 */
import type { Exchange } from "./handout.ts";

export const register: Exchange = {
  request: "Register P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "Port: 65450\r\n" +
    "OS: Linux\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n" +
    "Cookie: 4711\r\n" +
    "TTL: 7200\r\n" +
    "\r\n",
};

export const registerAgain: Exchange = {
  request: "Register P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "Port: 65450\r\n" +
    "OS: Linux\r\n" +
    "Cookie: 4711\r\n" +
    "\r\n",
  reply: register.reply,
};

export const keepAlive: Exchange = {
  request: "KeepAlive P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "Cookie: 4711\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "TTL: 7200\r\n" +
    "\r\n",
};

export const peerQuery: Exchange = {
  request: "PQuery P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "Cookie: 4711\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "Content-Length: 19\r\n" +
    "\r\n" +
    "2001:db8::7 50002\r\n",
};

export const strangersQuery: Exchange = {
  request: "PQuery P2P-DI/1.0\r\n" +
    "Host: peer2.example.org\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 404 Not Found\r\n" +
    "\r\n",
};

export const leave: Exchange = {
  request: "Leave P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "Cookie: 4711\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "\r\n",
};

export const getIndex: Exchange = {
  request: "GET RFC-Index P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "OS: Linux\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "Content-Length: 81\r\n" +
    "\r\n" +
    "RFC 1234 Tunneling IPX Traffic through IP Networks peer1.example.org 50001 7200\r\n",
};

export const getRfc: Exchange = {
  request: "GET RFC 1234 P2P-DI/1.0\r\n" +
    "Host: peer1.example.org\r\n" +
    "OS: Linux\r\n" +
    "\r\n",
  reply: "P2P-DI/1.0 200 OK\r\n" +
    "Date: Sat, 21 Nov 2026 12:00:00 GMT\r\n" +
    "OS: Linux\r\n" +
    "Last-Modified: Thu, 12 Nov 2026 08:00:00 GMT\r\n" +
    "Content-Length: 174\r\n" +
    "Content-Type: text/plain\r\n" +
    "\r\n",
};

/** All of them. */
export const exchanges: readonly Exchange[] = [
  register,
  registerAgain,
  keepAlive,
  peerQuery,
  strangersQuery,
  leave,
  getIndex,
  getRfc,
];
