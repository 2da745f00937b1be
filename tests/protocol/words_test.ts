import assert from "node:assert/strict";
import {
  fieldSynonyms,
  indexServerWords,
  registrationServerWords,
  rfcServerWords,
} from "../../lib/protocol/words.ts";
import { pure } from "../helpers/permissions.ts";

Deno.test("vocabularies hold words in capitals, as they are looked up", pure, () => {
  for (const vocabulary of [indexServerWords, rfcServerWords, registrationServerWords]) {
    for (const word of vocabulary.keys()) assert.equal(word, word.toUpperCase());
  }
});

Deno.test("no vocabulary knows SHUTDOWN", pure, () => {
  for (const vocabulary of [indexServerWords, rfcServerWords, registrationServerWords]) {
    assert.equal(vocabulary.get("SHUTDOWN"), undefined);
  }
});

Deno.test(
  "fieldSynonyms are looked up in small letters and mean fields of the protocols",
  pure,
  () => {
    const meanings = new Set<string>();
    for (const [name, meaning] of fieldSynonyms) {
      assert.equal(name, name.toLowerCase());
      meanings.add(meaning);
    }
    assert.deepEqual([...meanings].sort(), ["Cookie", "Host", "Port", "RFC"]);
  },
);
