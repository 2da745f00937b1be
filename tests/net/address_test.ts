import assert from "node:assert/strict";
import { endpointOf, mayUse } from "../../lib/net/address.ts";

Deno.test({
  name: "endpointOf shows an IPv4 address as such, also on a socket for both families",
  permissions: "none",
  fn() {
    const hosts = ["192.0.2.7", "::ffff:192.0.2.7", "::FFFF:192.0.2.7", "2001:db8::7", "::1"];
    const shown = hosts.map((hostname) => endpointOf({ transport: "tcp", hostname, port: 7734 }));
    assert.deepEqual(
      shown,
      ["192.0.2.7", "192.0.2.7", "192.0.2.7", "2001:db8::7", "::1"].map((host) => ({
        host,
        port: 7734,
      })),
    );
  },
});

Deno.test({
  name: "mayUse tells what is not permitted, for either family",
  permissions: { net: false },
  fn() {
    assert.equal(mayUse({ host: "127.0.0.1", port: 7734 }), false);
    assert.equal(mayUse({ host: "::1", port: 7734 }), false);
  },
});
