import assert from "node:assert/strict";
import { FileError } from "../../lib/files/file_error.ts";

const { errors } = Deno;

for (
  const [cause, words] of [
    [new errors.NotFound("x"), "it does not exist"],
    [new errors.AlreadyExists("x"), "it exists already"],
    [new errors.NotADirectory("x"), "it is not a folder"],
    [new errors.IsADirectory("x"), "it is a folder"],
    [new errors.PermissionDenied("x"), "the system does not permit it"],
    [
      new errors.NotCapable('Requires write access to "x", run again with the --allow-write flag'),
      "permission is missing, add --allow-write",
    ],
    [
      new errors.NotCapable('Requires read access to "x", run again with the --allow-read flag'),
      "permission is missing, add --allow-read",
    ],
    [new Error("No space left on device (os error 28)"), "no space is left on the disk"],
    [new Error("Read-only file system (os error 30)"), "the disk is read-only"],
    [new Error("Input/output error (os error 5): open 'x'"), "input/output error"],
  ] as const
) {
  Deno.test({
    name: `FileError says that ${words}`,
    permissions: "none",
    fn() {
      const error = new FileError("write", "rfc1.txt", cause);
      assert.equal(error.message, `Cannot write rfc1.txt: ${words}`);
      assert.equal(error.cause, cause);
    },
  });
}
