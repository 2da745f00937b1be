import assert from "node:assert/strict";
import { parseWanted, titleHas } from "../../lib/cli/wanted.ts";
import { pure } from "../helpers/permissions.ts";

const records = ["Host Software", "User Datagram Protocol", "Datagram Transport Layer Security 2"]
  .map((title, i) => ({ number: i + 1, title }));

for (
  const [words, numbers] of [
    [["datagram"], [2, 3]],
    [["DATAGRAM", "user"], [2]],
    [["user datagram"], [2]],
    [["gram", "lay"], [3]],
    [["datagram", "missing"], []],
    [[], [1, 2, 3]],
  ] as const
) {
  Deno.test(`titleHas finds ${numbers.length} titles with ${JSON.stringify(words)}`, pure, () => {
    assert.deepEqual(records.filter(titleHas(words)).map(({ number }) => number), numbers);
  });
}

for (
  const [texts, numbers] of [
    [[], [1, 2, 3]],
    [["2-3"], [2, 3]],
    [["1", "3,9"], [1, 3]],
    [["datagram"], [2, 3]],
    [["datagram", "2"], [3]],
    [["3-2"], []],
  ] as const
) {
  Deno.test(
    `parseWanted takes ${JSON.stringify(texts)} for ${numbers.length} documents`,
    pure,
    () => {
      assert.deepEqual(records.filter(parseWanted(texts)).map(({ number }) => number), numbers);
    },
  );
}
