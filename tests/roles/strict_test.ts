/**
 * `--dialect strict`: the given form is answered to the byte as ever, everything else is refused.
 */
import assert from "node:assert/strict";
import { CentralIndexServer } from "../../lib/roles/central_index_server.ts";
import { withSockets } from "../helpers/permissions.ts";
import { loopback, RawClient } from "../helpers/raw_client.ts";

const hostAndPort = "Host: h\r\nPort: 1\r\n";
const given = [
  `ADD RFC 1 P2P-CI/1.0\r\n${hostAndPort}Title: T\r\n\r\n`,
  `LOOKUP RFC 1 P2P-CI/1.0\r\n${hostAndPort}Title: T\r\n\r\n`,
  `LOOKUP RFC 2 P2P-CI/1.0\r\n${hostAndPort}Title: T\r\n\r\n`,
  `LIST ALL P2P-CI/1.0\r\n${hostAndPort}\r\n`,
  "ADD RFC 1 P2P-CI/1.0\r\nHost: h\r\n\r\n",
  `ADD RFC 0 P2P-CI/1.0\r\n${hostAndPort}Title: T\r\n\r\n`,
  `ADD RFC 1 P2P-CI/7.0\r\n${hostAndPort}Title: T\r\n\r\n`,
  `REMOVE RFC 1 P2P-CI/1.0\r\n${hostAndPort}\r\n`,
  `REMOVE RFC 1 P2P-CI/1.0\r\n${hostAndPort}\r\n`,
  "EXIT P2P-CI/1.0\r\n\r\n",
].join("");

/** Everything that a server answers to these bytes. */
async function answerTo(requests: string, strict: boolean): Promise<string> {
  await using server = new CentralIndexServer({ ...loopback, strict });
  using client = await RawClient.connect(server.endpoint);
  await client.send(requests);
  await client.endSending();
  return await client.readToEnd();
}

Deno.test({
  name: "CentralIndexServer answers the given form with the same bytes, strict or not",
  ...withSockets,
  async fn() {
    const strict = await answerTo(given, true);
    assert.deepEqual(strict.match(/ \d{3} /g), [
      " 200 ",
      " 200 ",
      " 404 ",
      " 200 ",
      " 400 ",
      " 400 ",
      " 505 ",
      " 200 ",
      " 404 ",
      " 200 ",
    ]);
    assert.equal(await answerTo(given, false), strict);
  },
});

for (
  const request of [
    "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n\n",
    "LIST ALL P2P-CI/1.0\r\nHost:h\r\nPort:1\r\n\r\n",
    "list all P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
    "LIST P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
    "LIST ALL P2P-CI-v1.0.0\r\nHost: h\r\nPort: 1\r\n\r\n",
    "REGISTER P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
    "QUIT P2P-CI/1.0\r\n\r\n",
    "45        LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n",
  ]
) {
  Deno.test({
    name: `strict CentralIndexServer answers 400 to ${JSON.stringify(request)}`,
    ...withSockets,
    async fn() {
      assert.equal(await answerTo(request, true), "P2P-CI/1.0 400 Bad Request\r\n\r\n");
    },
  });
}
