/**
 * kill -9 of downloaders and holders at any point of a transfer, and what becomes of the documents then.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { pieceBytes } from "../../lib/files/document_part.ts";
import { minKeptBytes } from "../../lib/files/written_part.ts";
import { withTools } from "../helpers/permissions.ts";
import { RelayedDocument, size, sum } from "../helpers/relayed_document.ts";

/** Where programs are killed comes from this seed: the same points in each run of the tests. */
const seed = 60_003;
const downloaderRounds = 70;
const holderRounds = 30;

/**
 * In what share of the rounds bytes may come twice within a run: on a busy machine a holder can seem so slow that
 * another one is asked for the same piece, too.
 */
const maxHedgedShare = 0.1;

/** What an answer has beside the document, in bytes: a head of some 450. */
const maxHeadBytes = 600;

/** Where in a transfer a program is killed, in bytes that came from the holder: the very first ones often enough. */
const points = fc.sample(
  fc.oneof(
    { weight: 1, arbitrary: fc.nat(1_000) },
    { weight: 7, arbitrary: fc.noBias(fc.nat(size)) },
  ),
  { seed, numRuns: downloaderRounds + holderRounds },
);

/** The ranges that were asked for, ends included. */
function rangesOf(requests: string): { first: number; last: number }[] {
  return Array.from(
    requests.matchAll(/^Range: bytes=(\d+)-(\d+)\r$/gm),
    ([, first, last]) => ({ first: Number(first), last: Number(last) }),
  );
}

/** What of the answers to these requests is no document, in bytes, or a little more. */
function headBytes(requests: string): number {
  return rangesOf(requests).length * maxHeadBytes;
}

/** Nothing was asked for that was there already. */
function assertNotAskedAgain(requests: string, kept: readonly number[]): void {
  const asked = (requests.match(/^GET /gm) ?? []).length;
  const ranges = rangesOf(requests);
  assert.equal(ranges.length, asked, requests);
  for (const { first, last } of ranges) {
    const piece = Math.floor(first / pieceBytes);
    assert(first - piece * pieceBytes >= kept[piece]!, `${first}-${last} is there: ${kept}`);
    for (let next = piece + 1; next * pieceBytes <= last; next++) {
      assert.equal(kept[next], 0, `${first}-${last} is there: ${kept}`);
    }
  }
}

Deno.test({
  name:
    `kill -9 of a downloader, ${downloaderRounds} times with seed ${seed}: the next run goes on where it was`,
  ...withTools,
  async fn() {
    await using scene = await RelayedDocument.start();
    await using holder = await scene.startHolder();
    const { relay } = scene;
    relay.target = holder.endpoint;
    let kept = await scene.kept();
    let documents = 0;
    let hedged = 0;
    for (let kills = 0; kills < downloaderRounds;) {
      const countBefore = relay.count;
      const reached = relay.hold(points[kills]!);
      await using get = scene.startGet();
      const isWhole = await Promise.race([
        reached.then(() => false),
        get.finished().then(() => true),
      ]);
      get.signal("SIGKILL");
      relay.release();
      const { code, stderr } = await get.finished();
      const requests = relay.takeRequests();
      assertNotAskedAgain(requests, kept);
      scene.assertTidy(isWhole);
      if (isWhole) {
        assert.equal(code, 0, stderr);
        const came = relay.count - countBefore - headBytes(requests);
        if (came > size - sum(kept)) hedged += 1;
        scene.clear();
        documents += 1;
      } else {
        kills += 1;
      }
      const keptNow = await scene.kept();
      if (!isWhole) {
        assert(keptNow.every((count, piece) => count >= kept[piece]!), `${kept} -> ${keptNow}`);
      }
      kept = keptNow;
    }
    assert(documents >= downloaderRounds / 10, `only ${documents} documents`);
    assert(hedged <= downloaderRounds * maxHedgedShare, `bytes came twice in ${hedged} rounds`);
  },
});

Deno.test({
  name:
    `kill -9 of a holder, ${holderRounds} times with seed ${seed}: the download goes on with the next one`,
  ...withTools,
  async fn() {
    await using scene = await RelayedDocument.start();
    const { relay } = scene;
    await using stack = new AsyncDisposableStack();
    let holder = stack.use(await scene.startHolder());
    let documents = 0;
    let hedged = 0;
    let kept = await scene.kept();
    for (let round = 0; round < holderRounds; round++) {
      const countBefore = relay.count;
      relay.target = holder.endpoint;
      const reached = relay.hold(points[downloaderRounds + round]!);
      await using get = scene.startGet();
      const spare = stack.use(await scene.startHolder());
      await Promise.race([reached, get.finished()]);
      holder.signal("SIGKILL");
      await holder.finished();
      // In every other round nobody is left who has the document.
      relay.target = round % 2 === 0 ? spare.endpoint : undefined;
      relay.release();
      const { code, stderr } = await get.finished();
      const requests = relay.takeRequests();
      assertNotAskedAgain(requests, kept);
      const isWhole = code === 0;
      assert(isWhole || relay.target === undefined, stderr);
      scene.assertTidy(isWhole);
      const keptBefore = sum(kept);
      kept = await scene.kept();
      // All that came is there, and so it came once.
      const came = relay.count - countBefore - headBytes(requests);
      const isThere = isWhole ? size : sum(kept) + minKeptBytes;
      if (keptBefore + came > isThere) hedged += 1;
      if (isWhole) {
        scene.clear();
        documents += 1;
      }
      holder = spare;
    }
    assert(documents >= holderRounds / 2, `only ${documents} documents`);
    assert(hedged <= holderRounds * maxHedgedShare, `bytes came twice in ${hedged} rounds`);
  },
});
