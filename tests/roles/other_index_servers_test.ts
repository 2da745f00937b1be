/**
 * Our client with index servers of other programs: each reply form, each form of asking (RFC 60001 section 8).
 */
import assert from "node:assert/strict";
import type { AskingForm } from "../../lib/protocol/asking_form.ts";
import type { CiRecord } from "../../lib/protocol/ci_record.ts";
import { formatEndpoint } from "../../lib/protocol/endpoint.ts";
import { pack } from "../../lib/protocol/packing.ts";
import { probeMs } from "../../lib/roles/asking.ts";
import { CiClient } from "../../lib/roles/ci_client.ts";
import { RefusedError } from "../../lib/roles/client_exchange.ts";
import { withSockets } from "../helpers/permissions.ts";
import type { RawClient } from "../helpers/raw_client.ts";
import { answering, type Script, ScriptedServer, staySilent } from "../helpers/scripted_server.ts";
import { bytesOf } from "../helpers/wire.ts";
import { WoundClock } from "../helpers/wound_clock.ts";

const self = { host: "127.0.0.1", port: 9 };
const record: CiRecord = { number: 6, title: "With Bob Kahn", host: "peer", port: 5678 };

/** Says this to each request, and keeps the connection open. */
function replying(reply: string | Uint8Array): Script {
  return async (client) => {
    await answering(reply)(client);
    await staySilent(client);
  };
}

/** What a LOOKUP at a server finds. */
async function lookUp(script: Script, forms?: Map<string, AskingForm>): Promise<CiRecord[]> {
  await using server = new ScriptedServer(script);
  using client = await CiClient.connect(server.endpoint, { os: "Linux", forms });
  return await client.lookup(6, self);
}

/** Replies that tell the one record. */
const replies: Readonly<Record<string, string>> = {
  "as given": "P2P-CI/1.0 200 OK\r\n\r\nRFC 6 With Bob Kahn peer 5678\r\n\r\n",
  "no blank lines": "P2P-CI/1.0 200 OK\r\nRFC 6 With Bob Kahn peer 5678\r\n",
  "LF": "P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678\n",
  "no final line end": "P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678",
  "a colon": "P2P-CI/1.0 200 OK\nRFC: 6 With Bob Kahn peer 5678\n",
  "no blank behind RFC": "P2P-CI/1.0 200 OK\nRFC6 With Bob Kahn peer 5678\n",
  "no RFC": "P2P-CI/1.0 200 OK\n6 With Bob Kahn peer 5678\n",
  "separators written out": "P2P-CI/1.0 200 OK\nRFC<sp>6<sp>With Bob Kahn<sp>peer<sp>5678\n",
  "stray CRs and blank lines":
    "P2P-CI/1.0 200 OK\n\n\r\nRFC 6 With Bob Kahn\r peer\r 5678\r\r\n\r\n",
  "an end mark": "P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678\nEND\n",
  "another version": "P2P-CI-v1.0.0 200 OK\r\nRFC 6 With Bob Kahn peer 5678\r\n",
  "505 on success": "505 P2P-CI Version Not Supported\r\nRFC 6 With Bob Kahn peer 5678\r\n",
  "padding": `P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678\n${"~".repeat(900)}`,
  "a zero byte": "P2P-CI/1.0 200 OK\r\n\r\nRFC 6 With Bob Kahn peer 5678\r\n\r\n\0",
  "names of the parts": "P2P-CI/1.0 200 OK\nRFC: 6, Title: With Bob Kahn, Host: peer, Port: 5678\n",
};

for (const [name, reply] of Object.entries(replies)) {
  Deno.test({
    name: `CiClient reads a reply with ${name}`,
    ...withSockets,
    async fn() {
      const found = await lookUp(replying(reply));
      assert.deepEqual(found, [record]);
    },
  });
}

Deno.test({
  name: "CiClient reads the address out of a host as Java prints it",
  ...withSockets,
  async fn() {
    const [found] = await lookUp(
      replying("P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer/192.0.2.7:4915 5678\n"),
    );
    assert.deepEqual(found, { ...record, host: "192.0.2.7" });
  },
});

Deno.test({
  name: "CiClient takes an empty 200 and a 404 for nobody",
  ...withSockets,
  async fn() {
    for (const reply of ["P2P-CI/1.0 200 OK\n", "P2P-CI/1.0 404 Not Found\n", "404 Not Found"]) {
      assert.deepEqual(await lookUp(replyingTo({ LOOKUP: reply, LIST: reply })), []);
    }
  },
});

/** Answers each method with a reply of its own, until the other side ends. */
function replyingTo(replies: Readonly<Record<string, string>>): Script {
  return async (client) => {
    for (let method; (method = (await client.readHead()).split(" ", 1)[0]!) !== "";) {
      const reply = replies[method];
      assert.ok(reply !== undefined, `asked to ${method}`);
      await client.send(reply);
    }
  };
}

Deno.test({
  name: "CiClient looks through the list of a server that may compare titles, and of no other",
  ...withSockets,
  async fn() {
    const LIST = "P2P-CI/1.0 200 OK\nRFC 7 Another peer 9\nRFC 6 With Bob Kahn peer 5678\n";
    for (const LOOKUP of ["P2P-CI/1.0 404 Not Found\n", "P2P-CI/1.0 200 OK\n"]) {
      assert.deepEqual(await lookUp(replyingTo({ LOOKUP, LIST })), [record]);
    }
    const given = { LOOKUP: "P2P-CI/1.0 404 Not Found\r\n\r\n" };
    assert.deepEqual(await lookUp(replyingTo(given)), []);
  },
});

Deno.test({
  name: "CiClient leaves out the blank line where lines are counted",
  ...withSockets,
  async fn() {
    const refusing = (end: string): Script => async (client) => {
      await readMessage(client, end);
      await client.send("400 Bad Request\r\n");
      await staySilent(client);
    };
    const counting: Script = async (client) => {
      await readMessage(client, "Title: Unknown\r\n");
      await client.send(lfReply);
      await staySilent(client);
    };
    await using server = new ScriptedServer(refusing("\r\n\r\n"), refusing("\n\n"), counting);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    assert.deepEqual(await client.lookup(6, self), [record]);
  },
});

Deno.test({
  name: "CiClient.learnDetails takes who refuses a LOOKUP for one without details",
  ...withSockets,
  async fn() {
    const script = replyingTo({ ADD: lfReply, LOOKUP: "400 Bad Request\r\n" });
    await using server = new ScriptedServer(script);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    await client.add(record);
    assert.equal(await client.learnDetails(self), false);
    await client.add(record);
  },
});

Deno.test({
  name: "CiClient leaves out ALL where that is taken for a version",
  ...withSockets,
  async fn() {
    let refusal = "";
    const script: Script = async (client) => {
      for (let line; (line = (await client.readHead()).split("\r\n", 1)[0]!) !== "";) {
        await client.send(line === "LIST P2P-CI/1.0" ? lfReply : `${refusal}\n`);
      }
    };
    for (const each of ["ALL 505 P2P-CI Version Not Supported", "P2P-CI/1.0 400 Bad Request"]) {
      refusal = each;
      await using server = new ScriptedServer(...Array.from({ length: 8 }, () => script));
      using client = await CiClient.connect(server.endpoint, { os: "Linux" });
      assert.deepEqual(await client.list(self), [record]);
    }
  },
});

/** Reads what has come so far, at least a byte. */
async function readMessage(client: RawClient, end: string): Promise<string> {
  let text = "";
  while (!text.endsWith(end)) {
    const character = await client.read(1);
    if (character === "") break;
    text += character;
  }
  return text;
}

const lfReply = "P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678\n";

/** Understands LF alone; what else comes is met like this. */
function understandingLf(otherwise: (client: RawClient) => Promise<void>): Script {
  return async (client) => {
    const line = await readMessage(client, "\n");
    if (line !== "LOOKUP RFC 6 P2P-CI/1.0\n") return await otherwise(client);
    await readMessage(client, "\n\n");
    await client.send(lfReply);
    await staySilent(client);
  };
}

const refusals: Readonly<Record<string, (client: RawClient) => Promise<void>>> = {
  "hangs up on": () => Promise.resolve(),
  "answers 400 to": replyAndWait("P2P-CI/1.0 400 Bad Request\n"),
  "answers 505 without a version to": replyAndWait("505 Version Not Supported\n"),
  "answers nonsense to": replyAndWait("what?\n"),
};

function replyAndWait(reply: string): (client: RawClient) => Promise<void> {
  return async (client) => {
    await client.send(reply);
    await staySilent(client);
  };
}

for (const [name, otherwise] of Object.entries(refusals)) {
  Deno.test({
    name: `CiClient is understood by a server that ${name} all but LF, and remembers that`,
    ...withSockets,
    async fn() {
      await using server = new ScriptedServer(understandingLf(otherwise));
      const forms = new Map<string, AskingForm>();
      for (const connections of [2, 3]) {
        using client = await CiClient.connect(server.endpoint, { os: "Linux", forms });
        assert.deepEqual(await client.lookup(6, self), [record]);
        assert.equal(server.connections, connections);
      }
      assert.equal(forms.get(formatEndpoint(server.endpoint))?.name, "LF");
    },
  });
}

Deno.test({
  name: "CiClient tries another form when a server is silent",
  ...withSockets,
  async fn() {
    await using server = new ScriptedServer(understandingLf(staySilent));
    using clock = new WoundClock();
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    const found = client.lookup(6, self);
    await clock.waiting(probeMs - 100, probeMs);
    clock.advance(probeMs);
    await clock.waiting(300);
    clock.advance(300);
    assert.deepEqual(await found, [record]);
  },
});

for (const packing of ["decimal length", "writeUTF"] as const) {
  Deno.test({
    name: `CiClient is understood by a server that speaks ${packing} alone`,
    ...withSockets,
    async fn() {
      const request =
        "LOOKUP RFC 6 P2P-CI/1.0\r\nHost: 127.0.0.1\r\nPort: 9\r\nTitle: Unknown\r\n\r\n";
      const packed = new TextDecoder().decode(pack(bytesOf(request), packing));
      const reply = pack(bytesOf("P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn peer 5678"), packing);
      const script: Script = async (client) => {
        for (let i = 0; i < packed.length; i++) if (await client.read(1) !== packed[i]) return;
        await client.send(reply);
        await staySilent(client);
      };
      assert.deepEqual(await lookUp(script), [record]);
    },
  });
}

Deno.test({
  name: "CiClient announces in LF to a server that keeps our CRs in its records",
  ...withSockets,
  async fn() {
    const heard: string[] = [];
    const script: Script = async (client) => {
      const lines = (await readMessage(client, "\nTitle: With Bob Kahn")).split("\n");
      const lineEnd = await readMessage(client, "\n");
      heard.push(lineEnd);
      const [host, port] = lines.slice(1, 3).map((line) => line.split(": ")[1]);
      await client.send(`P2P-CI/1.0 200 OK\nRFC 6 With Bob Kahn ${host} ${port}\n`);
      await staySilent(client);
    };
    await using server = new ScriptedServer(script);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    await client.add(record);
    assert.deepEqual(heard, ["\r\n", "\n"]);
  },
});

Deno.test({
  name: "CiClient stays with the given form if no other is repeated without CRs either",
  ...withSockets,
  async fn() {
    const script = replying("P2P-CI/1.0 200 OK\nRFC 6 With\r Bob Kahn peer 5678\n");
    await using server = new ScriptedServer(
      script,
      async () => {},
      async () => {},
      async () => {},
      async () => {},
      async () => {},
      script,
    );
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    await client.add(record);
  },
});

Deno.test({
  name: "CiClient passes over what comes late of an earlier reply",
  ...withSockets,
  async fn() {
    const script: Script = async (client) => {
      await client.readHead();
      await client.send("P2P-CI/1.0 200 OK\n");
      await client.readHead();
      await client.send(`RFC 7 Late peer 1\n${lfReply}`);
      await staySilent(client);
    };
    await using server = new ScriptedServer(script);
    using client = await CiClient.connect(server.endpoint, { os: "Linux" });
    assert.deepEqual(await client.lookup(6, self, "With Bob Kahn"), []);
    assert.deepEqual(await client.lookup(6, self, "With Bob Kahn"), [record]);
  },
});

Deno.test({
  name: "CiClient says what was answered first if no form is understood",
  ...withSockets,
  async fn() {
    await assert.rejects(
      lookUp(async (client) => {
        await client.read(20);
        await replyAndWait("P2P-CI/1.0 400 Bad Request\r\n\r\n")(client);
      }),
      (error) => error instanceof RefusedError && error.status === 400,
    );
  },
});

for (
  const [name, flood, expected] of [
    ["refusals", "P2P-CI/1.0 400 Bad Request\r\n\r\n", /answered 400/],
    ["letters", "x".repeat(60_000), /longer than 8192/],
  ] as const
) {
  Deno.test({
    name: `CiClient ends an endless flood of ${name} with an error`,
    ...withSockets,
    async fn() {
      const script: Script = async (client) => {
        await client.read(10);
        for (;;) await client.send(flood);
      };
      await assert.rejects(lookUp(script), expected);
    },
  });
}
