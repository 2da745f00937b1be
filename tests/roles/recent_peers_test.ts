import assert from "node:assert/strict";
import { recentMs, RecentPeers } from "../../lib/roles/recent_peers.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("RecentPeers gives those named last for as long as that is recent", pure, () => {
  let now = 0;
  const recent = new RecentPeers(() => now);
  assert.equal(recent.find(), undefined);
  recent.note([{ host: "a", port: 1 }]);
  recent.note([{ host: "b", port: 2 }]);
  now = recentMs;
  assert.deepEqual(recent.find(), [{ host: "b", port: 2 }]);
  now++;
  assert.equal(recent.find(), undefined);
});

Deno.test("RecentPeers tells that nobody is active from that it is not known", pure, () => {
  const recent = new RecentPeers(() => 0);
  recent.note([]);
  assert.deepEqual(recent.find(), []);
});
