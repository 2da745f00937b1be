import assert from "node:assert/strict";
import fc from "fast-check";
import { CentralIndex } from "../../lib/index/central_index.ts";
import { Session } from "../../lib/index/holder.ts";
import { givenDialect } from "../../lib/protocol/dialect.ts";
import { replyText } from "../../lib/protocol/reply.ts";
import { type Answer, answerRecords } from "../../lib/roles/answer.ts";
import { KeptReplies, maxKeptRecords, maxKeptReplies } from "../../lib/roles/kept_replies.ts";
import { pure } from "../helpers/permissions.ts";

const lineFeeds = { ...givenDialect, name: "line feeds", lineEnd: "\n" } as const;

function filled(): { index: CentralIndex; replies: KeptReplies } {
  const index = new CentralIndex((number) => replies.forget(number));
  const replies = new KeptReplies(index);
  return { index, replies };
}

function textOf({ message }: Answer, dialect = givenDialect): string {
  return Array.from(replyText(message, dialect)).join("");
}

const change = fc.record({
  what: fc.constantFrom("add", "remove", "end"),
  session: fc.nat(1),
  number: fc.integer({ min: 1, max: 2 }),
  // More holders than are kept, and titles that make a reply too long.
  port: fc.integer({ min: 1, max: maxKeptRecords + 2 }),
  title: fc.constantFrom("a", "b", "Überblick", "long ".repeat(300).trim()),
});

Deno.test({
  name: "KeptReplies answers as the index would, whatever changed between two questions",
  ...pure,
  fn() {
    fc.assert(fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const { index, replies } = filled();
      const sessions = [new Session("192.0.2.1"), new Session("192.0.2.2")];
      for (const { what, session: which, number, port, title } of changes) {
        const session = sessions[which]!;
        if (what === "add") index.add(session, { number, title, host: "h", port });
        else if (what === "remove") index.remove(session, number, { host: "h", port });
        else index.endSession(session);
        for (const asked of [1, 2]) {
          if (!index.has(asked)) {
            assert.equal(replies.answer(asked), undefined);
            continue;
          }
          const fresh = answerRecords([...index.lookup(asked)]);
          for (const dialect of [givenDialect, lineFeeds]) {
            assert.equal(textOf(replies.answer(asked)!, dialect), textOf(fresh, dialect));
          }
        }
      }
    }));
  },
});

Deno.test({
  name: "KeptReplies makes a short reply once, until the document's records change",
  ...pure,
  fn() {
    const { index, replies } = filled();
    const session = new Session("192.0.2.1");
    const add = (port: number) => index.add(session, { number: 1, title: "t", host: "h", port });
    add(1);
    const first = replies.answer(1);
    assert.equal(replies.answer(1), first);
    add(2);
    assert.notEqual(replies.answer(1), first);
    for (let port = 3; port <= maxKeptRecords + 1; port++) add(port);
    assert.notEqual(replies.answer(1), replies.answer(1));
  },
});

Deno.test({
  name: "KeptReplies lets go of the oldest replies",
  ...pure,
  fn() {
    const { index, replies } = filled();
    const session = new Session("192.0.2.1");
    const kept: Answer[] = [];
    for (let number = 1; number <= maxKeptReplies + 1; number++) {
      index.add(session, { number, title: "t", host: "h", port: 1 });
      kept.push(replies.answer(number)!);
    }
    assert.equal(replies.answer(2), kept[1]);
    assert.notEqual(replies.answer(1), kept[0]);
  },
});
