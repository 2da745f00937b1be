import assert from "node:assert/strict";
import {
  ConnectionLostError,
  describeNetworkError,
  ListenError,
  UnreachableError,
} from "../../lib/net/errors.ts";

Deno.test({
  name: "describeNetworkError puts system errors in few words",
  permissions: "none",
  fn() {
    const { errors } = Deno;
    const cases: [unknown, string][] = [
      [new errors.ConnectionRefused("x"), "refused, nothing listens there"],
      [new errors.ConnectionReset("x"), "reset by the other side"],
      [new errors.BrokenPipe("x"), "closed by the other side"],
      [new errors.AddrInUse("x"), "the port is in use"],
      [new errors.AddrNotAvailable("x"), "this machine has no such address"],
      [new errors.PermissionDenied("x"), "the system does not permit it"],
      [new errors.NotCapable("x"), "permission is missing, add --allow-net"],
      [
        new Error("failed to lookup address information: Name or service not known"),
        "no such host name",
      ],
      [new Error("No route to host (os error 113)"), "no route to host"],
      ["Anything else", "anything else"],
    ];
    for (const [error, words] of cases) assert.equal(describeNetworkError(error), words);
  },
});

Deno.test({
  name: "network errors name what was tried, with whom, and why it failed",
  permissions: "none",
  fn() {
    const endpoint = { host: "::1", port: 7734 };
    assert.equal(
      new UnreachableError(endpoint, "why").message,
      "Cannot connect to [::1]:7734: why",
    );
    assert.equal(
      new ConnectionLostError(endpoint, "why").message,
      "Lost connection to [::1]:7734: why",
    );
    assert.equal(new ListenError(endpoint, "why").message, "Cannot listen on [::1]:7734: why");
  },
});
