import assert from "node:assert/strict";
import fc from "fast-check";
import {
  crowdFields,
  duplicatesField,
  maxDuplicates,
  readCrowdAsker,
  readDuplicates,
} from "../../lib/protocol/crowd.ts";
import { type Fields, FieldTable } from "../../lib/protocol/fields.ts";
import { pure } from "../helpers/permissions.ts";

function fieldsOf(...lines: string[]): Fields {
  const fields = new FieldTable();
  for (const line of lines) fields.addLine(line);
  return fields;
}

Deno.test("readCrowdAsker reads what crowdFields says", pure, () => {
  const asker = { port: 50_002, waitSeconds: 10 };
  const lines = crowdFields(asker).map(([name, value]) => `${name}: ${value}`);
  assert.deepEqual(lines, ["Port: 50002", "Prefer: wait=10"]);
  assert.deepEqual(readCrowdAsker(fieldsOf(...lines)), asker);
});

Deno.test("readCrowdAsker finds wait among other preferences", pure, () => {
  for (const value of ["wait=3", "respond-async, wait=3", 'WAIT = "3"', "wait=3; x=1, foo"]) {
    const found = readCrowdAsker(fieldsOf("Port: 1", `Prefer: ${value}`));
    assert.deepEqual(found, { port: 1, waitSeconds: 3 }, value);
  }
});

Deno.test("readCrowdAsker takes nobody for one of a crowd who does not say both", pure, () => {
  const others = [
    ["Port: 5678"],
    ["Prefer: wait=3"],
    ["Port: 0", "Prefer: wait=3"],
    ["Port: 70000", "Prefer: wait=3"],
    ["Port: 1", "Prefer: wait"],
    ["Port: 1", "Prefer: wait=-1"],
    ["Port: 1", "Prefer: wait=1e3"],
    ["Port: 1", "Prefer: await=3"],
  ];
  for (const lines of others) assert.equal(readCrowdAsker(fieldsOf(...lines)), undefined);
});

Deno.test("readDuplicates reads what duplicatesField says, as far as it goes", pure, () => {
  const endpoint = fc.record({
    host: fc.constantFrom("192.0.2.7", "2001:db8::1", "peer1.example.org"),
    port: fc.integer({ min: 1, max: 65_535 }),
  });
  fc.assert(fc.property(fc.array(endpoint, { minLength: 1, maxLength: 5 }), (holders) => {
    const [name, value] = duplicatesField(holders);
    const found = readDuplicates(fieldsOf(`${name}: ${value}`));
    const named = holders.slice(0, maxDuplicates).map(({ host, port }) => ({ host, port }));
    assert.deepEqual(found, named);
  }));
});

Deno.test("readDuplicates passes over other links and what it cannot read", pure, () => {
  const value = "<//a:1>; rel=next, </rfc1234>; rel=duplicate, <//b>; rel=duplicate, " +
    '<//c:99999>; rel=duplicate, <//d:2/>; pri=1; rel="duplicate", <//e:3>; rel=duplicates';
  assert.deepEqual(readDuplicates(fieldsOf(`Link: ${value}`)), [{ host: "d", port: 2 }]);
  assert.deepEqual(readDuplicates(fieldsOf()), []);
});

Deno.test("readDuplicates takes anything", pure, () => {
  fc.assert(fc.property(fc.string(), (text) => {
    const fields = new FieldTable();
    fields.set("Link", text);
    assert.ok(readDuplicates(fields).length <= maxDuplicates);
  }));
});
