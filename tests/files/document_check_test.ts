import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Catalogue } from "../../lib/files/catalogue.ts";
import { checkDocuments, type CheckedDocument } from "../../lib/files/document_check.ts";
import { withFiles } from "../helpers/permissions.ts";
import { TemporaryFolder } from "../helpers/temporary_folder.ts";

const longAgo = new Date(Date.UTC(2026, 0, 1));

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Writes a file that was last changed long ago. */
function writeOld(folder: TemporaryFolder, name: string, text: string): void {
  Deno.utimeSync(folder.write(name, text), longAgo, longAgo);
}

/** Reads the documents of a folder again, as a program does that has just been started. */
async function check(
  folder: TemporaryFolder,
  isMeant = (_number: number) => true,
): Promise<CheckedDocument[]> {
  const catalogue = new Catalogue(folder.path);
  const checked = await Array.fromAsync(checkDocuments(folder.path, catalogue, isMeant));
  await catalogue.save();
  return checked;
}

Deno.test(
  "checkDocuments says what documents are and what was kept of them",
  withFiles,
  async () => {
    using folder = new TemporaryFolder();
    for (const name of ["rfc10.txt", "rfc2.txt", "3.txt", "notes.txt"]) {
      writeOld(
        folder,
        name,
        name,
      );
    }
    const first = await check(folder);
    assert.deepEqual(first.map(({ number, kept }) => [number, kept]), [
      [2, undefined],
      [3, undefined],
      [10, undefined],
    ]);
    assert.equal(first[0]!.sha256, sha256Of("rfc2.txt"));

    // As long as before and with the same time: a disk that has lost a bit.
    writeOld(folder, "rfc2.txt", "rfc2.tyt");
    folder.write("3.txt", "written by somebody");
    for (let run = 1; run <= 2; run++) {
      const [damaged, changed, fine] = await check(folder);
      assert.deepEqual(
        [damaged!.sha256, damaged!.kept, damaged!.isUntouched],
        [sha256Of("rfc2.tyt"), sha256Of("rfc2.txt"), true],
      );
      assert.deepEqual(
        [changed!.sha256, changed!.kept, changed!.isUntouched],
        [sha256Of("written by somebody"), sha256Of("3.txt"), false],
      );
      assert.deepEqual(
        [fine!.sha256, fine!.kept, fine!.isUntouched],
        [sha256Of("rfc10.txt"), sha256Of("rfc10.txt"), true],
      );
    }
  },
);

Deno.test("checkDocuments reads what is meant only", withFiles, async () => {
  using folder = new TemporaryFolder();
  for (const name of ["rfc1.txt", "rfc2.txt"]) writeOld(folder, name, name);
  const checked = await check(folder, (number) => number === 2);
  assert.deepEqual(checked.map(({ number }) => number), [2]);
});
