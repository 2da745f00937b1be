import assert from "node:assert/strict";
import { askingForms, formsToTry, givenAskingForm } from "../../lib/protocol/asking_form.ts";
import { encodeList } from "../../lib/protocol/ci_request.ts";
import { pure } from "../helpers/permissions.ts";
import { textOf } from "../helpers/wire.ts";

const request = encodeList({ host: "h", port: 1 });

Deno.test("askingForms begin with the given form, which changes nothing", pure, () => {
  assert.equal(askingForms[0], givenAskingForm);
  assert.equal(givenAskingForm.write(request), request);
});

Deno.test("askingForms say the same in other lines and packings", pure, () => {
  const given = "LIST ALL P2P-CI/1.0\r\nHost: h\r\nPort: 1\r\n\r\n";
  const lf = "LIST ALL P2P-CI/1.0\nHost: h\nPort: 1\n\n";
  assert.deepEqual(askingForms.map(({ name, write }) => [name, textOf(write(request))]), [
    ["given", given],
    ["LF", lf],
    ["no blank line", given.slice(0, -2)],
    ["decimal length", `41        ${given}`],
    ["writeUTF", `\0\x29${given}`],
    ["decimal length, LF", `37        ${lf}`],
    ["writeUTF, LF", `\0\x25${lf}`],
  ]);
});

Deno.test("formsToTry tries one form alone once it is known", pure, () => {
  assert.equal(formsToTry(undefined), askingForms);
  assert.deepEqual(formsToTry(askingForms[1]), [askingForms[1]]);
});
