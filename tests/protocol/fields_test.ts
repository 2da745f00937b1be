import assert from "node:assert/strict";
import { type Fields, FieldTable } from "../../lib/protocol/fields.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

function fieldsOf(...lines: string[]): Fields {
  const fields = new FieldTable();
  for (const line of lines) fields.addLine(line);
  return fields;
}

Deno.test("Fields finds a field whatever the case of its name", pure, () => {
  for (const line of ["Content-Length: 5", "content-length: 5", "CONTENT-LENGTH: 5"]) {
    assert.equal(fieldsOf(line).get("content-length"), "5");
  }
});

Deno.test("Fields drops white space around a value, and needs none", pure, () => {
  const lines = ["Host:c1", "Host: c1", "Host:   c1", "Host:\tc1 \t", "Host: c1 "];
  for (const line of lines) assert.equal(fieldsOf(line).get("host"), "c1", line);
  assert.equal(fieldsOf("Title: A  B").get("title"), "A  B");
});

Deno.test("Fields ends a name at the first colon", pure, () => {
  assert.equal(fieldsOf("Host: 2001:db8::7").get("host"), "2001:db8::7");
  assert.equal(fieldsOf("Host::1").get("host"), ":1");
});

Deno.test("Fields takes names that objects have of their own for unknown fields", pure, () => {
  const fields = fieldsOf("__proto__: x", "constructor: y");
  assert.equal(fields.get("__proto__"), "x");
  assert.equal(fields.get("tostring"), undefined);
});

Deno.test("Fields refuses a line that is no field", pure, () => {
  for (const line of ["", "Host", ":", ": x", " Host: x", "Host : x", "\tHost: x", "ü: x"]) {
    assert.throws(() => fieldsOf(line), refusal(400, { framingLost: false }), line);
  }
});

Deno.test("Fields refuses a field given twice with different values", pure, () => {
  assert.throws(() => fieldsOf("Port: 1", "port: 2"), refusal(400));
  assert.equal(fieldsOf("Port: 1", "PORT:1 ").get("port"), "1");
});

Deno.test("Fields.require gives the value of a field that must be there", pure, () => {
  assert.equal(fieldsOf("Host: h").require("host"), "h");
});

Deno.test("Fields.require refuses a field that is missing or empty", pure, () => {
  for (const fields of [fieldsOf(), fieldsOf("Host:"), fieldsOf("Host:  \t ")]) {
    assert.throws(() => fields.require("host"), refusal(400, { framingLost: false }));
  }
});
