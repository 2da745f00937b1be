import assert from "node:assert/strict";
import { exitCodeOf, UsageError } from "../../lib/cli/exit_code.ts";
import { FileError } from "../../lib/files/file_error.ts";
import { ConnectionLostError, ListenError, UnreachableError } from "../../lib/net/errors.ts";
import { ProtocolError } from "../../lib/protocol/protocol_error.ts";

const endpoint = { host: "h", port: 1 };

for (
  const [error, code] of [
    [new UsageError("x"), 2],
    [new UnreachableError(endpoint, "x"), 3],
    [new ConnectionLostError(endpoint, "x"), 3],
    [new ListenError(endpoint, "x"), 1],
    [new FileError("write", "x", "x"), 1],
    [new ProtocolError(400, "x"), 1],
    ["anything else", 1],
  ] as const
) {
  const name = error instanceof Error ? error.name : error;
  Deno.test({
    name: `exitCodeOf gives ${code} for ${name}`,
    permissions: "none",
    fn: () => assert.equal(exitCodeOf(error), code),
  });
}
