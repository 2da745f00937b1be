/**
 * Requests to the registration server (RFC 60002 section 4).
 * @module
 */
import { type Endpoint, parseHost, parsePort } from "./endpoint.ts";
import type { Field } from "./fields.ts";
import type { Head } from "./head.ts";
import { decodeByMethod, encodeRequest, expectDocument, type RequestDecoder } from "./request.ts";

/** A request to the registration server. A cookie is opaque text. */
export type DiRequest =
  | {
    readonly method: "Register";
    readonly endpoint: Endpoint;
    readonly cookie: string | undefined;
  }
  | { readonly method: "KeepAlive"; readonly host: string; readonly cookie: string }
  | { readonly method: "PQuery"; readonly host: string; readonly cookie: string | undefined }
  | { readonly method: "Leave"; readonly host: string; readonly cookie: string };

const decoders = new Map<string, RequestDecoder<DiRequest>>([
  ["P2P-DI Register", (line, { fields }) => {
    expectDocument(line, "");
    return {
      method: "Register",
      endpoint: {
        host: parseHost(fields.require("host")),
        port: parsePort(fields.require("port")),
      },
      cookie: fields.get("cookie"),
    };
  }],
  ["P2P-DI KeepAlive", (line, head) => ({ method: "KeepAlive", ...readKnownPeer(line, head) })],
  ["P2P-DI PQuery", (line, { fields }) => {
    expectDocument(line, "");
    return {
      method: "PQuery",
      host: parseHost(fields.require("host")),
      cookie: fields.get("cookie"),
    };
  }],
  ["P2P-DI Leave", (line, head) => ({ method: "Leave", ...readKnownPeer(line, head) })],
]);

const readKnownPeer: RequestDecoder<{ host: string; cookie: string }> = (line, { fields }) => {
  expectDocument(line, "");
  return { host: parseHost(fields.require("host")), cookie: fields.require("cookie") };
};

/**
 * The request that a head makes to the registration server.
 *
 * @throws {ProtocolError} 400 or 505 if it makes none.
 */
export function decodeDiRequest(head: Head): DiRequest {
  return decodeByMethod(head, decoders);
}

/** The bytes of a Register. `cookie` is the one this peer got before, if any. */
export function encodeRegister(
  endpoint: Endpoint,
  os: string,
  cookie: string | undefined,
): Uint8Array<ArrayBuffer> {
  return encodeRequest("Register", "P2P-DI", [
    ["Host", endpoint.host],
    ["Port", String(endpoint.port)],
    ["OS", os],
    ...cookieField(cookie),
  ]);
}

/** The bytes of a KeepAlive, PQuery or Leave. A PQuery of a peer that is not registered has no cookie. */
export function encodeContact(
  method: "KeepAlive" | "PQuery" | "Leave",
  host: string,
  cookie: string | undefined,
): Uint8Array<ArrayBuffer> {
  return encodeRequest(method, "P2P-DI", [["Host", host], ...cookieField(cookie)]);
}

function cookieField(cookie: string | undefined): Field[] {
  return cookie === undefined ? [] : [["Cookie", cookie]];
}
