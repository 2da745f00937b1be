import assert from "node:assert/strict";
import type { Work } from "../../lib/roles/work.ts";
import { WorkList } from "../../lib/roles/work_list.ts";
import { pure } from "../helpers/permissions.ts";

function askedAt(now: number): Work {
  return {
    document: undefined as never,
    fetcher: {
      holder: { host: "127.0.0.1", port: 1, protocol: "P2P-CI" },
      givesWholeOnly: false,
      isResting: false,
      isHeldBack: false,
      lastProgressAt: 0,
      bytesPerSecond: undefined,
      crowd: undefined,
    },
    piece: 0,
    order: {
      number: 1,
      range: undefined,
      ifRange: undefined,
      wantsContentDigest: false,
      crowd: undefined,
    },
    expectedBytes: 1,
    askedAt: now,
    state: "asked",
    isWhole: false,
    receivedBytes: 0,
  };
}

Deno.test({
  name: "WorkList lets ever more be asked while nobody answers, although those before are given up",
  ...pure,
  fn() {
    const works = new WorkList();
    let asked = 0;
    let now = 1_000;
    for (; asked < 1_000 && now < 60_000; now += 250) {
      for (const work of works.all()) if (now - work.askedAt >= 2_000) works.end(work);
      for (let places = works.latePlaces(now) || (works.size === 0 ? 1 : 0); places > 0; places--) {
        works.add(askedAt(now));
        asked++;
      }
    }
    assert.ok(now <= 10_000, `${asked} were asked in ${now - 1_000} ms`);
  },
});
