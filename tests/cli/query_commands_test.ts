import assert from "node:assert/strict";
import { matching } from "../../lib/cli/query_commands.ts";

const records = ["Host Software", "User Datagram Protocol", "Datagram Transport Layer Security"]
  .map((title, i) => ({ number: i + 1, title, host: "h", port: 1 }));

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
  Deno.test({
    name: `matching finds ${numbers.length} titles with ${JSON.stringify(words)}`,
    permissions: "none",
    fn: () => assert.deepEqual(matching(records, words).map(({ number }) => number), numbers),
  });
}
