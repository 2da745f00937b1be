/**
 * The message examples of the specification, executed against the real servers (RFC 60001 section 2.3).
 */
import assert from "node:assert/strict";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import {
  exampleCentralIndexServer,
  exampleRegistrationServer,
  exampleRfcServer,
  type ExampleServer,
} from "../helpers/example_servers.ts";
import { lacks } from "../helpers/permissions.ts";
import { RawClient } from "../helpers/raw_client.ts";
import { type Example, readExamples, type ServerKind } from "../helpers/specification_examples.ts";

const specification = new URL("../../rfcs/", import.meta.url);
const documentText = [
  "Network Working Group                              D. Provan",
  "Request for Comments: 1234                         June 1991",
  "",
  "         Tunneling IPX Traffic through IP Networks",
  "",
].join("\n");

const servers: Record<ServerKind, () => Promise<ExampleServer> | ExampleServer> = {
  "central index server": exampleCentralIndexServer,
  "registration server": exampleRegistrationServer,
  "RFC server": () => exampleRfcServer(documentText),
};

/** Goes through one example; clients that it leaves open stay in `clients`. */
async function perform(
  example: Example,
  endpoint: Endpoint,
  clients: Map<number, RawClient>,
): Promise<void> {
  for (const step of example.steps) {
    let client = clients.get(step.connection);
    if ("closes" in step) {
      assert.ok(client, "closes a connection that was never opened");
      assert.equal(await client.readToEnd(), "");
      client.close();
      clients.delete(step.connection);
    } else if (step.direction === "client") {
      if (client === undefined) {
        client = await RawClient.connect(endpoint);
        clients.set(step.connection, client);
      }
      await client.send(step.bytes);
    } else {
      assert.ok(client, "replies on a connection that was never opened");
      assert.equal(
        await client.read(step.bytes.length),
        new TextDecoder().decode(step.bytes),
      );
    }
  }
}

for (const name of ["rfc60001.txt", "rfc60002.txt", "rfc60003.txt"]) {
  Deno.test({
    name: `${name}: the servers behave as its examples say`,
    permissions: { net: ["127.0.0.1"], read: true, write: true },
    ignore: lacks("net", "read", "write"),
    async fn(t) {
      const examples = readExamples(Deno.readTextFileSync(new URL(name, specification)));
      // An example that goes on where the one before ended belongs to the same run.
      const runs = Array<Example[]>();
      for (const example of examples) {
        if (example.continued) runs.at(-1)!.push(example);
        else runs.push([example]);
      }
      assert.ok(runs.length > 0);
      for (const run of runs) {
        const [{ section, title, line, server: kind }] = run as [Example];
        await t.step(`section ${section} ${title}, line ${line}`, async () => {
          await using server = await servers[kind]();
          const clients = new Map<number, RawClient>();
          try {
            for (const example of run) await perform(example, server.endpoint, clients);
          } finally {
            for (const client of clients.values()) client.close();
          }
        });
      }
    },
  });
}
