import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeCiRequest } from "../../lib/protocol/ci_request.ts";
import { dropPadding, findRequest, translate } from "../../lib/protocol/liberal_request.ts";
import { maxFields } from "../../lib/protocol/limits.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";
import {
  indexServerWords,
  registrationServerWords,
  rfcServerWords,
  type Vocabulary,
} from "../../lib/protocol/words.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

const add = "ADD RFC 1 P2P-CI/1.0\nHost: h\nPort: 1\nTitle: T\n";

/** How many characters the first request takes; undefined if its end has not come. */
function lengthOf(text: string, ending: "open" | "silent" | "ended" = "open"): number | undefined {
  return findRequest(text, ending, indexServerWords, true)?.length;
}

/** What a whole text says in the given form: its start line and some fields, or its status. */
function said(text: string, vocabulary: Vocabulary = indexServerWords): unknown {
  const request = findRequest(text, "ended", vocabulary, true);
  assert.ok(request);
  const { head } = translate(request, vocabulary, "plain", "192.0.2.1");
  if (head instanceof ProtocolError) return head.status;
  const { startLine, fields } = head;
  return [startLine, fields.get("host"), fields.get("port"), fields.get("title")];
}

Deno.test(
  "findRequest ends a request at a blank line, an end mark, padding or the next one",
  pure,
  () => {
    assert.equal(lengthOf(`${add}\nrest`), add.length + 1);
    assert.equal(lengthOf(`${add}END\nrest`), add.length + 4);
    assert.equal(lengthOf(`${add}~~~~~~rest`), add.length + 6);
    assert.equal(lengthOf(`${add}\0rest`), add.length + 1);
    assert.equal(lengthOf(`${add}LIST P2P-CI/1.0\n`), add.length);
  },
);

Deno.test("findRequest waits while more may come", pure, () => {
  for (let length = 0; length <= add.length; length++) {
    assert.equal(lengthOf(add.slice(0, length)), undefined);
  }
  assert.equal(lengthOf(add, "silent"), add.length);
  assert.equal(lengthOf(add.trimEnd(), "ended"), add.length - 1);
  assert.equal(lengthOf("", "ended"), undefined);
});

Deno.test(
  "findRequest waits for an end mark behind a blank line until it is known that none comes",
  pure,
  () => {
    const found = (text: string, marksKnown: boolean) =>
      findRequest(text, "open", indexServerWords, marksKnown);
    assert.equal(found(`${add}\n`, false), undefined);
    assert.equal(found(`${add}\nEN`, false), undefined);
    assert.equal(found(`${add}\nEND\n`, false)?.form.endMark, "END");
    assert.equal(found(`${add}\nLIST`, false)?.form.endMark, undefined);
    assert.equal(found(`${add}\n`, true)?.length, add.length + 1);
  },
);

Deno.test("findRequest does not take a title for a request line", pure, () => {
  const text = add.replace("Title: T", "Title: LIST of things");
  assert.equal(lengthOf(`${text}\n`), text.length + 1);
});

Deno.test("findRequest takes as many fields as a head may have, and not one more", pure, () => {
  const text = (fields: number) => `EXIT P2P-CI/1.0\n${"A: b\n".repeat(fields)}\n`;
  assert.equal(lengthOf(text(maxFields)), text(maxFields).length);
  assert.throws(() => lengthOf(text(maxFields + 1)), refusal(400, { framingLost: true }));
});

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

Deno.test("dropPadding leaves a title its own marks", pure, () => {
  assert.deepEqual(["Wow!!!", "T~~~~~", "T\0", "T!!!!"].map(dropPadding), [
    "Wow!!!",
    "T",
    "T",
    "T",
  ]);
});

Deno.test(
  "findRequest and translate throw nothing but ProtocolError, and never take nothing",
  pure,
  () => {
    const pieces = fc.constantFrom(
      "ADD RFC 1 P2P-CI/1.0",
      "LIST",
      "Host: h",
      "Title:",
      "END",
      "~~~~",
      "\n",
      "\r",
      "\r\n",
      "\0",
      " ",
      "é",
    );
    const texts = fc.oneof(
      fc.array(pieces).map((all) => all.join("")),
      fc.uint8Array().map((bytes) => String.fromCharCode(...bytes)),
    );
    const endings = fc.constantFrom("open" as const, "silent" as const, "ended" as const);
    fc.assert(fc.property(texts, endings, fc.boolean(), (text, ending, marksKnown) => {
      const request = findRequest(text, ending, indexServerWords, marksKnown);
      if (request === undefined) return;
      assert.ok(0 < request.length && request.length <= text.length);
      const { head } = translate(request, indexServerWords, "plain", "h");
      if (head instanceof ProtocolError) return;
      try {
        decodeCiRequest(head);
      } catch (error) {
        assert.ok(error instanceof ProtocolError, String(error));
      }
    }));
  },
);
