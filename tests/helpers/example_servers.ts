/**
 * The servers of examples: a fixed clock, cookies in sequence, one document (RFC 60001 section 2.4).
 * @module
 */
import { DocumentFolder } from "../../lib/files/document_folder.ts";
import { RfcIndex } from "../../lib/index/rfc_index.ts";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { RegistrationServer } from "../../lib/roles/registration_server.ts";
import { RfcServer } from "../../lib/roles/rfc_server.ts";
import { loopback } from "./raw_client.ts";
import { TemporaryFolder } from "./temporary_folder.ts";

/** A server that examples talk to. */
export interface ExampleServer extends AsyncDisposable {
  readonly endpoint: Endpoint;
}

const clock = () => Date.UTC(2026, 10, 21, 12, 0, 0);
const documentTime = new Date(Date.UTC(2026, 10, 12, 8, 0, 0));

/** A central index server. */
export function exampleCentralIndexServer(): ExampleServer {
  return new CentralIndexServer({ ...loopback, now: clock });
}

/** A registration server whose cookies are 4711, 4712 and so on. */
export function exampleRegistrationServer(): ExampleServer {
  let cookie = 4711;
  return new RegistrationServer({ ...loopback, now: clock, newCookie: () => String(cookie++) });
}

/** The RFC server of peer1.example.org, port 50001, with RFC 1234 of this text. */
export async function exampleRfcServer(documentText: string): Promise<ExampleServer> {
  const temporary = new TemporaryFolder();
  const file = temporary.write("rfc1234.txt", documentText);
  Deno.utimeSync(file, documentTime, documentTime);
  const folder = new DocumentFolder(temporary.path);
  await folder.scan();
  const holder = { host: "peer1.example.org", port: 50_001 };
  const own = () =>
    folder.documents.values().map(({ number, title }) => ({ number, title, ...holder }));
  const index = new RfcIndex({ now: clock, own });
  const server = new RfcServer({ ...loopback, folder, index, os: "Linux", now: clock });
  return {
    endpoint: server.endpoint,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      temporary[Symbol.dispose]();
    },
  };
}
