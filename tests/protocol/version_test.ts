import assert from "node:assert/strict";
import { parseVersion } from "../../lib/protocol/version.ts";
import { pure } from "../helpers/permissions.ts";
import { refusal } from "../helpers/wire.ts";

Deno.test("parseVersion knows version 1.0 of either protocol", pure, () => {
  assert.equal(parseVersion("P2P-CI/1.0"), "P2P-CI");
  assert.equal(parseVersion("P2P-DI/1.0"), "P2P-DI");
});

Deno.test("parseVersion answers another version with 505 of the same protocol", pure, () => {
  for (const number of ["2.0", "1.1", "0.9", "1.00", "01.0", "999.999"]) {
    for (const protocol of ["P2P-CI", "P2P-DI"] as const) {
      assert.throws(() => parseVersion(`${protocol}/${number}`), refusal(505, { protocol }));
    }
  }
});

Deno.test("parseVersion answers with 400 what is no version of either protocol", pure, () => {
  const wrong = [
    "",
    "P2P-CI",
    "P2P-CI/",
    "P2P-CI/1",
    "P2P-CI/1.",
    "P2P-CI/.0",
    "P2P-CI/1.0.0",
    "P2P-CI/-1.0",
    "P2P-CI/1e0.0",
    "P2P-CI/0x1.0",
    "P2P-CI/1000.0",
    "P2P-CI/1.0000",
    "P2P-CI/1.0 ",
    " P2P-CI/1.0",
    "p2p-ci/1.0",
    "P2P-XI/1.0",
    "P2P-CI-v1.0.0",
    "HTTP/1.1",
  ];
  for (const token of wrong) {
    assert.throws(
      () => parseVersion(token),
      refusal(400, { protocol: undefined }),
      token,
    );
  }
});
