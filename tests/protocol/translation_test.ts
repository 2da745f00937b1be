import assert from "node:assert/strict";
import { findRequest } from "../../lib/protocol/liberal_request.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import { translate } from "../../lib/protocol/translation.ts";
import {
  indexServerWords,
  registrationServerWords,
  rfcServerWords,
  type Vocabulary,
} from "../../lib/protocol/words.ts";
import { pure } from "../helpers/permissions.ts";

/** What a whole text says in the given form: its start line and some fields, or its status. */
function said(text: string, vocabulary: Vocabulary = indexServerWords): unknown {
  const request = findRequest(text, "ended", vocabulary, true);
  assert.ok(request);
  const { head } = translate(request, vocabulary, "plain", "192.0.2.1");
  if (head instanceof ProtocolError) return head.status;
  const { startLine, fields } = head;
  return [startLine, fields.get("host"), fields.get("port"), fields.get("title")];
}

Deno.test("translate says other words in those of the handout", pure, () => {
  const hostAndPort = ["h", "1", undefined];
  for (
    const [words, start] of [
      ["list", "LIST ALL"],
      ["LISTALL", "LIST ALL"],
      ["add rfc6", "ADD RFC 6"],
      ["LOOKUP 6", "LOOKUP RFC 6"],
      ["LOOKUP RFC: 6", "LOOKUP RFC 6"],
      ["DEL 6", "REMOVE RFC 6"],
      ["DEL PEER", "EXIT"],
      ["DISCONNECT", "EXIT"],
      ["JOIN", "REGISTER"],
    ] as const
  ) {
    const line = `${start} P2P-CI/1.0`;
    assert.deepEqual(said(`${words} P2P-CI/1.0\nHost: h\nPort: 1\n`), [line, ...hostAndPort]);
  }
});

Deno.test(
  "translate takes a port behind CONNECT, and the sender's address for a missing host",
  pure,
  () => {
    assert.deepEqual(said("CONNECT 5801"), [
      "REGISTER P2P-CI/1.0",
      "192.0.2.1",
      "5801",
      undefined,
    ]);
  },
);

Deno.test("translate takes fields that stand in the request line", pure, () => {
  assert.deepEqual(said("ADD RFC 6 P2P-CI/1.0 Host: h Port: 1 Title: A B"), [
    "ADD RFC 6 P2P-CI/1.0",
    "h",
    "1",
    "A B",
  ]);
});

Deno.test("translate reads fields in any spelling", pure, () => {
  const same = ["LIST ALL P2P-CI/1.0", "h", "1", undefined];
  for (
    const fields of [
      "Host:h\nPort:1",
      " HOST : h\n port : 1",
      "Host: h\nServerPort: 1",
      "hostname: h\nRFCPORT:1",
    ]
  ) {
    assert.deepEqual(said(`LIST P2P-CI/1.0\n${fields}\n`), same);
  }
});

Deno.test("translate keeps other versions, and refuses them before their words", pure, () => {
  assert.equal(said("ADD RFC 1 P2P-CI/2.0\n"), 505);
  assert.equal(said("NONSENSE P2P-CI/1.1\n"), 505);
  assert.deepEqual(said("LIST P2P-CI-v1.0.0\nHost: h\n"), [
    "LIST ALL P2P-CI/1.0",
    "h",
    undefined,
    undefined,
  ]);
});

Deno.test("translate refuses words that it does not know, SHUTDOWN with them", pure, () => {
  for (const words of ["SHUTDOWN", "GET RFC 1", "ADD", "ADD RFC x", ""]) {
    assert.equal(said(`${words} P2P-CI/1.0\nHost: h\n`), 400, words);
  }
});

Deno.test("translate drops HTTP's words in front of a registration server's", pure, () => {
  for (const words of ["Register", "GET register", "post REGISTER peer.html"]) {
    assert.deepEqual(said(`${words} P2P-DI/1.0\nHost h\nPort 1\n`, registrationServerWords), [
      "Register P2P-DI/1.0",
      "h",
      "1",
      undefined,
    ]);
  }
});

Deno.test(
  "translate lets an RFC server be asked for a document by the index server's word",
  pure,
  () => {
    for (const words of ["GET 6", "LOOKUP RFC 6", "get rfc6"]) {
      assert.deepEqual(said(`${words} P2P-CI/1.0\nHost: h\n`, rfcServerWords), [
        "GET RFC 6 P2P-CI/1.0",
        "h",
        undefined,
        undefined,
      ]);
    }
  },
);

Deno.test(
  "translate takes a version in two words, and says it again as it was spelled",
  pure,
  () => {
    const request = findRequest("list all p2p-ci 1.0\nHost: h\n", "ended", indexServerWords, true)!;
    const { head, form } = translate(request, indexServerWords, "plain", "h");
    assert.ok(!(head instanceof ProtocolError));
    assert.equal(head.startLine, "LIST ALL P2P-CI/1.0");
    assert.equal(form.version, "p2p-ci 1.0");
    assert.equal(said("LIST ALL P2P-CI 2.0\nHost: h\n"), 505);
  },
);

Deno.test(
  "translate takes who only says a port, or a host and a port, for one who registers",
  pure,
  () => {
    for (
      const [text, host] of [
        ["5801", "192.0.2.1"],
        ["peer.example.org 5801", "peer.example.org"],
        ["peer\n5801\n", "peer"],
      ] as const
    ) {
      assert.deepEqual(said(text), ["REGISTER P2P-CI/1.0", host, "5801", undefined]);
    }
    for (
      const text of ["80", "ADD 5801", "5801\n\n", "a b 5801", "5801x", "peer 70000", "1\n2\n3"]
    ) {
      assert.equal(said(text), 400, text);
    }
    assert.equal(said("5801", rfcServerWords), 400);
  },
);

Deno.test("translate sees who awaits no reply", pure, () => {
  const awaits = (text: string) => {
    const request = findRequest(text, "ended", indexServerWords, true)!;
    return translate(request, indexServerWords, "plain", "h").form.awaitsReply;
  };
  for (const text of ["CONNECT 5801\n", "5801", "peer 5801"]) assert.equal(awaits(text), false);
  for (const text of ["CONNECT P2P-CI/1.0\nHost: h\nPort: 5801\n", "LIST\n", "what 1\n"]) {
    assert.equal(awaits(text), true, text);
  }
});

Deno.test("translate takes a document's number out of a field of P2P-DI", pure, () => {
  for (const field of ["Filename rfc6.txt", "RFCNum: 6", "RFC-Number: RFC 6", "rfc: 6"]) {
    for (const words of ["GETRFC", "GET GETRFC", "GetRFC"]) {
      const text = `${words} P2P-DI/1.0\nHost: h\n${field}\n`;
      assert.equal((said(text, rfcServerWords) as string[])[0], "GET RFC 6 P2P-DI/1.0");
    }
  }
  assert.equal(said("GETRFC P2P-DI/1.0\nHost: h\n", rfcServerWords), 400);
  for (const words of ["RFCQuery", "GET RFCQuery", "RFC-INDEX", "get rfc-index"]) {
    const said1 = said(`${words} P2P-DI/1.0\nHost: h\n`, rfcServerWords) as string[];
    assert.equal(said1[0], "GET RFC-Index P2P-DI/1.0");
  }
});
