import assert from "node:assert/strict";
import { byTurns, turnMs } from "../../lib/roles/by_turns.ts";
import { pure } from "../helpers/permissions.ts";

/** What happens, in order, while somebody works on four chunks, each of which takes as long; others wait from the first on. */
async function work(msOfEach: number): Promise<string[]> {
  const happened: string[] = [];
  let ms = 0;
  const others = setTimeout(() => happened.push("others"), 0);
  const chunks = [1, 2, 3, 4].map((number) => Uint8Array.of(number));
  for await (const [number] of byTurns(chunks, () => ms)) {
    happened.push(`chunk ${number}`);
    ms += msOfEach;
  }
  clearTimeout(others);
  return happened;
}

Deno.test(
  "byTurns gives others their turn as soon as the work has taken long enough",
  pure,
  async () => {
    assert.deepEqual(await work(turnMs / 2), [
      "chunk 1",
      "chunk 2",
      "others",
      "chunk 3",
      "chunk 4",
    ]);
    assert.deepEqual(await work(turnMs), ["chunk 1", "others", "chunk 2", "chunk 3", "chunk 4"]);
  },
);

Deno.test("byTurns goes on with short work", pure, async () => {
  assert.deepEqual(await work(turnMs / 4 - 1), ["chunk 1", "chunk 2", "chunk 3", "chunk 4"]);
});
